"""Meetings as they are booked and changed."""

from collections.abc import Collection
from typing import Annotated

import strawberry

from resolvers.following import Following, following
from schema.context import Info
from schema.enums import ChangeKind
from schema.numbers import numbered_if
from server.accounts.scopes import Scope
from server.changes import cursor
from server.changes.wanted import Wanted

After = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last change you saw: what came behind it is told first. Left out: from now."
    ),
]
Kinds = Annotated[
    list[ChangeKind] | None, strawberry.argument(description="These kinds only; all of them if left out. At most 20.")
]
OfLink = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Of meetings booked through this link only; of any if left out."),
]
OfHost = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Of meetings that this user hosts by then, or was just relieved of; of anybody's if left out."
    ),
]

OF_MEETINGS = frozenset(ChangeKind) - {ChangeKind.LINK_CHANGED}


@following(Scope.BOOKINGS_READ, "Bookings that visitors make through a link, as they are committed; none twice.")
def meeting_booked(info: Info, after: After = None, link: OfLink = None, host: OfHost = None) -> Following:
    return _asked(info, after, {ChangeKind.MEETING_BOOKED}, link, host)


@following(Scope.BOOKINGS_READ, "Whatever happens to the account's meetings, as it is committed; nothing twice.")
def meeting_changed(
    info: Info, after: After = None, kinds: Kinds = None, link: OfLink = None, host: OfHost = None
) -> Following:
    return _asked(info, after, OF_MEETINGS if kinds is None else OF_MEETINGS & set(kinds), link, host)


def _asked(
    info: Info,
    after: str | None,
    kinds: Collection[ChangeKind],
    link: strawberry.ID | None,
    host: strawberry.ID | None,
) -> Following:
    account_id = info.context.signed_in.account_id
    wanted = Wanted(account_id, frozenset(kinds), numbered_if("usr", host), numbered_if("lnk", link))
    return Following(wanted, None if after is None else cursor.read(after))
