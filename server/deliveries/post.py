"""Letters go out one by one, and the job remembers which have gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from server import metrics, outbox, settings
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.mail import sink
from server.gateways.mail.messages import Letter
from server.gateways.mail.smtp import SmtpGateway
from server.gateways.ports import MailGateway
from server.models import Account, Job
from server.models.enums import AccountKind

NOT_WANTED = "no longer wanted"
SWITCHED_OFF = "not sent: they have switched it off"

# Connections that nobody is sending through at the moment, by the address of their server.
_idle: dict[str, list[SmtpGateway]] = {}


async def post(
    job: Job, letters: Sequence[Letter], *, account: Account, is_wanted: Callable[[], Awaitable[bool]] | None = None
) -> str:
    """Every letter has been taken by the mail server; another attempt at the job leaves those out that had been. One
    that fails does not hold up the others: at the end `TemporaryFailure` says which are to be tried again, or
    `PermanentFailure` which never will be taken. Where `is_wanted` is given it is asked before each letter, and once
    it says no, no more of them leave. Returns a note if it did, or nothing was sent at all."""
    url = _server_for(account)
    if url is None:
        return "not sent: a sandbox account sends to the mail sink only, and there is none"
    delayed: list[str] = []
    with _gateway_to(url) as gateway:
        for letter in letters:
            if letter.message_id not in settled_of(job.payload):
                if is_wanted is not None and not await is_wanted():
                    return NOT_WANTED
                try:
                    await _send(gateway, letter, job)
                except TemporaryFailure as failure:
                    delayed.append(f"{letter.recipient.email}: {failure}")
    if delayed:
        raise TemporaryFailure("; ".join(delayed))
    if refused := [reason for reason in settled_of(job.payload).values() if reason]:
        raise PermanentFailure("; ".join(refused))
    return ""


def settled_of(payload: Mapping[str, Any]) -> dict[str, str]:
    """Message ids that a job is done with, and why, where they were refused."""
    return dict(payload.get("settled", {}))


async def close_gateways() -> None:
    """No connection to a mail server is held open that nobody is sending through."""
    while _idle:
        _, gateways = _idle.popitem()
        for gateway in gateways:
            await gateway.close()


@contextmanager
def _gateway_to(url: str) -> Iterator[MailGateway]:
    """A connection for one job at a time, kept for the next one."""
    idle = _idle.get(url)
    gateway = idle.pop() if idle else SmtpGateway(url)
    try:
        yield gateway
    finally:
        _idle.setdefault(url, []).append(gateway)


def _server_for(account: Account) -> str | None:
    """The mail server of the settings; for a sandbox account the mail sink, because nothing of it may leave the house
    (S1-07), or None where there is no sink."""
    own = settings.current().smtp_url
    url = sink.url_in_use() if account.kind is AccountKind.SANDBOX else own or sink.url_in_use()
    if url is None and account.kind is not AccountKind.SANDBOX:
        raise TemporaryFailure("PARLEY_SMTP_URL is not set, so no mail can be sent")
    return url


async def _send(gateway: MailGateway, letter: Letter, job: Job) -> None:
    try:
        await gateway.send(letter)
    except (TemporaryFailure, PermanentFailure) as failure:
        metrics.MAILS_FAILED.labels(letter.kind).inc()
        if isinstance(failure, TemporaryFailure):
            raise
        await _settle(job, letter, f"{letter.recipient.email}: {failure}")
    else:
        metrics.MAILS_SENT.labels(letter.kind).inc()
        await _settle(job, letter, "")


async def _settle(job: Job, letter: Letter, refused: str) -> None:
    await outbox.note_progress(job, {**job.payload, "settled": {**settled_of(job.payload), letter.message_id: refused}})
