"""Who asks: a visitor without a token, or the viewer behind a bearer token."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from schema.context import Context, context_for
from server.accounts import scopes
from server.accounts.bearer import viewer_of
from server.accounts.viewer import Viewer
from server.errors import Unauthenticated
from server.web.graphql.refusals import RequestRefused
from server.wording import best_locale


@dataclass(frozen=True, slots=True)
class Caller:
    """The one behind a request or a socket. `viewer` is None for a visitor."""

    viewer: Viewer | None
    address: str
    locale: str
    request_id: str

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

    def context(self) -> Context:
        """A fresh context for one execution."""
        return context_for(self.viewer, address=self.address, locale=self.locale, request_id=self.request_id)


async def caller_of(scope: Scope, authorization: str | None) -> Caller:
    """The caller behind a connection; refused with 401 when there is a token and it is wrong or has ended."""
    locale = best_locale(Headers(scope=scope).get("accept-language", ""))
    viewer = await _viewer(authorization)
    return Caller(viewer, address_of(scope), locale, scope.get("request_id", ""))


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


async def _viewer(authorization: str | None) -> Viewer | None:
    if not authorization:
        return None
    try:
        return await viewer_of(bearer_in(authorization))
    except Unauthenticated as error:
        raise _unauthenticated(str(error)) from None


def _unauthenticated(message: str) -> RequestRefused:
    challenge = {"www-authenticate": 'Bearer error="invalid_token"'}
    return RequestRefused(message, code="UNAUTHENTICATED", status=401, headers=challenge)
