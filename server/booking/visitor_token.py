"""A known contact on a site of the account's own: a signed token says who it is, and the site what was submitted there.

S1-29. The token is made by the account for a visitor whom its site knows already, and proves nothing anywhere else."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from server import clock, ids, settings
from server.accounts.settings_form import ascii_host
from server.accounts.viewer import Viewer
from server.booking.remembered import KEPT_FOR
from server.errors import ErrorCode, refusal
from server.models import Contact, VisitorDevice

LASTS = timedelta(hours=1)
"""Long enough to book, too short to be of use to whoever is sent the address later."""

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class VisitorToken:
    """What a page is opened with, as `?visitor=`, and until when it means anything."""

    token: str
    expires_at: datetime


async def create_visitor_token(viewer: Viewer, contact_id: int, site: str) -> VisitorToken:
    """The token by which this contact of the account is known on `site`, a host such as `meet.example.com`, for an
    hour. Nothing is written. `NOT_FOUND`, and `SETTING_INVALID` for what is no host."""
    contact = await Contact.get_or_none(id=contact_id, account_id=viewer.account_id)
    if contact is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such contact.", "contact")
    if ascii_host(site) is None:
        message = "Please give the host of the site alone, such as meet.example.com."
        raise refusal(ErrorCode.SETTING_INVALID, message, "site")
    return VisitorToken(visitor_token_of(contact, site), clock.now() + LASTS)


def visitor_token_of(contact: Contact, site: str) -> str:
    """The token of a contact that is at hand."""
    ends = int((clock.now() + LASTS).timestamp())
    return f"{contact.id}.{ends}.{_signature(contact.account_id, contact.id, ends, site)}"


async def contact_of(token: str, account_id: int, site: str) -> Contact | None:
    """The contact that a token stands for on this site; None if it was not signed here for it, or has run out."""
    number, _, rest = token.partition(".")
    ends, _, signature = rest.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (number, ends)):
        return None
    wanted = _signature(account_id, int(number), int(ends), site)
    if not hmac.compare_digest(wanted.encode(), signature.encode()) or int(ends) < clock.now_epoch():
        return None
    return await Contact.get_or_none(id=int(number), account_id=account_id)


async def submitted_by(contact: Contact, site: str) -> Mapping[str, str]:
    """The properties that this contact last submitted on this site; empty if none."""
    known = await VisitorDevice.get_or_none(
        account_id=contact.account_id, digest=_place(contact, site), seen_at__gt=clock.now() - KEPT_FOR
    )
    return {str(name): str(value) for name, value in known.details.items()} if known is not None else {}


async def note_submission(contact: Contact, site: str, details: Mapping[str, str]) -> None:
    """What the contact submitted on this site is what is known of them there."""
    known = VisitorDevice(account_id=contact.account_id, digest=_place(contact, site), seen_at=clock.now())
    known.details = {name: value for name, value in details.items() if value}
    # A form that was sent twice is noted twice at the same moment.
    await VisitorDevice.bulk_create([known], on_conflict=["digest"], update_fields=["details", "seen_at"])


def _place(contact: Contact, site: str) -> str:
    """Under what a contact's submissions on one site are kept; no cookie leads there."""
    seed = f"{contact.account_id}:{contact.id}:{site.lower()}"
    return ids.digest(ids.secret_from(seed, key=settings.current().secret_key, purpose="visitor-site"))


def _signature(account_id: int, contact_id: int, ends: int, site: str) -> str:
    seed = f"{account_id}:{contact_id}:{ends}:{site.lower()}"
    return ids.secret_from(seed, key=settings.current().secret_key, purpose="visitor")[:_LENGTH]
