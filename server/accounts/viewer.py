"""The one who asks, as every room knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.accounts.scopes import scopes_of
from server.models import User
from server.models.enums import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody with a token of this account: a user, or a program (`user_id` None) that acts for the account.

    `expires_at` is when the token ends by itself, None for one that does not."""

    account_id: int
    user_id: int | None
    role: Role
    has_seat: bool
    time_zone: str
    locale: str
    scopes: frozenset[str]
    session_id: int | None = None
    token_id: int | None = None
    expires_at: datetime | None = None

    def __hash__(self) -> int:
        # Asked for several times in each request; who it is tells nearly all of them apart.
        return hash((self.user_id, self.session_id, self.token_id))

    @property
    def actor(self) -> str:
        """How the change log names them: `user:7`, or `token:3` for a program."""
        return f"user:{self.user_id}" if self.user_id is not None else f"token:{self.token_id}"

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def may(self, scope: str) -> bool:
        """Whether the token carries this scope."""
        return scope in self.scopes


def viewer_of_user(user: User, *, session_id: int | None = None, expires_at: datetime | None = None) -> Viewer:
    """The user as they are today, with all that their role may use: in a session of theirs, or without one where it is
    clear who they are."""
    return Viewer(
        account_id=user.account_id,
        user_id=user.id,
        role=user.role,
        has_seat=user.has_seat,
        time_zone=user.time_zone,
        locale=user.locale,
        scopes=scopes_of(user.role),
        session_id=session_id,
        expires_at=expires_at,
    )
