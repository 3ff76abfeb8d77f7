"""The mail to the owner of a webhook that does not work: before it is disabled, and when it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from server import settings
from server.deliveries.post import post
from server.gateways.mail.messages import Letter, Mailbox
from server.gateways.mail.rendering import Action, Company, Content, Fact, as_html, as_text
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
    """What they read. `about` in the payload is `failing`, `disabled` or `gone`."""
    locale, about, name = regional_locale(reader.locale), payload["about"], payload["name"]
    since = when.short(datetime.fromtimestamp(payload["failing_since"], UTC), reader.time_zone, locale)
    zone = when.zone_name(reader.time_zone, datetime.fromtimestamp(payload["failing_since"], UTC), locale)
    opening = say(locale, f"mail.webhook_{about}.opening", name=name)
    return Content(
        locale=locale,
        subject=say(locale, f"mail.webhook_{about}.subject", name=name),
        preheader=opening,
        opening=opening,
        facts=(
            Fact(say(locale, "mail.webhook"), (name,), is_strong=True),
            Fact(say(locale, "mail.webhook_address"), (payload["url"],)),
            Fact(say(locale, "mail.webhook_since"), (f"{since}, {zone}",)),
            Fact(say(locale, "mail.webhook_error"), (payload["error"],)),
        ),
        company=_company(account, locale),
        why=say(locale, "mail.why_webhook"),
        notes=(say(locale, f"mail.webhook_{about}.next"), say(locale, "mail.webhook_kept")),
    )


async def _reader(job: Job) -> User | None:
    owner = await User.get_or_none(id=job.payload["owner_id"], account_id=job.account_id, is_active=True)
    admins = User.filter(account_id=job.account_id, role=Role.ADMIN, is_active=True)
    return owner or await admins.order_by("id").first()


def _company(account: Account, locale: str) -> Company:
    privacy = Action(say(locale, "mail.privacy"), account.privacy_url) if account.privacy_url else None
    return Company(
        name=account.sender_name or account.name,
        accent=account.accent_color,
        postal_address=account.postal_address,
        website_url=account.website_url,
        privacy=privacy,
    )


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
