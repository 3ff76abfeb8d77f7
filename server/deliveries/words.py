"""What is said of a meeting in more than one place: where it is, with whom, and when it was."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from server.account_settings.logo import logo_url
from server.deliveries.addresses import contact_address, event_address
from server.deliveries.occasion import Occasion
from server.deliveries.readers import Reader
from server.gateways.mail.rendering import Action, Company, Fact
from server.meetings.facts import MeetingFacts
from server.models import Account
from server.models.enums import LocationKind
from server.wording import say, when


def where(facts: MeetingFacts, locale: str) -> str:
    """The location in words, empty if none was given."""
    meeting = facts.meeting
    if meeting.location_kind is LocationKind.VIDEO:
        detail = meeting.location_join_url or meeting.location_text
        return _kind_and_detail(locale, "mail.where.VIDEO", detail) if detail else say(locale, "mail.where.VIDEO.later")
    if meeting.location_kind is LocationKind.PHONE:
        return _kind_and_detail(locale, "mail.where.PHONE", meeting.location_text)
    return meeting.location_text


def contact_name(facts: MeetingFacts) -> str:
    """The name of whoever the meeting is with: the contact's, else the first attendee's who is not the host; empty if
    nobody else is expected."""
    if facts.contact is not None:
        name = f"{facts.contact.first_name} {facts.contact.last_name}".strip()
        return name or facts.contact.email
    others = (one.name or one.email for one in facts.attendees if one.user_id != facts.host.id)
    return next(others, "")


def say_with(locale: str, key: str, *, contact: str, **placeholders: object) -> str:
    """The sentence that names whom the meeting is with; the one beside it that names nobody, where `contact` is
    empty."""
    if contact:
        return say(locale, key, contact=contact, **placeholders)
    return say(locale, f"{key}.alone", **placeholders)


def open_contact(facts: MeetingFacts, locale: str) -> tuple[Action, ...]:
    """The way to whoever the meeting is with, if there is somebody."""
    contact = contact_name(facts)
    return (Action(say(locale, "mail.open_contact", contact=contact), contact_address(facts)),) if contact else ()


def open_event(facts: MeetingFacts, locale: str) -> Action:
    """The way to the entry in the host's built-in calendar (S1-33)."""
    return Action(say(locale, "mail.open_event"), event_address(facts))


def company_of(facts: MeetingFacts, locale: str) -> Company:
    """The account of the meeting as the sender of a mail."""
    return company_of_account(facts.account, locale)


def company_of_account(account: Account, locale: str) -> Company:
    """The account as the sender of a mail."""
    privacy = Action(say(locale, "mail.privacy"), account.privacy_url) if account.privacy_url else None
    return Company(
        name=account.public_name,
        accent=account.accent_color,
        postal_address=account.postal_address,
        website_url=account.website_url,
        privacy=privacy,
        logo_url=logo_url(account.logo),
    )


def facts_in_words(
    facts: MeetingFacts,
    reader: Reader,
    *,
    other: tuple[str, str],
    others: tuple[str, ...] = (),
    occasion: Occasion | None = None,
) -> tuple[Fact, ...]:
    """What, When, Where, With. `other` is the name, empty if there is none, and zone of the other side, told if its
    clocks differ; `others` are the people whom the reader meets; `occasion` may have an old time."""
    locale, was = reader.locale, _was(occasion, reader) if occasion is not None else ""
    told = [
        Fact(say(locale, "mail.what"), (facts.meeting.title,), is_strong=True),
        Fact(say(locale, "mail.when"), _when(facts, reader, other), was, is_strong=True),
    ]
    if place := where(facts, locale):
        told.append(Fact(say(locale, "mail.where"), (place,)))
    if others:
        told.append(Fact(say(locale, "mail.with"), others))
    return tuple(told)


def _when(facts: MeetingFacts, reader: Reader, other: tuple[str, str]) -> tuple[str, ...]:
    starts_at, ends_at = facts.meeting.starts_at, facts.meeting.ends_at
    own = when.spell(starts_at, ends_at, reader.tz, reader.locale)
    name, tz = other
    if not name or _offset(starts_at, tz) == _offset(starts_at, reader.tz):
        return (own,)
    theirs = when.spell(starts_at, ends_at, tz, reader.locale)
    return (own, say(reader.locale, "mail.for_other", name=name, when=theirs))


def _was(occasion: Occasion, reader: Reader) -> str:
    if occasion.was_starts_at is None or occasion.was_ends_at is None:
        return ""
    old = when.spell(occasion.was_starts_at, occasion.was_ends_at, reader.tz, reader.locale)
    return say(reader.locale, "mail.was", when=old)


def _kind_and_detail(locale: str, kind: str, detail: str) -> str:
    named = say(locale, kind)
    return say(locale, "mail.where.detail", kind=named, detail=detail) if detail else named


def _offset(instant: datetime, tz: str) -> object:
    return instant.astimezone(ZoneInfo(tz)).utcoffset()
