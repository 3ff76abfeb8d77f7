"""Somebody leaves the account, and nothing of theirs is lost."""

from __future__ import annotations

from functools import partial

from server import clock, ids
from server.accounts.edit_user import locked_user, require_other_admin
from server.accounts.invite import require_admin
from server.accounts.sessions import end_sessions_of
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode, refusal
from server.models import ApiToken, Meeting, PasswordToken, User
from server.team.hand_over import MOST_AT_ONCE, Done, done_once, pass_on, successor
from server.team.leave_links import leave_links, lock_links


async def deactivate_user(
    viewer: Viewer, user_id: int, *, hand_over_to: int | None = None, idempotency_key: str | None = None
) -> Done:
    """The user cannot sign in any more, and every session and token of theirs has ended. Their meetings to come and
    their links are the other colleague's; what is past stays theirs, and so does their name on it.

    `FORBIDDEN`, `NOT_FOUND`; `CONFLICT` for the last administrator, for oneself, and where there are meetings to come
    and nobody to take them over, or more than `MOST_AT_ONCE`; else as in `hand_over_meetings`."""
    require_admin(viewer)
    asked = {"user": user_id, "hand_over_to": hand_over_to}
    run = partial(_deactivate, viewer, user_id, hand_over_to)
    return await done_once("deactivateUser", viewer, key=idempotency_key, input=asked, run=run)


async def _deactivate(viewer: Viewer, user_id: int, hand_over_to: int | None) -> Done:
    user = await locked_user(viewer, user_id, beside=[] if hand_over_to is None else [hand_over_to])
    if user.id == viewer.user_id:
        raise refusal(ErrorCode.CONFLICT, "Nobody puts themselves out. Please ask another administrator.", "user")
    await require_other_admin(user)
    to = await successor(user, hand_over_to, "handOverTo") if hand_over_to is not None else None
    if to is None:
        await _require_nothing_to_come(user)
    await lock_links(user)
    done = await pass_on(user, to, actor=viewer.actor)
    if done.left:
        message = (
            f"{user.name} has more than {MOST_AT_ONCE} meetings to come. Hand them over first, {MOST_AT_ONCE} at a "
            "time, with handOverMeetings."
        )
        raise refusal(ErrorCode.CONFLICT, message, "user")
    await leave_links(user, to, actor=viewer.actor)
    await _shut_out(user)
    await raise_data_version(user.account_id)
    return done


async def _require_nothing_to_come(user: User) -> None:
    hosted = Meeting.filter(host_id=user.id, canceled_at=None, deleted_at=None, ends_at__gt=clock.now())
    count = await hosted.count()
    if count:
        message = f"{user.name} has meetings to come: {count}. Please say who takes them over."
        raise refusal(ErrorCode.CONFLICT, message, "handOverTo")


async def _shut_out(user: User) -> None:
    now = clock.now()
    await User.filter(id=user.id).update(is_active=False, deactivated_at=now, feed_seed=ids.new_secret())
    await end_sessions_of(user.id, reason="DEACTIVATED")
    await ApiToken.filter(user_id=user.id, revoked_at=None).update(revoked_at=now)
    await PasswordToken.filter(user_id=user.id, used_at=None).delete()
