"""Signing in and out through the schema."""

from __future__ import annotations

from typing import Any

from server.accounts.bearer import viewer_of
from server.accounts.create import create_user
from server.accounts.viewer import Viewer
from server.models import ApiToken, User
from server.models.enums import Role
from tests.factories import a_user, an_account
from tests.resolvers.asking import answer, problem, viewer_for
from tests.resolvers.documents import operation

SIGN_IN, REFRESH = operation("sign_in"), operation("refresh_session")
PASSWORD = "amber-heron-fern-42"
SESSIONS = "{ sessions { edges { node { id deviceName isCurrent } } } }"


async def ines(**fields: Any) -> User:
    """A user who can sign in."""
    account = await an_account()
    return await create_user(account.id, email="ines@linden.example", name="Ines Marek", password=PASSWORD, **fields)


async def signed_in(device: str = "Phone") -> tuple[Viewer, str]:
    """Ines signs in; who she then is, and her refresh token."""
    given = {"email": "INES@linden.example ", "password": PASSWORD, "deviceName": device}
    session = (await answer(SIGN_IN, input=given))["signIn"]["session"]
    return await viewer_of(session["accessToken"]), session["refreshToken"]


async def test_signing_in_shows_who_it_is(db: str) -> None:
    user = await ines()
    payload = (await answer(SIGN_IN, input={"email": "ines@linden.example", "password": PASSWORD}))["signIn"]
    assert payload["session"]["viewer"] == {
        "user": {"id": f"usr_{user.id}", "name": "Ines Marek", "email": "ines@linden.example"},
        "account": {"id": f"acc_{user.account_id}", "name": "Linden & Co"},
        "role": "MEMBER",
        "seat": True,
        "timeZone": "Europe/Warsaw",
        "locale": "en",
    }
    assert payload["userErrors"] == []


async def test_a_wrong_password_and_an_unknown_address_answer_alike(db: str) -> None:
    await ines()
    told = [
        (await answer(SIGN_IN, input={"email": email, "password": "wrong-password"}))["signIn"]
        for email in ("ines@linden.example", "nobody@linden.example")
    ]
    assert told[0] == told[1]
    assert (told[0]["session"], [one["code"] for one in told[0]["userErrors"]]) == (None, ["CREDENTIALS_INVALID"])


async def test_a_refresh_token_gives_the_next_pair_and_a_made_up_one_nothing(db: str) -> None:
    await ines()
    _, token = await signed_in()
    payload = (await answer(REFRESH, input={"refreshToken": token}))["refreshSession"]
    assert payload["userErrors"] == []
    assert payload["session"]["refreshToken"] != token
    wrong = (await answer(REFRESH, input={"refreshToken": "made up"}))["refreshSession"]
    assert [(one["code"], one["path"]) for one in wrong["userErrors"]] == [("TOKEN_EXPIRED", ["refreshToken"])]


async def test_devices_are_listed_ended_and_signed_out(db: str) -> None:
    await ines()
    phone, _ = await signed_in("Phone")
    laptop, _ = await signed_in("Laptop")
    listed = [edge["node"] for edge in (await answer(SESSIONS, phone))["sessions"]["edges"]]
    end = "mutation ($id: ID!) { endSession(input: {session: $id}) { endedId userErrors { code } } }"
    ended = await answer(end, phone, id=f"ses_{laptop.session_id}")
    unknown = await answer(end, phone, id="ses_999999")
    out = await answer("mutation { signOut(input: {}) { signedOut userErrors { code } } }", phone)
    assert {(one["deviceName"], one["isCurrent"]) for one in listed} == {("Phone", True), ("Laptop", False)}
    assert ended == {"endSession": {"endedId": f"ses_{laptop.session_id}", "userErrors": []}}
    assert unknown == {"endSession": {"endedId": None, "userErrors": [{"code": "NOT_FOUND"}]}}
    assert out == {"signOut": {"signedOut": True, "userErrors": []}}
    assert (await answer(SESSIONS, phone))["sessions"]["edges"] == []


async def test_signing_out_everywhere_ends_every_device(db: str) -> None:
    await ines()
    phone, _ = await signed_in("Phone")
    await signed_in("Laptop")
    await answer("mutation { signOut(input: {everywhere: true}) { signedOut } }", phone)
    assert (await answer(SESSIONS, phone))["sessions"]["edges"] == []


async def test_a_new_password_holds_and_the_old_one_does_not(db: str) -> None:
    await ines()
    phone, _ = await signed_in()
    change = """mutation ($old: String!, $new: String!) {
      changePassword(input: {currentPassword: $old, newPassword: $new}) { changed userErrors { code path } } }"""
    wrong = await answer(change, phone, old="wrong-password", new="birch-otter-flint-9")
    right = await answer(change, phone, old=PASSWORD, new="birch-otter-flint-9")
    again = await answer(SIGN_IN, input={"email": "ines@linden.example", "password": "birch-otter-flint-9"})
    refused = {"code": "CREDENTIALS_INVALID", "path": ["currentPassword"]}
    assert wrong == {"changePassword": {"changed": False, "userErrors": [refused]}}
    assert right == {"changePassword": {"changed": True, "userErrors": []}}
    assert again["signIn"]["userErrors"] == []


async def test_an_admin_makes_and_ends_tokens_for_programs(db: str) -> None:
    admin = await ines(role=Role.ADMIN)
    make = """mutation ($i: CreateApiTokenInput!) { createApiToken(input: $i) {
      apiToken { id name scopes user { name } } secret userErrors { code path } } }"""
    given = {"name": "Notifier", "scopes": ["bookings:read"]}
    made = (await answer(make, viewer_for(admin), i=given))["createApiToken"]
    wrong = (await answer(make, viewer_for(admin), i=given | {"scopes": ["everything"]}))["createApiToken"]
    token = await ApiToken.get()
    shown = {"id": f"tok_{token.id}", "name": "Notifier", "scopes": ["bookings:read"], "user": None}
    assert (made["apiToken"], made["userErrors"]) == (shown, [])
    assert (await viewer_of(made["secret"])).scopes == {"bookings:read"}
    assert wrong["userErrors"] == [{"code": "FORBIDDEN", "path": ["scopes"]}]
    revoke = "mutation ($id: ID!) { revokeApiToken(input: {apiToken: $id}) { revokedId userErrors { code } } }"
    gone = await answer(revoke, viewer_for(admin), id=shown["id"])
    assert gone == {"revokeApiToken": {"revokedId": shown["id"], "userErrors": []}}


async def test_a_member_may_not_make_tokens(db: str) -> None:
    member = await a_user(await an_account())
    told = await problem("{ apiTokens { edges { cursor } } }", viewer_for(member))
    assert told == ("FORBIDDEN", "This token lacks the scope account:admin; use one that carries it.")
