"""Which snippets: as rows, for whoever reads them."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.database.rows import Rows, containing
from server.models import Snippet

_THEIRS = "t.account_id = $1 AND (t.owner_id IS NULL OR t.owner_id = $2)"
_FITS = "lower(t.shortcut) LIKE $1 ESCAPE '\\' OR lower(t.name) LIKE $1 ESCAPE '\\'"


def snippets(viewer: Viewer, *, search: str | None = None, with_archived: bool = False) -> Rows:
    """Everybody's snippets and the viewer's own, by shortcut; `search` looks into shortcut and name."""
    rows = Rows(Snippet, _THEIRS, (viewer.account_id, viewer.user_id or 0), ("shortcut", "id"))
    if not with_archived:
        rows = rows.also("NOT t.is_archived")
    return rows.also(_FITS, containing(search.removeprefix("#"))) if search else rows


def snippet(viewer: Viewer, number: int) -> Rows:
    """One of them, an archived one too."""
    return snippets(viewer, with_archived=True).also("t.id = $1", number)
