"""Which meeting links: as rows, for whoever reads them."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.database.rows import Rows, containing
from server.models import MeetingLink
from server.models.enums import MeetingLinkKind


def links(
    viewer: Viewer,
    *,
    owner: int | None = None,
    kind: MeetingLinkKind | None = None,
    search: str | None = None,
    retired: bool = False,
) -> Rows:
    """The account's links that are there, or those that were retired, by name: one owner's, of one kind, with a text in
    name or slug."""
    condition = f"t.account_id = $1 AND t.retired_at IS {'NOT NULL' if retired else 'NULL'}"
    rows = Rows(MeetingLink, condition, (viewer.account_id,), ("name", "id"), is_brief=not search)
    if owner is not None:
        rows = rows.also("t.owner_id = $1", owner)
    if kind is not None:
        rows = rows.also("t.kind = $1", kind.value)
    if search and search.strip():
        rows = rows.also(r"lower(t.name) LIKE $1 ESCAPE '\' OR t.slug LIKE $1 ESCAPE '\'", containing(search))
    return rows


def link(viewer: Viewer, id: int) -> Rows:
    """The one link of that number, if it is the account's; retired ones too, because old meetings name them."""
    return Rows(MeetingLink, "t.account_id = $1 AND t.id = $2", (viewer.account_id, id), limit=1)
