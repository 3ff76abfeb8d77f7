"""The mail to the owner of a webhook that does not work: before it is disabled, when it is, and where it has missed
something."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.deliveries.letters import letter_of_account
from server.deliveries.post import post
from server.deliveries.readers import Reader, user_reader
from server.deliveries.words import company_of_account
from server.gateways.mail.rendering import Content, Fact
from server.models import Account, Job, User
from server.models.enums import Role
from server.wording import say, when


async def deliver_owner_warning(job: Job) -> str:
    """Whoever owns the webhook, or an administrator in place of an owner who has left, knows what is the matter with
    it. Returns what there is to note about how it went."""
    account = await Account.get(id=job.account_id)
    user = await _who_to_tell(job)
    if user is None:
        return "not sent: the account has nobody to tell"
    reader, kind = user_reader(user), f"webhook_{job.payload['about']}"
    content, about = owner_warning(job.payload, account, reader), f"webhook.{job.payload['webhook_id']}"
    letter = letter_of_account(account, reader, content, job, kind=kind, about=about)
    return await post(job, [letter], account=account)


def owner_warning(payload: dict[str, Any], account: Account, reader: Reader) -> Content:
    """What they read. `about` in the payload is `failing`, `disabled`, `gone` or `missed`."""
    locale, about, name = reader.locale, payload["about"], payload["name"]
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
            *(() if has_missed else _failure(payload, reader)),
        ),
        company=company_of_account(account, locale),
        why=say(locale, "mail.why_webhook"),
        notes=(
            say(locale, f"mail.webhook_{about}.next"),
            *(() if has_missed else (say(locale, "mail.webhook_kept"),)),
        ),
    )


def _failure(payload: dict[str, Any], reader: Reader) -> tuple[Fact, Fact]:
    """Since when it fails, and how."""
    at = datetime.fromtimestamp(payload["failing_since"], UTC)
    locale, tz = reader.locale, reader.tz
    since = say(locale, "when.with_zone", moment=when.short(at, tz, locale), zone=when.zone_name(tz, at, locale))
    answered = Fact(say(locale, "mail.webhook_error"), (payload["error"],))
    return Fact(say(locale, "mail.webhook_since"), (since,)), answered


async def _who_to_tell(job: Job) -> User | None:
    owner = await User.get_or_none(id=job.payload["owner_id"], account_id=job.account_id, is_active=True)
    admins = User.filter(account_id=job.account_id, role=Role.ADMIN, is_active=True)
    return owner or await admins.order_by("id").first()
