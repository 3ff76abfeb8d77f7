"""What every door is given with its question: who asks, and through what it reads."""

from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from schema.errors import ProblemCode, problem
from schema.reading import Reader
from schema.reference import ReferenceReader
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer


@dataclass(slots=True)
class Context:
    """One request or one subscription. `viewer` is None for a visitor; `address` is the caller's network address.

    `data_version` is that of the viewer's account, where it was read for this very request."""

    viewer: Viewer | None
    read: Reader
    address: str = ""
    locale: str = "en"
    request_id: str = ""
    data_version: int | None = None

    @property
    def signed_in(self) -> Viewer:
        """The viewer; a visitor is told to sign in."""
        if self.viewer is None:
            raise problem(ProblemCode.UNAUTHENTICATED, "Sign in first, and send the access token as a bearer token.")
        return self.viewer

    @property
    def may_introspect(self) -> bool:
        """Whether the schema may be shown to them, in answers and in messages that suggest a name."""
        return self.viewer is not None and self.viewer.may(Scope.SCHEMA_INTROSPECT)


Info: TypeAlias = strawberry.Info[Context, None]


def context_for(
    viewer: Viewer | None,
    *,
    address: str = "",
    locale: str = "en",
    request_id: str = "",
    data_version: int | None = None,
) -> Context:
    """A fresh context whose reader reads table by table."""
    return Context(viewer, ReferenceReader(viewer), address, locale, request_id, data_version)
