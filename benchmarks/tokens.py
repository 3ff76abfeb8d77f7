"""What each request says about its sender: a signed token for Parley, the bare numbers for servers without sign-in."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.data import Size, account_of
from server import settings
from server.accounts import access_token

SECRET = "benchmarks-run-with-this-key-and-nothing-else-does"
PUBLIC_URL = "http://parley.example"
LIFETIME = timedelta(hours=6)


class Senders:
    """The headers of every user, made once."""

    def __init__(self, size: Size) -> None:
        settings.use(settings.read(secret_key=SECRET, public_url=PUBLIC_URL))
        self._tokens = {user: access_token.write(user, user, lifetime=LIFETIME)[0] for user in _users(size)}
        self._size = size

    def authorization(self, user: int) -> str:
        """What stands in the header `authorization`; Parley checks it."""
        return f"Bearer {self._tokens[user]}"

    def viewer(self, user: int) -> str:
        """What stands in the header `x-viewer`: user and account. The peers believe it, which costs them nothing."""
        return f"{user}:{account_of(self._size, user)}"


def _users(size: Size) -> range:
    return range(1, size.all_users + 1)
