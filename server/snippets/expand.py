"""A snippet becomes a text about one meeting and one contact."""

from __future__ import annotations

from collections.abc import Iterator

from server.accounts.viewer import Viewer
from server.errors import ErrorCode, refusal
from server.models import Account, Contact, Meeting, Snippet, User
from server.snippets.variables import Filled, filled
from server.wording import best_locale, regional_locale, when


async def expand_snippet(
    viewer: Viewer, snippet_id: int, *, meeting_id: int | None = None, contact_id: int | None = None
) -> Filled:
    """The snippet with everything filled in that is known: of the meeting, its host and contact, of the contact, of
    whoever asks. Nothing is written. `NOT_FOUND` for a foreign or unknown snippet, meeting or contact."""
    snippet = await Snippet.get_or_none(id=snippet_id, account_id=viewer.account_id)
    if snippet is None or snippet.owner_id not in (None, viewer.user_id):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such snippet. Please choose one from the list.", "snippet")
    meeting = await _meeting(viewer, meeting_id) if meeting_id is not None else None
    contact: Contact | None = meeting.contact if meeting is not None else None
    if contact_id is not None:
        contact = await _contact(viewer, contact_id)
    account = await Account.get(id=viewer.account_id)
    user = await User.get_or_none(id=viewer.user_id or 0)
    host = meeting.host if meeting is not None else user
    values = {"account.name": account.public_name, "user.name": user.name if user is not None else ""}
    values |= dict(_of_contact(contact)) if contact is not None else {}
    values |= dict(_of_meeting(meeting, contact, account)) if meeting is not None else {}
    values |= dict(_of_host(host)) if host is not None else {}
    return filled(snippet.body, values)


async def _meeting(viewer: Viewer, number: int) -> Meeting:
    found = await Meeting.get_or_none(id=number, account_id=viewer.account_id, deleted_at=None).select_related(
        "host", "contact__company"
    )
    if found is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting, or it has been deleted.", "meeting")
    return found


async def _contact(viewer: Viewer, number: int) -> Contact:
    found = await Contact.get_or_none(id=number, account_id=viewer.account_id).select_related("company")
    if found is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such contact. Please choose one from the list.", "contact")
    return found


def _of_contact(contact: Contact) -> Iterator[tuple[str, str]]:
    yield "contact.firstName", contact.first_name
    yield "contact.lastName", contact.last_name
    yield "contact.name", f"{contact.first_name} {contact.last_name}".strip()
    yield "contact.company", contact.company.name if contact.company is not None else ""


def _of_meeting(meeting: Meeting, contact: Contact | None, account: Account) -> Iterator[tuple[str, str]]:
    """The time as the contact will read it: in their zone and language, as far as these are known."""
    tz = (contact.time_zone if contact is not None else None) or meeting.time_zone
    known = contact.locale if contact is not None else None
    locale = regional_locale(known or account.locale, default=best_locale(account.locale))
    yield "meeting.title", meeting.title
    yield "meeting.when", when.spell(meeting.starts_at, meeting.ends_at, tz, locale)
    yield "meeting.location", meeting.location_join_url or meeting.location_text


def _of_host(host: User) -> Iterator[tuple[str, str]]:
    yield "host.name", host.name
    yield "host.firstName", (host.name.split() or [""])[0]
