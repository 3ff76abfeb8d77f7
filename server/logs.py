"""What is said while the server runs: one line a fact, on standard error, JSON unless a person is looking."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

from server.log_lines import Lines

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)

REQUESTS = "parley.access"
_requests: list[Lines] = []


def request_lines() -> Lines | None:
    """Where the line of each request goes: None where a person is looking, or nobody asked for so much."""
    return _requests[0] if _requests else None


def speak(level: str = "INFO", *, as_json: bool | None = None) -> None:
    """From here on every log line of this process, the libraries' included, has one form and goes to standard error.

    `as_json` None means: JSON unless standard error is a terminal. What `structlog.contextvars` holds, the request id
    above all, stands in each line."""
    plain = sys.stderr.isatty() if as_json is None else not as_json
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(plain))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _requests[:] = [Lines(REQUESTS, handler)] if not plain and root.isEnabledFor(logging.INFO) else []
    _through_root("uvicorn", "uvicorn.error", "uvicorn.access")
    # Each request has a line of our own with its id and duration; the server's own would only repeat it.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    # At DEBUG these write one line per byte moved or statement run, secrets included; httpx names each address at INFO,
    # and that of a push service is as good as a password.
    for name in ("aiosqlite", "asyncio", "hpack", "httpcore", "httpx", "mail.log", "tortoise", "websockets"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(plain: bool) -> structlog.stdlib.ProcessorFormatter:
    ends: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if plain:
        ends.append(
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The richer form prints local variables: mails, tokens, names.
                exception_formatter=structlog.dev.plain_traceback,
            )
        )
    else:
        ends += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return structlog.stdlib.ProcessorFormatter(processors=ends, foreign_pre_chain=list(_SHARED))


def _through_root(*names: str) -> None:
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
