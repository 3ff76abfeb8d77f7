"""Who may ask what: the scope of a root field, shown in the SDL beside it and checked in this one place."""

import strawberry
from strawberry.schema_directive import Location

from schema.context import Context
from schema.errors import ProblemCode, problem
from server.accounts.scopes import Scope

PUBLIC = "PUBLIC"
SIGNED_IN = "SIGNED_IN"


@strawberry.schema_directive(
    name="scope",
    locations=[Location.FIELD_DEFINITION],
    description="What the caller's token must carry to use a field. PUBLIC: no token is needed. SIGNED_IN: any token.",
)
class NeedsScope:
    requires: str


def allow(context: Context, scope: Scope | str) -> None:
    """Returns if the caller may use a field of this scope; UNAUTHENTICATED without a token, FORBIDDEN without it."""
    if scope == PUBLIC:
        return
    viewer = context.signed_in
    if scope != SIGNED_IN and not viewer.may(scope):
        raise problem(ProblemCode.FORBIDDEN, f"This token lacks the scope {scope}; use one that carries it.")
