"""Somebody new belongs to the account: an administrator invites them, and they choose a password themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server import database
from server.accounts import policy
from server.accounts.create import create_user
from server.accounts.password_tokens import send_password_link, set_password_with
from server.accounts.sessions import SignedIn, open_session
from server.accounts.viewer import Viewer
from server.checks import required_text
from server.errors import ErrorCode, refusal
from server.models import User
from server.models.enums import Role
from server.repeats import kept_or


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited, and what they may do. Without a name they are called by the first part of their address until
    they say."""

    email: str
    name: str = ""
    role: Role = Role.MEMBER
    has_seat: bool = True
    time_zone: str | None = None
    locale: str | None = None
    idempotency_key: str | None = None


async def invite_user(viewer: Viewer, invitation: Invitation) -> int:
    """The user is there, with hours and a calendar, and will get a mail with a link that is good for seven days. Their
    number.

    `FORBIDDEN`, `EMAIL_INVALID`, `NAME_REQUIRED`, `TIME_ZONE_INVALID`; `CONFLICT` for an address that somebody on this
    server signs in with."""
    require_admin(viewer)
    sent = asdict(invitation)
    result = await kept_or(
        "inviteUser",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=sent.pop("idempotency_key"),
        input=sent,
        run=partial(_invite, viewer, invitation),
    )
    return int(result["user_id"])


async def _invite(viewer: Viewer, invitation: Invitation) -> dict[str, Any]:
    user = await create_user(
        viewer.account_id,
        email=invitation.email,
        name=invitation.name.strip() or invitation.email.strip().partition("@")[0],
        role=invitation.role,
        has_seat=invitation.has_seat,
        time_zone=invitation.time_zone,
        locale=invitation.locale,
    )
    await send_password_link(user, is_invitation=True, inviter=await _name_of(viewer))
    return {"user_id": user.id}


async def resend_invitation(viewer: Viewer, user_id: int, *, idempotency_key: str | None = None) -> None:
    """The invited user will get another mail; the link of the one before opens nothing any more.

    `FORBIDDEN`, `NOT_FOUND`, `CONFLICT` for somebody who has a password already."""
    require_admin(viewer)

    async def run() -> dict[str, Any]:
        user = await User.get_or_none(id=user_id, account_id=viewer.account_id, is_active=True)
        if user is None:
            raise refusal(ErrorCode.NOT_FOUND, "There is no such colleague. Please choose one from the list.", "user")
        if user.password_hash is not None:
            message = f"{user.name} has accepted already, and can ask for another password when signing in."
            raise refusal(ErrorCode.CONFLICT, message, "user")
        await send_password_link(user, is_invitation=True, inviter=await _name_of(viewer))
        return {}

    await kept_or(
        "resendInvitation",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"user": user_id},
        run=run,
    )


async def accept_invitation(token: str, *, name: str, password: str, device_name: str = "") -> SignedIn:
    """The invited user is called so, has this password, and is signed in on this device.

    `NAME_REQUIRED`, `CREDENTIALS_INVALID`, `TOKEN_EXPIRED`."""
    wanted = required_text(name, 200, "name")
    user = await set_password_with(token, password, is_invitation=True, name=wanted)
    async with database.transaction():
        return await open_session(user, device_name=device_name)


def require_admin(viewer: Viewer) -> None:
    """`FORBIDDEN` for whoever may not change who is in the account."""
    if not policy.may_edit_account(viewer, viewer.account_id):
        message = "Only an administrator may change who is in the account. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message)


async def _name_of(viewer: Viewer) -> str:
    """Empty for a program."""
    user = await User.get_or_none(id=viewer.user_id or 0)
    return user.name if user is not None else ""
