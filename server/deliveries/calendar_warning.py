"""The mail to a host whose calendar does not answer (E-31)."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.expressions import F, Q

from server import clock, database, settings
from server.deliveries.letters import letter_of_account
from server.deliveries.own_words import worded
from server.deliveries.post import NOT_WANTED, post
from server.deliveries.readers import Reader, user_reader
from server.deliveries.words import company_of_account
from server.gateways.mail.rendering import Content, Fact
from server.mail_texts.queries import OwnWords, own_words
from server.models import Account, CalendarAccount, Job
from server.models.enums import JobKind, MailKind
from server.outbox import enqueue_all
from server.wording import say, when

SILENT_FOR = timedelta(hours=1)
"""A calendar that was away for less is nothing to write about."""

_AT_ONCE = 500


async def warn_of_silence() -> int:
    """The host of each calendar that has not answered for a while will get a mail that says since when, once for each
    silence. How many that were."""
    now = clock.now()
    is_news = Q(warned_at=None) | Q(warned_at__lt=F("unreachable_since"))
    silent = CalendarAccount.filter(is_news, syncs=True, unreachable_since__lt=now - SILENT_FOR).order_by("id")
    async with database.transaction():
        found = await silent.limit(_AT_ONCE).select_for_update(no_key=True)
        await enqueue_all([_warning_of(calendar) for calendar in found])
        await CalendarAccount.filter(id__in=[one.id for one in found]).update(warned_at=now)
    return len(found)


def _warning_of(calendar: CalendarAccount) -> Job:
    return Job(
        kind=JobKind.CALENDAR_WARNING_MAIL,
        account_id=calendar.account_id,
        payload={"calendar_id": calendar.id},
        run_at=clock.now(),
    )


async def deliver_calendar_warning(job: Job) -> str:
    """The host knows that their calendar does not answer, unless it does again. Returns what there is to note about how
    it went."""
    found = CalendarAccount.get_or_none(id=job.payload["calendar_id"], account_id=job.account_id)
    calendar = await found.select_related("user", "account")
    if calendar is None or calendar.unreachable_since is None or not calendar.user.is_active:
        return NOT_WANTED
    own, reader = await own_words(job.account_id), user_reader(calendar.user)
    content = calendar_warning(calendar.name, calendar.unreachable_since, calendar.account, reader, own)
    about = f"calendar.{calendar.id}"
    letter = letter_of_account(calendar.account, reader, content, job, kind="host_calendar", about=about)
    return await post(job, [letter], account=calendar.account)


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
        "company": account.public_name,
    }
    return worded(content, MailKind.HOST_CALENDAR, own, values)
