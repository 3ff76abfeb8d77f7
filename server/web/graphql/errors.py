"""What a caller may know of an error: our own words as they are, anything unexpected as a reference into the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from graphql import GraphQLError

from resolvers.errors import KNOWN, as_problem
from schema.errors import ProblemCode
from server.ids import short_random

_log = structlog.get_logger("parley.graphql")


def error_list(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """The errors as the GraphQL response holds them, each with `extensions.code`."""
    return [_shown(one) for one in errors]


def as_graphql_error(error: Exception) -> GraphQLError:
    """Any exception in the one form that `error_list` takes."""
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)


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
    reference = short_random()
    _log.error("graphql.unexpected", reference=reference, path=error.path, exc_info=cause)
    return (
        f"Something went wrong on our side. Whoever runs this server finds it in the log as {reference}.",
        {"code": ProblemCode.INTERNAL.value, "reference": reference},
    )


def _cause(error: GraphQLError) -> Exception | None:
    """The exception that is no GraphQL error at the bottom of one; None when there is none."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
