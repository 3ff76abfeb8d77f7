"""The mail to a host whose calendar does not answer (E-31)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from server import settings
from server.deliveries.own_words import company_name, worded
from server.deliveries.post import post
from server.deliveries.readers import Reader, user_reader
from server.deliveries.words import company_of_account
from server.gateways.mail.messages import Letter, Mailbox
from server.gateways.mail.rendering import Content, Fact, as_html, as_text
from server.mail_texts.queries import OwnWords, own_words
from server.models import Account, CalendarAccount, Job, User
from server.models.enums import JobKind, MailKind
from server.outbox import enqueue
from server.wording import say, when


async def warn_of_silence(calendar: CalendarAccount) -> None:
    """Inside a transaction: the host will get a mail that says since when their calendar has not answered."""
    await enqueue(JobKind.CALENDAR_WARNING_MAIL, account_id=calendar.account_id, payload={"calendar_id": calendar.id})


async def deliver_calendar_warning(job: Job) -> str:
    """The host knows that their calendar does not answer, unless it does again. Returns what there is to note about how
    it went."""
    found = CalendarAccount.get_or_none(id=job.payload["calendar_id"], account_id=job.account_id)
    calendar = await found.select_related("user", "account")
    if calendar is None or calendar.unreachable_since is None or not calendar.user.is_active:
        return "no longer wanted"
    own, reader = await own_words(job.account_id), user_reader(calendar.user)
    content = calendar_warning(calendar.name, calendar.unreachable_since, calendar.account, reader, own)
    return await post(job, [_letter(job, calendar.account, calendar.user, content)], account=calendar.account)


def calendar_warning(name: str, since: datetime, account: Account, reader: Reader, own: OwnWords) -> Content:
    """What the host reads, in the account's own words where it has some."""
    locale, tz = reader.locale, reader.tz
    moment, zone = when.short(since, tz, locale), when.zone_name(tz, since, locale)
    spelled = say(locale, "when.with_zone", moment=moment, zone=zone)
    hours = settings.current().limit_calendar_silence_hours
    content = Content(
        locale=locale,
        subject=say(locale, "mail.host_calendar.subject", calendar=name),
        preheader=say(locale, "mail.host_calendar.next"),
        opening=say(locale, "mail.host_calendar.opening", calendar=name, when=moment),
        facts=(
            Fact(say(locale, "mail.calendar"), (name,), is_strong=True),
            Fact(say(locale, "mail.calendar_since"), (spelled,), is_strong=True),
        ),
        company=company_of_account(account, locale),
        why=say(locale, "mail.why_calendar"),
        notes=(
            say(locale, "mail.host_calendar.next"),
            say(locale, "mail.host_calendar.later", count=hours),
        ),
    )
    values = {
        "calendar": name,
        "host": reader.mailbox.name,
        "when": moment,
        "when_in_full": spelled,
        "company": company_name(account),
    }
    return worded(content, MailKind.HOST_CALENDAR, own, values)


def _letter(job: Job, account: Account, host: User, content: Content) -> Letter:
    own = settings.current()
    sender = Mailbox(company_name(account), own.mail_from)
    return Letter(
        kind="host_calendar",
        message_id=f"<calendar.{job.payload['calendar_id']}.{job.id}@{urlsplit(own.public_url).hostname}>",
        sent_at=job.created_at,
        sender=sender,
        recipient=Mailbox(host.name, host.email),
        reply_to=Mailbox(sender.name, account.contact_email or own.mail_from),
        subject=content.subject,
        text=as_text(content),
        html=as_html(content),
        locale=content.locale,
    )
