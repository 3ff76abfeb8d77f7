"""Profiles and the account through the schema."""

from __future__ import annotations

from typing import Any

import pytest

from server.account_settings.logo import logo_url
from server.accounts.calendar_feed import feed_url
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.models import User
from server.models.enums import Role
from tests.factories import a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, viewer_for
from tests.resolvers.documents import operation

USER = """query ($id: ID!) { user(id: $id) { name timeZone
  weeklyHours { weekday blocks { startsAtMinute endsAtMinute } } dateOverrides { date blocks { startsAtMinute } }
  dailyLimit quietHours { fromMinute untilMinute } } }"""
SETTINGS = """id name timeZone locale remindersAreOnByDefault defaultReminders { amount unit includesDescription }
  meetingTypesAreEnabled senderName accentColor websiteUrl postalAddress privacyUrl contactEmail
  logoUrl consentText"""
EDIT_ACCOUNT = f"""mutation ($input: EditAccountInput!) {{ editAccount(input: $input) {{
  account {{ {SETTINGS} }} userErrors {{ code path }} }} }}"""
UPLOAD_LOGO = """mutation ($bytes: Int!) { uploadLogo(input: {sizeBytes: $bytes}) {
  uploadUrl uploadEndsAt userErrors { code path } } }"""
LOGO = f"{'0a' * 16}-200x50.png"
MORNING = [{"startsAtMinute": 540, "endsAtMinute": 720}]
CHANGES = {
    "jobTitle": "Roofs",
    "weeklyHours": [
        {"weekday": "MONDAY", "blocks": MORNING},
        {"weekday": "FRIDAY", "blocks": [{"startsAtMinute": 1320, "endsAtMinute": 120}]},
        {"weekday": "MONDAY", "blocks": [{"startsAtMinute": 780, "endsAtMinute": 1020}]},
    ],
    "dateOverrides": [{"date": "2026-12-24", "blocks": []}],
    "dailyLimit": 4,
    "quietHours": {"fromMinute": 1320, "untilMinute": 420},
}
SHOWN = {
    "weeklyHours": [
        {"weekday": "MONDAY", "blocks": [*MORNING, {"startsAtMinute": 780, "endsAtMinute": 1020}]},
        {"weekday": "FRIDAY", "blocks": [{"startsAtMinute": 1320, "endsAtMinute": 120}]},
    ],
    "dateOverrides": [{"date": "2026-12-24", "blocks": []}],
    "dailyLimit": 4,
    "quietHours": {"fromMinute": 1320, "untilMinute": 420},
}
HIDDEN = dict.fromkeys(SHOWN)


async def edited(user: User, **input: Any) -> Any:
    """The payload of `editProfile`, asked by whoever signed in as the user."""
    return (await answer(operation("edit_profile"), viewer_for(user, session_id=1), input=input))["editProfile"]


