"""What a caller may know of an error: our own words as they are, anything unexpected as a reference into the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from graphql import GraphQLError

from resolvers.errors import KNOWN, as_problem
from schema.errors import ProblemCode
from server import database
from server.ids import short_random
from server.web.graphql.refusals import RequestRefused

_log = structlog.get_logger("parley.graphql")


def error_list(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """The errors as the GraphQL response holds them, each with `extensions.code`."""
    return [_shown(one) for one in errors]


def as_graphql_error(error: Exception) -> GraphQLError:
    """Any exception in the one form that `error_list` takes."""
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)


def masked(cause: Exception, **facts: object) -> tuple[str, str]:
    """What a caller is told of an unexpected exception, and the reference under which the log holds the rest."""
    reference = short_random()
    _log.error("graphql.unexpected", reference=reference, exc_info=cause, **facts)
    if is_passing(cause):
        return "The server is busy. Try again in a moment, with the same idempotencyKey if you sent one.", reference
    return f"Something went wrong on our side. Whoever runs this server finds it in the log as {reference}.", reference


def is_passing(cause: Exception) -> bool:
    """Whether the same request may succeed in a moment, because only the database was busy or away."""
    return isinstance(cause, database.TryAgain)


def refusal_of(cause: Exception) -> RequestRefused:
    """An exception nobody foresaw, from outside the execution, as an answer: 503 if it will pass, else 500."""
    message, reference = masked(cause)
    if is_passing(cause):
        return RequestRefused(message, code="INTERNAL", status=503, headers={"retry-after": "1"}, reference=reference)
    return RequestRefused(message, code="INTERNAL", status=500, reference=reference)


def _shown(error: GraphQLError) -> dict[str, Any]:
    message, extensions = _told(error)
    shown: dict[str, Any] = {"message": message}
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    if error.path:
        shown["path"] = error.path
    return {**shown, "extensions": extensions}


def _told(error: GraphQLError) -> tuple[str, dict[str, Any]]:
    cause = _cause(error)
    if isinstance(cause, KNOWN):
        error, cause = as_problem(cause), None
    if cause is None:
        return error.message, {"code": ProblemCode.BAD_USER_INPUT.value, **(error.extensions or {})}
    message, reference = masked(cause, path=error.path)
    return message, {"code": ProblemCode.INTERNAL.value, "reference": reference, "isRetryable": is_passing(cause)}


def _cause(error: GraphQLError) -> Exception | None:
    """The exception that is no GraphQL error at the bottom of one; None when there is none."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
