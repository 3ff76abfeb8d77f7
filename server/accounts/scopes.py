"""What a token may be used for. The names stand in the SDL beside each root field."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from server.checks import short
from server.errors import ErrorCode, refusal
from server.models.enums import Role


class Scope(StrEnum):
    """One kind of thing that may be asked for or done."""

    ACCOUNT_READ = "account:read"
    ACCOUNT_ADMIN = "account:admin"
    MEETINGS_READ = "meetings:read"
    MEETINGS_WRITE = "meetings:write"
    LINKS_READ = "links:read"
    LINKS_WRITE = "links:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    BOOKINGS_READ = "bookings:read"
    SCHEMA_INTROSPECT = "schema:introspect"


READ_SCOPES: frozenset[str] = frozenset(
    {Scope.ACCOUNT_READ, Scope.MEETINGS_READ, Scope.LINKS_READ, Scope.CONTACTS_READ, Scope.BOOKINGS_READ}
)
_MEMBER: frozenset[str] = READ_SCOPES | {Scope.MEETINGS_WRITE, Scope.LINKS_WRITE, Scope.CONTACTS_WRITE}
_ADMIN: frozenset[str] = frozenset(Scope)


def scopes_of(role: Role) -> frozenset[str]:
    """What somebody who signed in with this role may use. A seat adds no scope: its absence has a code of its own."""
    return _ADMIN if role is Role.ADMIN else _MEMBER


def valid_scopes(names: Iterable[str], *path: str) -> frozenset[str]:
    """The names as scopes; `FORBIDDEN`, with the list of those that exist, when one is unknown or none is given."""
    asked = frozenset(names)
    unknown = sorted(asked - _ADMIN)
    if unknown or not asked:
        fault = f"There is no scope {short(', '.join(unknown))}." if unknown else "A token needs a scope."
        raise refusal(ErrorCode.FORBIDDEN, f"{fault} Choose among {', '.join(sorted(_ADMIN))}.", *path)
    return asked