async def test_a_profile_is_edited_and_read_again(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    payload = await edited(ines, changes=CHANGES)
    read = await answer(operation("profile"), viewer_for(ines))
    about = {"id": f"usr_{ines.id}", "name": "Ines Marek", "jobTitle": "Roofs", "timeZone": "Europe/Warsaw"}
    assert payload == {"user": {**about, "locale": "en", **SHOWN}, "userErrors": []}
    assert read["viewer"]["user"] == {**about, "locale": "en", "email": ines.email, **SHOWN}
    taken_back = await edited(ines, clear=["DAILY_LIMIT", "QUIET_HOURS"], changes={"dateOverrides": []})
    assert taken_back["user"] == {
        **about,
        "locale": "en",
        **SHOWN,
        "dateOverrides": [],
        "dailyLimit": None,
        "quietHours": None,
    }


async def test_what_is_wrong_is_told_with_its_place(db: str) -> None:
    ines = await a_user(await an_account())
    wrong = {
        "name": "",
        "weeklyHours": [{"weekday": "TUESDAY", "blocks": [{"startsAtMinute": 0, "endsAtMinute": 1441}]}],
    }
    payload = await edited(ines, changes=wrong)
    told = [(one["code"], one["path"]) for one in payload["userErrors"]]
    assert payload["user"] is None
    assert told == [("NAME_REQUIRED", ["name"]), ("TIME_RANGE_INVALID", ["weeklyHours", "1", "0"])]


async def test_hours_and_limits_are_shown_to_oneself_and_to_administrators(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account, "Ines Marek"), await a_user(account, "Piotr Zima")
    ada = await a_user(account, "Ada", role=Role.ADMIN)
    await edited(ines, changes=CHANGES)
    viewers = {
        "herself": viewer_for(ines),
        "admin": viewer_for(ada),
        "program that administers": program_of(account.id, Scope.ACCOUNT_READ, Scope.ACCOUNT_ADMIN),
        "colleague": viewer_for(piotr),
        "program that reads": program_of(account.id, Scope.ACCOUNT_READ),
    }
    seen = {who: (await answer(USER, viewer, id=f"usr_{ines.id}"))["user"] for who, viewer in viewers.items()}
    known = {"name": "Ines Marek", "timeZone": "Europe/Warsaw"}
    shown = {**known, **SHOWN, "dateOverrides": [{"date": "2026-12-24", "blocks": []}]}
    assert seen == {
        "herself": shown,
        "admin": shown,
        "program that administers": shown,
        "colleague": {**known, **HIDDEN},
        "program that reads": {**known, **HIDDEN},
    }


async def test_a_token_without_the_scope_for_people_learns_no_hours_by_another_way(db: str) -> None:
    ines = await a_user(await an_account())
    narrow = viewer_for(ines, scopes=frozenset({Scope.LINKS_READ}), token_id=1)
    await answer(
        "mutation ($input: CreateMeetingLinkInput!) { createMeetingLink(input: $input) { userErrors { code } } }",
        viewer_for(ines),
        input={"kind": "PERSONAL", "settings": {"name": "Intro"}},
    )
    data = await answer("{ meetingLinks { edges { node { owner { name weeklyHours { weekday } } } } } }", narrow)
    (edge,) = data["meetingLinks"]["edges"]
    assert edge["node"]["owner"] == {"name": "Ines Marek", "weeklyHours": None}


@pytest.mark.capability("S2-18", "S2-20")
async def test_the_account_is_edited_by_administrators_and_read_by_everybody(db: str) -> None:
    account = await an_account("Linden & Co", logo=LOGO)
    ada, ines = await a_user(account, "Ada", role=Role.ADMIN), await a_user(account)
    reminders = [{"amount": 1, "unit": "DAYS", "includesDescription": True}, {"amount": 2, "unit": "HOURS"}]
    changes = {
        "remindersAreOnByDefault": True,
        "defaultReminders": reminders,
        "meetingTypesAreEnabled": True,
        "accentColor": "#0A6A58",
        "privacyUrl": "https://linden.example/privacy",
        "consentText": "By booking you agree.",
    }
    payload = (await answer(EDIT_ACCOUNT, viewer_for(ada), input={"changes": changes}))["editAccount"]
    read = (await answer(f"{{ account {{ {SETTINGS} }} }}", viewer_for(ines)))["account"]
    assert payload == {"account": read, "userErrors": []}
    assert read == {
        "id": f"acc_{account.id}",
        "name": "Linden & Co",
        "timeZone": "Europe/Warsaw",
        "locale": "en",
        "remindersAreOnByDefault": True,
        "defaultReminders": [reminders[0], reminders[1] | {"includesDescription": False}],
        "meetingTypesAreEnabled": True,
        "senderName": "",
        "accentColor": "#0a6a58",
        "websiteUrl": "",
        "postalAddress": "",
        "privacyUrl": "https://linden.example/privacy",
        "contactEmail": "",
        "logoUrl": logo_url(LOGO),
        "consentText": "By booking you agree.",
    }
    told = await problem(EDIT_ACCOUNT, viewer_for(ines), input={"changes": {"name": "Mine"}})
    assert told == ("FORBIDDEN", "This token lacks the scope account:admin; use one that carries it.")


async def test_a_logo_is_announced_by_administrators_and_taken_away(db: str) -> None:
    account = await an_account("Linden & Co", logo=LOGO)
    ada, ines = await a_user(account, "Ada", role=Role.ADMIN), await a_user(account)
    announced = (await answer(UPLOAD_LOGO, viewer_for(ada), bytes=2000))["uploadLogo"]
    assert "/files/l" in announced["uploadUrl"]
    assert announced["uploadEndsAt"].endswith("Z")
    assert announced["userErrors"] == []
    too_heavy = (await answer(UPLOAD_LOGO, viewer_for(ada), bytes=32769))["uploadLogo"]
    complaint = {"code": "FILE_REFUSED", "path": ["sizeBytes"]}
    assert too_heavy == {"uploadUrl": None, "uploadEndsAt": None, "userErrors": [complaint]}
    told = await problem(UPLOAD_LOGO, viewer_for(ines), bytes=2000)
    assert told == ("FORBIDDEN", "This token lacks the scope account:admin; use one that carries it.")
    gone = (await answer(EDIT_ACCOUNT, viewer_for(ada), input={"changes": {"removesLogo": True}}))["editAccount"]
    assert (gone["account"]["logoUrl"], gone["userErrors"]) == ("", [])


async def feed_shown(user: User, viewer: Viewer) -> Any:
    """What the viewer sees of where the user's feed is."""
    document = "query ($id: ID!) { user(id: $id) { calendarFeedUrl } }"
    return (await answer(document, viewer, id=f"usr_{user.id}"))["user"]["calendarFeedUrl"]


async def renewed(viewer: Viewer, **input: str) -> Any:
    """The payload of `renewCalendarFeed`."""
    return (await answer(operation("renew_calendar_feed"), viewer, input=input))["renewCalendarFeed"]


async def test_the_address_of_a_feed_is_shown_to_its_user_alone(db: str) -> None:
    account = await an_account()
    ines, admin = await a_user(account, "Ines Marek"), await a_user(account, "Ada Chief", role=Role.ADMIN)
    own = viewer_for(ines, session_id=1)
    told = (await answer(operation("calendar_feed"), own))["viewer"]["user"]
    assert told == {"id": f"usr_{ines.id}", "calendarFeedUrl": feed_url(ines.id, ines.feed_seed)}
    assert told["calendarFeedUrl"].startswith("https://meet.example.com/calendar/")
    without = viewer_for(ines, session_id=1, scopes=frozenset({Scope.ACCOUNT_READ, Scope.MEETINGS_WRITE}))
    program = program_of(account.id, *Scope)
    assert [
        await feed_shown(ines, one)
        for one in (own, viewer_for(ines), viewer_for(admin, session_id=2), program, without)
    ] == [
        told["calendarFeedUrl"],
        *[None] * 4,
    ]


async def test_a_feed_is_renewed_by_whoever_signed_in(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account, "Ines Marek"), await a_user(account, "Piotr Zima")
    payload = await renewed(viewer_for(ines, session_id=1), idempotencyKey="k-1")
    kept, other = await User.get(id=ines.id), await User.get(id=piotr.id)
    assert payload == {
        "user": {"id": f"usr_{ines.id}", "calendarFeedUrl": feed_url(ines.id, kept.feed_seed)},
        "userErrors": [],
    }
    assert (kept.feed_seed != ines.feed_seed, other.feed_seed) == (True, piotr.feed_seed)
    assert await renewed(viewer_for(ines, session_id=1), idempotencyKey="k-1") == payload
    refused = [await renewed(one) for one in (viewer_for(ines), program_of(account.id, *Scope))]
    assert [(one["user"], one["userErrors"][0]["code"]) for one in refused] == [
        (None, "FORBIDDEN"),
        (None, "NOT_FOUND"),
    ]
    assert (await User.get(id=ines.id)).feed_seed == kept.feed_seed
