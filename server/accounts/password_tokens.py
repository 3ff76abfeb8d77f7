"""The right to set a password, once: sent by mail to the user's own address, as an invitation or after they forgot."""

from __future__ import annotations

from datetime import timedelta

from server import clock, database, ids, settings
from server.accounts.passwords import hash_password, valid_password
from server.accounts.sessions import end_sessions_of
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode, Refused, refusal
from server.models import PasswordToken, User
from server.models.enums import JobKind
from server.outbox import enqueue

INVITATION_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(hours=2)
_LONGEST_SECRET = 100


async def send_password_link(user: User, *, is_invitation: bool, inviter: str = "") -> None:
    """Inside a transaction: the user will get a mail with a link to set their password; those sent before open nothing
    any more."""
    await PasswordToken.filter(user_id=user.id, used_at=None).delete()
    seed = ids.new_secret()
    token = await PasswordToken.create(
        account_id=user.account_id,
        user_id=user.id,
        is_invitation=is_invitation,
        digest=ids.digest(secret_from(seed)),
        expires_at=clock.now() + (INVITATION_LIFETIME if is_invitation else RESET_LIFETIME),
    )
    payload = {"token_id": token.id, "seed": seed, "inviter": inviter}
    await enqueue(JobKind.PASSWORD_MAIL, account_id=user.account_id, lane=f"user:{user.id}", payload=payload)


def secret_from(seed: str) -> str:
    """What stands in the link. The seed is kept with the promise of the mail; with the server's key it is the secret,
    of which only a digest is kept."""
    return ids.secret_from(seed, key=settings.current().secret_key, purpose="password")


async def user_behind(secret: str, *, is_invitation: bool) -> User | None:
    """Whose password the secret may still set; None if it is unknown, used, of the other kind, or too old."""
    token = await _alive(secret, is_invitation=is_invitation)
    return token.user if token is not None else None


async def set_password_with(secret: str, password: str, *, is_invitation: bool, name: str | None = None) -> User:
    """The user has this password and, where one is given, this name; the link opens nothing any more, and whoever was
    signed in as them is signed out.

    `CREDENTIALS_INVALID` for a password that may not be one, `TOKEN_EXPIRED` for a link that was used or is too old."""
    hashed = await hash_password(valid_password(password, "password"))
    async with database.transaction():
        token = await _alive(secret, is_invitation=is_invitation)
        if token is None or token.user_id not in await database.lock_hosts([token.user_id]):
            raise too_old()
        if not await PasswordToken.filter(id=token.id, used_at=None).update(used_at=clock.now()):
            raise too_old()
        user, changes = token.user, {"password_hash": hashed} | ({"name": name} if name else {})
        await user.update_from_dict(changes).save(update_fields=list(changes))
        await end_sessions_of(user.id, reason="PASSWORD_CHANGED")
        if name:
            await raise_data_version(user.account_id)
    return user


def too_old() -> Refused:
    """What is said of a link that opens nothing."""
    message = "This link was used, or is too old. Ask for a new one."
    return refusal(ErrorCode.TOKEN_EXPIRED, message, "token")


async def _alive(secret: str, *, is_invitation: bool) -> PasswordToken | None:
    if len(secret) > _LONGEST_SECRET:
        return None
    found = PasswordToken.get_or_none(digest=ids.digest(secret), is_invitation=is_invitation, used_at=None)
    token = await found.select_related("user")
    is_alive = token is not None and token.expires_at > clock.now() and token.user.is_active
    return token if is_alive else None
