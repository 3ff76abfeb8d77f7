"""Letters go out one by one, and the job remembers which have gone."""

from __future__ import annotations

from collections.abc import Sequence

from server import metrics, outbox, settings
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.mail import sink
from server.gateways.mail.messages import Letter
from server.gateways.mail.smtp import SmtpGateway
from server.gateways.ports import MailGateway
from server.models import Account, Job
from server.models.enums import AccountKind

_gateways: dict[str, SmtpGateway] = {}


async def post(job: Job, letters: Sequence[Letter], *, account: Account) -> str:
    """Every letter has been taken by the mail server; another attempt at the job leaves those out that had been. One
    that fails does not hold up the others: at the end `TemporaryFailure` says which are to be tried again, or
    `PermanentFailure` which never will be taken. Returns a note if nothing was sent at all."""
    gateway = _gateway_for(account)
    if gateway is None:
        return "not sent: a sandbox account sends to the mail sink only, and there is none"
    delayed: list[str] = []
    for letter in letters:
        if letter.message_id not in _settled(job):
            try:
                await _send(gateway, letter, job)
            except TemporaryFailure as failure:
                delayed.append(f"{letter.recipient.email}: {failure}")
    if delayed:
        raise TemporaryFailure("; ".join(delayed))
    if refused := [reason for reason in _settled(job).values() if reason]:
        raise PermanentFailure("; ".join(refused))
    return ""


async def close_gateways() -> None:
    """No connection to a mail server is held open."""
    for gateway in list(_gateways.values()):
        await gateway.close()


def _gateway_for(account: Account) -> MailGateway | None:
    """The mail server of the settings; for a sandbox account the mail sink, because nothing of it may leave the house
    (S1-07), or nothing where there is no sink."""
    own = settings.current().smtp_url
    url = sink.url_in_use() if account.kind is AccountKind.SANDBOX else own or sink.url_in_use()
    if url is None and account.kind is AccountKind.SANDBOX:
        return None
    if url is None:
        raise TemporaryFailure("PARLEY_SMTP_URL is not set, so no mail can be sent")
    return _gateways.setdefault(url, SmtpGateway(url))


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


def _settled(job: Job) -> dict[str, str]:
    """Message ids that are done with, and why, where they were refused."""
    return dict(job.payload.get("settled", {}))


async def _settle(job: Job, letter: Letter, refused: str) -> None:
    await outbox.note_progress(job, {**job.payload, "settled": {**_settled(job), letter.message_id: refused}})
