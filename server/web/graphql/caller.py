"""Who asks: a visitor without a token, or the viewer behind a bearer token."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from starlette.types import Scope

from schema.context import Context, context_for
from server.accounts import scopes
from server.accounts.bearer import Known, known_behind, proof_of
from server.accounts.viewer import Viewer
from server.errors import Unauthenticated
from server.web.graphql.refusals import RequestRefused
from server.web.headers import header
from server.wording import best_locale

_LONGEST_LANGUAGES = 500
# A browser says the same with every request.
_locale_in = lru_cache(maxsize=1_000)(best_locale)


class Caller(NamedTuple):
    """The one behind a request or a socket. `viewer` is None for a visitor. `data_version` is that of the viewer's
    account when they were proven: `later` forgets it, for a further operation of the same batch or connection."""

    viewer: Viewer | None
    address: str
    locale: str
    request_id: str
    data_version: int | None = None

    @property
    def may_introspect(self) -> bool:
        """Whether the schema may be shown to them, in answers and in messages that suggest a name."""
        return self.viewer is not None and self.viewer.may(scopes.Scope.SCHEMA_INTROSPECT)

    @property
    def limit(self) -> tuple[str, str]:
        """The kind of rate limit that holds for them, and whose counter it is."""
        if self.viewer is None:
            return "visitor", self.address
        viewer = self.viewer
        return "token", f"{viewer.actor}/{viewer.session_id or 0}"

    def context(self, *, data_version: int | None = None) -> Context:
        """A fresh context for one execution. `data_version` is for one that begins right after the proof."""
        return context_for(
            self.viewer,
            address=self.address,
            locale=self.locale,
            request_id=self.request_id,
            data_version=data_version,
        )

    def later(self) -> Caller:
        """The same caller, with the data of their account perhaps changed since."""
        return self._replace(data_version=None)


async def caller_of(scope: Scope, authorization: str | None) -> Caller:
    """The caller behind a connection; refused with 401 when there is a token and it is wrong or has ended."""
    locale = _locale_in(header(scope, b"accept-language")[:_LONGEST_LANGUAGES])
    known = await _known(authorization)
    viewer, version = known or (None, None)
    return Caller(viewer, address_of(scope), locale, scope.get("request_id", ""), version)


def address_of(scope: Scope) -> str:
    """The network address at the other end; empty for a socket that has none."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def bearer_in(authorization: str) -> str:
    """The token in `Bearer <token>`; refused when it is anything else."""
    kind, _, token = authorization.strip().partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _unauthenticated("Send the token as `Authorization: Bearer <token>`.")
    return token.strip()


async def _known(authorization: str | None) -> Known | None:
    if not authorization:
        return None
    try:
        return await known_behind(proof_of(bearer_in(authorization)))
    except Unauthenticated as error:
        raise _unauthenticated(str(error)) from None


def _unauthenticated(message: str) -> RequestRefused:
    challenge = {"www-authenticate": 'Bearer error="invalid_token"'}
    return RequestRefused(message, code="UNAUTHENTICATED", status=401, headers=challenge)
