"""Which contacts: as rows, for whoever reads them."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.database.rows import Rows, containing
from server.models import Contact


def contacts(viewer: Viewer, *, owner: int | None = None, search: str | None = None) -> Rows:
    """The account's contacts by e-mail address: all, or one owner's, with a text in name or address."""
    rows = Rows(Contact, "t.account_id = $1", (viewer.account_id,), ("email", "id"))
    if owner is not None:
        rows = rows.also("t.owner_id = $1", owner)
    if search and search.strip():
        rows = rows.also(
            r"lower(t.first_name || ' ' || t.last_name) LIKE $1 ESCAPE '\' OR t.email LIKE $1 ESCAPE '\'",
            containing(search),
        )
    return rows


def contact(viewer: Viewer, id: int) -> Rows:
    """The one contact of that number, if it is the account's."""
    return Rows(Contact, "t.account_id = $1 AND t.id = $2", (viewer.account_id, id), limit=1)
