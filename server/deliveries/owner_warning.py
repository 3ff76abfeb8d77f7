"""The mail to the owner of a webhook that does not work: before it is disabled, when it is, and where it has missed
something."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from server import settings
from server.deliveries.post import post
from server.deliveries.words import company_of_account
from server.gateways.mail.messages import Letter, Mailbox
from server.gateways.mail.rendering import Content, Fact, as_html, as_text
from server.models import Account, Job, User
from server.models.enums import Role
from server.wording import regional_locale, say, when


async def deliver_owner_warning(job: Job) -> str:
    """Whoever owns the webhook, or an administrator in place of an owner who has left, knows what is the matter with
    it. Returns what there is to note about how it went."""
    account = await Account.get(id=job.account_id)
    reader = await _reader(job)
    if reader is None:
        return "not sent: the account has nobody to tell"
    content = owner_warning(job.payload, account, reader)
    return await post(job, [_letter(job, account, reader, content)], account=account)


def owner_warning(payload: dict[str, Any], account: Account, reader: User) -> Content:
    """What they read. `about` in the payload is `failing`, `disabled`, `gone` or `missed`."""
    locale, about, name = regional_locale(reader.locale), payload["about"], payload["name"]
    has_missed = about == "missed"
    opening = say(locale, f"mail.webhook_{about}.opening", name=name)
    return Content(
        locale=locale,
        subject=say(locale, f"mail.webhook_{about}.subject", name=name),
        preheader=opening,
        opening=opening,
        facts=(
            Fact(say(locale, "mail.webhook"), (name,), is_strong=True),
            Fact(say(locale, "mail.webhook_address"), (payload["url"],)),
            *(() if has_missed else _failure(payload, reader, locale)),
        ),
        company=company_of_account(account, locale),
        why=say(locale, "mail.why_webhook"),
        notes=(
            say(locale, f"mail.webhook_{about}.next"),
            *(() if has_missed else (say(locale, "mail.webhook_kept"),)),
        ),
    )


def _failure(payload: dict[str, Any], reader: User, locale: str) -> tuple[Fact, Fact]:
    """Since when it fails, and how."""
    at = datetime.fromtimestamp(payload["failing_since"], UTC)
    since = f"{when.short(at, reader.time_zone, locale)}, {when.zone_name(reader.time_zone, at, locale)}"
    answered = Fact(say(locale, "mail.webhook_error"), (payload["error"],))
    return Fact(say(locale, "mail.webhook_since"), (since,)), answered


async def _reader(job: Job) -> User | None:
    owner = await User.get_or_none(id=job.payload["owner_id"], account_id=job.account_id, is_active=True)
    admins = User.filter(account_id=job.account_id, role=Role.ADMIN, is_active=True)
    return owner or await admins.order_by("id").first()


def _letter(job: Job, account: Account, reader: User, content: Content) -> Letter:
    own = settings.current()
    sender = Mailbox(account.sender_name or account.name, own.mail_from)
    return Letter(
        kind=f"webhook_{job.payload['about']}",
        message_id=f"<webhook.{job.payload['webhook_id']}.{job.id}@{urlsplit(own.public_url).hostname}>",
        sent_at=job.created_at,
        sender=sender,
        recipient=Mailbox(reader.name, reader.email),
        reply_to=Mailbox(sender.name, account.contact_email or own.mail_from),
        subject=content.subject,
        text=as_text(content),
        html=as_html(content),
        locale=content.locale,
    )
