"""An administrator changes what somebody may do, or lets them in again."""

from __future__ import annotations

from collections.abc import Iterable

from tortoise.expressions import Q

from server import database
from server.accounts.invite import require_admin
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode, refusal
from server.models import User
from server.models.enums import Role


async def edit_user(viewer: Viewer, user_id: int, *, role: Role | None = None, has_seat: bool | None = None) -> None:
    """The user has this role and seat; None leaves it. What they are allowed changes with their next request.

    `FORBIDDEN`, `NOT_FOUND`, `CONFLICT` if nobody would be left who administers the account."""
    require_admin(viewer)
    async with database.transaction():
        user = await locked_user(viewer, user_id)
        if role is not None and role is not user.role:
            await require_other_admin(user)
            user.role = role
        if has_seat is not None:
            user.has_seat = has_seat
        await user.save(update_fields=["role", "has_seat"])
        await raise_data_version(user.account_id)


async def reactivate_user(viewer: Viewer, user_id: int) -> None:
    """Somebody who was put out may sign in again, with the password they had. What was handed over stays there.
    `FORBIDDEN`, `NOT_FOUND`."""
    require_admin(viewer)
    async with database.transaction():
        user = await locked_user(viewer, user_id)
        user.is_active, user.deactivated_at = True, None
        await user.save(update_fields=["is_active", "deactivated_at"])
        await raise_data_version(user.account_id)


async def locked_user(viewer: Viewer, user_id: int, *, beside: Iterable[int] = ()) -> User:
    """The user of the account, whom nobody else changes before the transaction ends; `NOT_FOUND`. The account's
    administrators are locked with them, so that two who put each other out do not both leave, and so are the users
    `beside` them: all in the order of `database.lock_hosts`."""
    wanted = Q(role=Role.ADMIN) | Q(id__in=[user_id, *beside])
    locked = await User.filter(wanted, account_id=viewer.account_id).order_by("id").select_for_update(no_key=True)
    user = next((one for one in locked if one.id == user_id), None)
    if user is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such colleague. Please choose one from the list.", "user")
    return user


async def require_other_admin(user: User) -> None:
    """`CONFLICT` if this is the only administrator who can sign in."""
    others = User.filter(account_id=user.account_id, role=Role.ADMIN, is_active=True, password_hash__not_isnull=True)
    if user.role is Role.ADMIN and user.is_active and not await others.exclude(id=user.id).exists():
        message = f"{user.name} is the only administrator. Make somebody else one first."
        raise refusal(ErrorCode.CONFLICT, message, "user")
