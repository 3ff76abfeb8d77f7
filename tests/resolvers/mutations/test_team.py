"""Who is in the account, from the door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server import clock
from server.accounts.password_tokens import secret_from
from server.models import Job, User
from server.models.enums import JobKind, Role
from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import answer, viewer_for

INVITE = """mutation ($input: InviteUserInput!) { inviteUser(input: $input) {
  user { id name email role hasSeat isInvited } userErrors { code path } } }"""
ACCEPT = """mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  session { accessToken viewer { user { name isInvited } } } userErrors { code path } } }"""
REQUEST = """mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) {
  requested userErrors { code path } } }"""
RESET = """mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) {
  session { viewer { user { name } } } userErrors { code path } } }"""
EDIT = """mutation ($input: EditUserInput!) { editUser(input: $input) {
  user { role hasSeat } userErrors { code path } } }"""
DEACTIVATE = """mutation ($input: DeactivateUserInput!) { deactivateUser(input: $input) {
  user { isActive } handedOverCount overlapping { title host { name } } userErrors { code path } } }"""
HAND_OVER = """mutation ($input: HandOverMeetingsInput!) { handOverMeetings(input: $input) {
  handedOverCount remainingCount overlapping { title } userErrors { code path } } }"""
PROFILE = """mutation ($input: EditProfileInput!) { editProfile(input: $input) {
  user { avatarUrl notifications { meetingMails replyMails nudges } } userErrors { code path } } }"""


async def secret() -> str:
    job = await Job.filter(kind=JobKind.PASSWORD_MAIL).order_by("-id").first()
    assert job is not None
    return secret_from(job.payload["seed"])


async def an_admin() -> Any:
    return await a_user(await an_account(), "Ada Admin", role=Role.ADMIN, password_hash="x")


async def test_from_the_invitation_to_another_password(db: str) -> None:
    admin = await an_admin()
    told = (await answer(INVITE, viewer_for(admin), input={"email": "nora@linden.example"}))["inviteUser"]
    number = told["user"].pop("id")
    invited = {"name": "nora", "email": "nora@linden.example", "role": "MEMBER", "hasSeat": True, "isInvited": True}
    assert told == {"user": invited, "userErrors": []}
    given = {"token": await secret(), "name": "Nora Lis", "password": "correct horse battery"}
    session = (await answer(ACCEPT, input=given))["acceptInvitation"]["session"]
    assert session["viewer"] == {"user": {"name": "Nora Lis", "isInvited": False}}
    for email in ("nora@linden.example", "nobody@linden.example"):
        assert await answer(REQUEST, input={"email": email}) == {
            "requestPasswordReset": {"requested": True, "userErrors": []}
        }
    another = {"token": await secret(), "password": "staple in the morning"}
    assert (await answer(RESET, input=another))["resetPassword"]["session"]["viewer"]["user"] == {"name": "Nora Lis"}
    used = (await answer(RESET, input=another))["resetPassword"]
    assert used == {"session": None, "userErrors": [{"code": "TOKEN_EXPIRED", "path": ["token"]}]}
    changed = await answer(EDIT, viewer_for(admin), input={"user": number, "role": "ADMIN", "hasSeat": False})
    assert changed["editUser"] == {"user": {"role": "ADMIN", "hasSeat": False}, "userErrors": []}


async def test_leaving_tells_what_overlaps(db: str) -> None:
    admin = await an_admin()
    account = await admin.account
    leo, nora = await a_user(account, "Leo"), await a_user(account, "Nora")
    soon = clock.now() + timedelta(days=1)
    for hour in range(3):
        await a_meeting(leo, soon + timedelta(hours=hour), title=f"Meeting {hour}")
    await a_meeting(nora, soon + timedelta(hours=1), title="Nora's own")
    ids = {"from": f"usr_{leo.id}", "to": f"usr_{nora.id}"}
    handed = (await answer(HAND_OVER, viewer_for(admin), input=ids))["handOverMeetings"]
    assert handed == {
        "handedOverCount": 3,
        "remainingCount": 0,
        "overlapping": [{"title": "Meeting 1"}],
        "userErrors": [],
    }
    await a_meeting(leo, soon + timedelta(hours=9), title="One more")
    gone = {"user": f"usr_{leo.id}", "handOverTo": f"usr_{nora.id}"}
    left = (await answer(DEACTIVATE, viewer_for(admin), input=gone))["deactivateUser"]
    assert left == {"user": {"isActive": False}, "handedOverCount": 1, "overlapping": [], "userErrors": []}
    back = "mutation ($input: ReactivateUserInput!) { reactivateUser(input: $input) { user { isActive } } }"
    told = await answer(back, viewer_for(admin), input={"user": f"usr_{leo.id}"})
    assert told == {"reactivateUser": {"user": {"isActive": True}}}


async def test_profile_has_a_picture_and_switches(db: str) -> None:
    user = await a_user(await an_account())
    changes = {"avatarUrl": "https://linden.example/i.png", "notifications": {"replyMails": False}}
    told = (await answer(PROFILE, viewer_for(user, session_id=1), input={"changes": changes}))["editProfile"]
    switches = {"meetingMails": True, "replyMails": False, "nudges": True}
    assert told == {"user": {"avatarUrl": changes["avatarUrl"], "notifications": switches}, "userErrors": []}
    wrong = {"changes": {"avatarUrl": "javascript:alert(1)"}}
    refused = (await answer(PROFILE, viewer_for(user, session_id=1), input=wrong))["editProfile"]
    assert refused["userErrors"] == [{"code": "SETTING_INVALID", "path": ["avatarUrl"]}]
    assert (await User.get(id=user.id)).avatar_url == changes["avatarUrl"]
