"""Which accounts and users: as rows, for whoever reads them."""

from collections.abc import Sequence

from server.accounts.viewer import Viewer
from server.database.placeholders import placeholders
from server.database.rows import Rows, containing
from server.models import Account, ApiToken, User


def account(viewer: Viewer) -> Rows:
    """The viewer's own account."""
    return Rows(Account, "t.id = $1", (viewer.account_id,), limit=1)


def own_account(viewer: Viewer, id: int) -> Rows:
    """The account of that number, if it is the viewer's own."""
    return account(viewer).also("t.id = $1", id)


def user(viewer: Viewer, id: int) -> Rows:
    """The one user of that number, if they are of the viewer's account; those who were put out too."""
    return Rows(User, "t.account_id = $1 AND t.id = $2", (viewer.account_id, id), limit=1)


def users(viewer: Viewer, *, search: str | None = None) -> Rows:
    """The account's active users, by name: all, or those with a text in name or e-mail address."""
    rows = Rows(User, "t.account_id = $1 AND t.is_active", (viewer.account_id,), ("name", "id"))
    if search and search.strip():
        rows = rows.also(r"lower(t.name) LIKE $1 ESCAPE '\' OR lower(t.email) LIKE $1 ESCAPE '\'", containing(search))
    return rows


def users_among(viewer: Viewer, numbers: Sequence[int]) -> Rows:
    """Those of these users who are of the account, by number."""
    condition = f"t.account_id = $1 AND t.id IN ({placeholders(numbers, after=1)})"
    return Rows(User, condition, (viewer.account_id, *numbers), limit=1000)


def api_tokens(viewer: Viewer) -> Rows:
    """The account's API tokens, the newest first, revoked ones too."""
    return Rows(ApiToken, "t.account_id = $1", (viewer.account_id,), ("-created_at", "-id"))


def api_token(viewer: Viewer, id: int) -> Rows:
    """The one API token of that number, if it is the account's."""
    return api_tokens(viewer).also("t.id = $1", id)
