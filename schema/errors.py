"""The two homes of errors: `userErrors` for what a person can mend, top-level errors for programs."""

from enum import StrEnum

import strawberry
from graphql import GraphQLError

from schema.enums import ErrorCode


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
