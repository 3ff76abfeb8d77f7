"""A user chooses another password."""

from __future__ import annotations

from server import database
from server.accounts.passwords import hash_password, is_password, valid_password
from server.accounts.sessions import end_sessions_of
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, refusal
from server.models import User


async def change_password(viewer: Viewer, *, current: str, new: str) -> None:
    """The new password holds, and every other device of the user is signed out. `CREDENTIALS_INVALID` when the
    current one is wrong or the new one too short, `FORBIDDEN` for a program, which has none."""
    if viewer.session_id is None:
        raise refusal(ErrorCode.FORBIDDEN, "Only somebody who signed in with a password can change it.")
    valid_password(new, "newPassword")
    user = await User.get(id=viewer.user_id, account_id=viewer.account_id)
    if not await is_password(current, user.password_hash):
        raise refusal(ErrorCode.CREDENTIALS_INVALID, "That is not the current password. Try again.", "currentPassword")
    await set_password(user.id, new, but=viewer.session_id)


async def set_password(user_id: int, password: str, *, but: int | None = None) -> None:
    """The user has this password from here on, and no session save `but`."""
    hashed = await hash_password(valid_password(password, "password"))
    async with database.transaction():
        await User.filter(id=user_id).update(password_hash=hashed)
        await end_sessions_of(user_id, but=but, reason="PASSWORD_CHANGED")
