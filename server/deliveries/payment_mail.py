"""The mail that says what became of a payment: to whoever paid, and to the host when the time was lost."""

from __future__ import annotations

from datetime import timedelta

from server import settings
from server.deliveries.letters import letter_of_account
from server.deliveries.own_words import worded
from server.deliveries.post import post
from server.deliveries.readers import Reader, user_reader
from server.deliveries.words import company_of_account
from server.gateways.mail.messages import Mailbox
from server.gateways.mail.rendering import Action, Content, Fact
from server.mail_texts.queries import OwnWords, own_words
from server.models import Job, Payment, User
from server.models.enums import MailKind
from server.payments.wish import minutes_of, payer_name, title_of, wish_of
from server.wording import money, regional_locale, say, when


async def deliver_payment_mail(job: Job) -> str:
    """The payer, or the host of `lost_host`, knows what became of the money. `about` in the payload is `received`,
    `refunded`, `lost` or `lost_host`. Returns what there is to note about how it went."""
    payment = await Payment.get(id=job.payload["payment_id"]).select_related("account", "link")
    owner = await User.get(id=payment.link.owner_id)
    about = str(job.payload["about"])
    reader = user_reader(owner) if about == "lost_host" else payer_of(payment)
    content = worded_payment_mail(payment, about, reader, await own_words(job.account_id), host=owner.name)
    kind, name = f"payment_{about}", f"payment.{payment.id}.{about}"
    letter = letter_of_account(payment.account, reader, content, job, kind=kind, about=name)
    return await post(job, [letter], account=payment.account)


def payer_of(payment: Payment) -> Reader:
    """Who pays, in the zone and language of their booking."""
    wish = wish_of(payment)
    locale = regional_locale(wish.locale, default=payment.account.locale)
    return Reader(Mailbox(payer_name(wish), wish.email), wish.time_zone or payment.account.time_zone, locale)


def worded_payment_mail(payment: Payment, about: str, reader: Reader, own: OwnWords, *, host: str) -> Content:
    """What they read, in the account's own words where it has some."""
    wish, locale, payer = wish_of(payment), reader.locale, payer_of(payment).mailbox
    values = {
        "attendee": payer.name or payer.email,
        "title": title_of(wish, payment.link, owner=host),
        "amount": money.spell(payment.amount, payment.currency, locale),
        "when": when.short(wish.starts_at, reader.tz, locale),
        "when_in_full": when.spell(wish.starts_at, wish.starts_at + _length(payment), reader.tz, locale),
        "company": payment.account.public_name,
    }
    return worded(payment_mail(payment, about, reader, host=host), MailKind(f"PAYMENT_{about.upper()}"), own, values)


def _length(payment: Payment) -> timedelta:
    return timedelta(minutes=minutes_of(payment))


def payment_mail(payment: Payment, about: str, reader: Reader, *, host: str) -> Content:
    """What they read, as we word it."""
    locale, wish = reader.locale, wish_of(payment)
    payer = payer_of(payment).mailbox
    minutes = _length(payment)
    title = title_of(wish, payment.link, owner=host)
    amount = money.spell(payment.amount, payment.currency, locale)
    named = {"title": title, "amount": amount, "name": payer.name or payer.email}
    opening = say(locale, f"mail.payment_{about}.opening", **named)
    return Content(
        locale=locale,
        subject=say(locale, f"mail.payment_{about}.subject", **named),
        preheader=opening,
        opening=opening,
        facts=(
            Fact(say(locale, "mail.what"), (title,), is_strong=True),
            Fact(say(locale, "mail.payment_amount"), (amount,), is_strong=True),
            Fact(say(locale, "mail.when"), (when.spell(wish.starts_at, wish.starts_at + minutes, reader.tz, locale),)),
        ),
        company=company_of_account(payment.account, locale),
        why=say(locale, "mail.why_payment_host" if about == "lost_host" else "mail.why_payment"),
        buttons=_other_times(payment, locale) if about == "lost" else (),
        notes=(say(locale, f"mail.payment_{about}.next"),),
    )


def _other_times(payment: Payment, locale: str) -> tuple[Action, ...]:
    if not payment.link.is_active or payment.link.retired_at is not None:
        return ()
    address = settings.current().address(f"/m/{payment.link.slug}")
    return (Action(say(locale, "mail.payment_other_times"), address),)
