"""Requests that are turned down before anything is executed, and what the caller is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RequestRefused(Exception):
    """A request that was not executed: a code for the program, a sentence for the person, an HTTP status."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "BAD_USER_INPUT",
        status: int = 400,
        headers: Mapping[str, str] | None = None,
        locations: list[dict[str, int]] | None = None,
        others: tuple[RequestRefused, ...] = (),
        was_understood: bool = False,
        reference: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
        self.locations = locations
        self.others = others
        self.was_understood = was_understood
        self.reference = reference

    def errors(self) -> list[dict[str, Any]]:
        """The `errors` of the GraphQL response, this one first."""
        return [self._error(), *(one._error() for one in self.others)]

    def status_for(self, media_type: str) -> int:
        """The HTTP status for an answer of that media type.

        A well-formed request whose document cannot be executed is answered with 200 as `application/json`, because
        older clients read the body of nothing else (GraphQL over HTTP, 6.4.1).
        """
        return 200 if self.was_understood and media_type == "application/json" else self.status

    def _error(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message}
        if self.locations:
            error["locations"] = self.locations
        reference = {"reference": self.reference} if self.reference else {}
        return {**error, "extensions": {"code": self.code, **reference}}


def document_refused(message: str, *, code: str = "GRAPHQL_VALIDATION_FAILED") -> RequestRefused:
    """A refusal of a document that arrived in good order but will not be executed."""
    return RequestRefused(message, code=code, was_understood=True)
