"""How a mail reads before anybody gets it: on the screen, and in one's own mailbox."""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass
from typing import Any

from server.accounts.viewer import Viewer
from server.deliveries.every_kind import content_of, reader_of
from server.deliveries.example import example_facts
from server.deliveries.letters import letter_of_sample, sender_of
from server.deliveries.post import NOT_WANTED, post
from server.deliveries.readers import Reader
from server.errors import ErrorCode, refusal
from server.gateways.mail.messages import Mailbox, one_line
from server.gateways.mail.rendering import as_html, as_text
from server.mail_texts.edit import MailTextEdit, checked_parts
from server.mail_texts.queries import OwnWords, own_words
from server.mail_texts.shipped import Words
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Account, Job, Meeting, User
from server.models.enums import JobKind, MailKind
from server.outbox import enqueue
from server.repeats import kept_or
from server.wording.catalogue import language_of


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as it would go out. `meeting_id` is the meeting it tells of; None for one that was made up."""

    sender: Mailbox
    subject: str
    preheader: str
    text: str
    html: str
    meeting_id: int | None


async def preview(viewer: Viewer, draft: MailTextEdit, *, meeting_id: int | None = None) -> Preview:
    """The mail with the words of `draft` where it says some, else with those that are in force, about this meeting of
    the account; without one, about the latest that the viewer hosts, else the latest of all, else one made up.

    Refused as `edit_mail_text` does, and with `NOT_FOUND` for the meeting."""
    words = _drafted(draft, await own_words(viewer.account_id), checked_parts(draft))
    facts, number = await _facts(viewer, meeting_id)
    reader = _reader(draft.kind, facts, draft.locale)
    content = content_of(draft.kind, facts, reader, words)
    return Preview(
        sender=sender_of(facts, reader),
        subject=one_line(content.subject),
        preheader=content.preheader,
        text=as_text(content),
        html=as_html(content, draft.kind.value.lower()),
        meeting_id=number,
    )


async def send_to_me(
    viewer: Viewer, draft: MailTextEdit, *, meeting_id: int | None = None, idempotency_key: str | None = None
) -> str:
    """The viewer will get the mail that `preview` shows, without an invitation in it. Their address.

    Refused as `preview` is, and with `FORBIDDEN` for a program, which has no mailbox."""
    if viewer.user_id is None:
        raise refusal(ErrorCode.FORBIDDEN, "Only somebody who signed in can be sent a mail.")
    parts = checked_parts(draft)
    _, number = await _facts(viewer, meeting_id)
    said = {"kind": draft.kind.value, "locale": draft.locale, **parts}

    async def run() -> dict[str, Any]:
        payload = {**said, "user_id": viewer.user_id, "meeting_id": number}
        await enqueue(JobKind.SAMPLE_MAIL, account_id=viewer.account_id, payload=payload)
        return {"recipient": (await User.get(id=viewer.user_id)).email}

    result = await kept_or(
        "sendMailTextToMe",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input=said | {"meeting_id": meeting_id},
        run=run,
    )
    return str(result["recipient"])


async def deliver_sample(job: Job) -> str:
    """Whoever asked for it has the sample. Returns what there is to note about how it went."""
    said = job.payload
    account = await Account.get(id=job.account_id)
    user = await User.get_or_none(id=said["user_id"], account_id=job.account_id, is_active=True)
    if user is None:
        return NOT_WANTED
    number = said["meeting_id"]
    facts = example_facts(account, user) if number is None else await meeting_facts(number)
    kind, parts = MailKind(said["kind"]), {name: said[name] for name in asdict(Words()) if name in said}
    words = _drafted(MailTextEdit(kind, said["locale"]), await own_words(job.account_id), parts)
    reader = _reader(kind, facts, said["locale"])
    content = content_of(kind, facts, reader, words)
    to_them = dataclasses.replace(reader, mailbox=Mailbox(user.name, user.email))
    return await post(job, [letter_of_sample(facts, to_them, content, job, looks_like=kind)], account=account)


def _drafted(draft: MailTextEdit, own: OwnWords, parts: dict[str, str]) -> OwnWords:
    """The account's words, with the draft's in place of those that it says."""
    key = (draft.kind.value, draft.locale)
    return {**own, key: dataclasses.replace(own.get(key, Words()), **parts)}


def _reader(kind: MailKind, facts: MeetingFacts, language: str) -> Reader:
    """Whoever would get it, as a reader of this language; of their own region where that is their language."""
    reader = reader_of(kind, facts)
    return reader if language_of(reader.locale) == language else dataclasses.replace(reader, locale=language)


async def _facts(viewer: Viewer, meeting_id: int | None) -> tuple[MeetingFacts, int | None]:
    found = Meeting.filter(account_id=viewer.account_id, deleted_at=None)
    if meeting_id is not None:
        if not await found.filter(id=meeting_id).exists():
            raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting.", "meeting")
        return await meeting_facts(meeting_id), meeting_id
    hosted = await found.filter(host_id=viewer.user_id or 0).order_by("-id").first()
    latest = hosted or await found.order_by("-id").first()
    if latest is not None:
        return await meeting_facts(latest.id), latest.id
    host = await User.get_or_none(id=viewer.user_id or 0)
    return example_facts(await Account.get(id=viewer.account_id), host), None
