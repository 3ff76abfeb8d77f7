"""What the rooms refuse, in the two homes that errors have here: a payload's `userErrors`, or the top level.

What is unexpected passes through untouched: whoever answers the request masks and logs it."""

from graphql import GraphQLError
from strawberry.utils.str_converters import to_camel_case

from schema.errors import ProblemCode, UserError, problem
from server.changes.errors import ResyncRequired
from server.database.rows import BadCursor
from server.errors import ErrorCode, Refused, Unauthenticated

KNOWN = (Refused, BadCursor, ResyncRequired, Unauthenticated)

_RESYNC = (
    "This cursor lies outside the changes that are kept. Fetch the state again (`todaySync` without `since`, or your "
    "first page of `changes`) and go on from the cursor you get."
)


def user_errors(refused: Refused) -> list[UserError]:
    """The complaints of a verb as clients read them; paths in the spelling of the schema."""
    return [UserError(code=one.code, message=one.message, path=_path(one.path)) for one in refused.complaints]


def as_problem(error: Exception) -> GraphQLError:
    """A known exception as a top-level error with its code; a refusal keeps its first complaint."""
    match error:
        case Refused():
            first = error.complaints[0]
            return problem(_code_of(first.code), first.message, reason=first.code.value, argument=_path(first.path))
        case BadCursor():
            return problem(ProblemCode.BAD_USER_INPUT, str(error), argument=["after"])
        case ResyncRequired():
            return problem(ProblemCode.RESYNC_REQUIRED, _RESYNC)
        case _:
            return problem(ProblemCode.UNAUTHENTICATED, str(error))


def _code_of(code: ErrorCode) -> ProblemCode:
    same = {ErrorCode.FORBIDDEN: ProblemCode.FORBIDDEN, ErrorCode.RATE_LIMITED: ProblemCode.RATE_LIMITED}
    return same.get(code, ProblemCode.BAD_USER_INPUT)


def _path(steps: tuple[str, ...]) -> list[str]:
    return [to_camel_case(step) for step in steps]
