"""The two homes of errors: `userErrors` for what a person can mend, top-level errors for programs."""

from enum import StrEnum

import strawberry
from graphql import GraphQLError
from strawberry.utils.str_converters import to_camel_case

from schema.enums import ErrorCode
from server.changes.errors import ResyncRequired
from server.database import TooLong
from server.database.rows import BadCursor
from server.errors import Refused, Unauthenticated

KNOWN = (Refused, BadCursor, ResyncRequired, Unauthenticated, TooLong)
"""What a room may raise that a caller is told of."""

_RESYNC = (
    "This cursor lies outside the changes that are kept. Fetch the state again (`todaySync` without `since`, or the "
    "first page of `changes`) and go on from the cursor you get."
)


TOO_LONG = "This query takes longer than a query may. Ask for less: fewer entries, a shorter time, a narrower filter."


class ProblemCode(StrEnum):
    """What `extensions.code` of a top-level error may say; a closed list."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
    COST_LIMIT = "COST_LIMIT"
    TIME_LIMIT = "TIME_LIMIT"
    RATE_LIMITED = "RATE_LIMITED"
    RESYNC_REQUIRED = "RESYNC_REQUIRED"
    INTERNAL = "INTERNAL"


@strawberry.type(description="One thing that was wrong with an input, and what to do about it.")
class UserError:
    code: ErrorCode = strawberry.field(description="For the program: which of the known reasons it is.")
    message: str = strawberry.field(description="For the person: what was wrong and the next step, in English.")
    path: list[str] = strawberry.field(
        description="Where in the input it was, outermost first; empty if it was the whole. At most 10 steps."
    )


def problem(code: ProblemCode, message: str, **extensions: object) -> GraphQLError:
    """A top-level error with its code, ready to be raised."""
    return GraphQLError(message, extensions={"code": code.value, **extensions})


def as_problem(error: Exception) -> GraphQLError:
    """A known exception as a top-level error with its code; a refusal keeps its first complaint."""
    match error:
        case Refused():
            first = error.complaints[0]
            return problem(_code_of(first.code), first.message, reason=first.code.value, argument=path_of(first.path))
        case BadCursor():
            return problem(ProblemCode.BAD_USER_INPUT, str(error), argument=["after"])
        case ResyncRequired():
            return problem(ProblemCode.RESYNC_REQUIRED, _RESYNC)
        case TooLong():
            return problem(ProblemCode.TIME_LIMIT, TOO_LONG)
        case _:
            return problem(ProblemCode.UNAUTHENTICATED, str(error))


def path_of(steps: tuple[str, ...]) -> list[str]:
    """The place of a complaint in the spelling of the schema."""
    return [to_camel_case(step) for step in steps]


def _code_of(code: ErrorCode) -> ProblemCode:
    same = {ErrorCode.FORBIDDEN: ProblemCode.FORBIDDEN, ErrorCode.RATE_LIMITED: ProblemCode.RATE_LIMITED}
    return same.get(code, ProblemCode.BAD_USER_INPUT)
