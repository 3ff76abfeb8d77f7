"""Which contacts: as rows, for whoever reads them."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import Contact


def contacts(viewer: Viewer, *, owner: int | None = None, company: int | None = None) -> Rows:
    """The account's contacts by e-mail address: all, one owner's, those of one company."""
    rows = Rows(Contact, "t.account_id = $1", (viewer.account_id,), ("email", "id"))
    if owner is not None:
        rows = rows.also("t.owner_id = $1", owner)
    return rows if company is None else rows.also("t.company_id = $1", company)


def contact(viewer: Viewer, id: int) -> Rows:
    """The one contact of that number, if it is the account's."""
    return Rows(Contact, "t.account_id = $1 AND t.id = $2", (viewer.account_id, id), limit=1)
