"""A contact books a meeting through a link: everything in one transaction, nothing over the network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from server import database, ids, metrics
from server.booking.already_booked import VERB, booking_scope, token_from
from server.booking.assign import Assignment, assigned
from server.booking.errors import SlotTaken
from server.booking.form import Answer
from server.booking.hold import drop_hold, live_hold
from server.booking.nearest import nearest_free
from server.booking.open_page import with_hosts_locked
from server.booking.submitted import Booking, Form, checked
from server.booking.tracking import Tracking, as_stored
from server.changes.log import record_change
from server.contacts.upsert import note_booking, owner_of, upsert_contact
from server.devices.notices import NoticeKind, wake_colleagues
from server.errors import ErrorCode, refusal
from server.links.count import count_booking
from server.links.pages import SchedulingPage, link_of, page_of, scheduling_page_of
from server.links.price import price_of
from server.links.titles import meeting_title
from server.meetings.associations import Tie, tie
from server.meetings.mails import tell_attendees, tell_host
from server.meetings.occupy import occupy
from server.meetings.refunds import promise_payment_mail
from server.meetings.video import promise_room, video_account_if_any
from server.models import Attendee, Contact, Meeting, MeetingLink, Outcome, Payment, User
from server.models.enums import AttendeeKind, ChangeKind, LocationKind, MeetingSource, Reply
from server.reminders.plan import zone_for
from server.reminders.rows import plan_reminders, reminders_of
from server.repeats import kept_or
from server.rich_text import from_plain
from server.rotation.members import count_up

__all__ = ["Answer", "Booked", "Booking", "SlotTaken", "Tracking", "book"]

_UNPAID = "A meeting on this page is paid for first."
_NO_PAGE = "There is no scheduling page at this address. Please ask whoever sent it to you for the right one."


@dataclass(frozen=True, slots=True)
class Booked:
    """The meeting that now stands, and the token with which its visitor can move or cancel it."""

    meeting_id: int
    manage_token: str


async def book(booking: Booking) -> Booked:
    """The meeting stands, its host is busy, its contact and reminders are there, the mails are promised and the change
    is recorded; or `Refused`, and nothing was written.

    `SlotTaken` carries the three nearest free starts. Else `LINK_NOT_FOUND`, `LINK_INACTIVE`, `SLOT_NOT_OFFERED` or
    `TIME_IN_PAST`, or all at once what is wrong with the form: `NAME_REQUIRED`, `EMAIL_INVALID`, `TEXT_TOO_LONG`,
    `TIME_ZONE_INVALID`, `ANSWER_MISSING`, `ANSWER_INVALID`, `CONSENT_REQUIRED`, `GUEST_LIMIT`, `SANDBOX_ONLY`. The same
    idempotency key and input give the first result again."""
    link = await link_of(booking.slug, even_retired=True)
    if link is None:
        raise refusal(ErrorCode.LINK_NOT_FOUND, _NO_PAGE, "slug")
    async with offering_others(link, booking):
        result = await once_under_its_key(booking, link, partial(_book, booking))
    return Booked(meeting_id=result["meeting_id"], manage_token=token_from(result))


async def book_paid(booking: Booking, payment: Payment, *, seen: list[dict[str, Any]] | None = None) -> None:
    """Inside the transaction of the notice that says so: the meeting that was paid for stands, as in `book`. `seen` is
    what its visitor was asked to agree to before they paid."""
    await _book(booking, payment, seen)


async def once_under_its_key(
    booking: Booking, link: MeetingLink, run: Callable[[], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    """What `run` comes to in a transaction, or what the same booking under the same idempotency key came to before."""
    return await kept_or(
        VERB,
        account_id=link.account_id,
        scope=booking_scope(link, booking.email),
        key=booking.idempotency_key,
        input=booking_input(booking),
        run=run,
    )


@asynccontextmanager
async def offering_others(link: MeetingLink, booking: Booking) -> AsyncIterator[None]:
    """Whoever loses the slot inside is offered the nearest free starts (`SlotTaken`)."""
    try:
        yield
    except (SlotTaken, database.Overlap) as lost:
        metrics.SLOTS_LOST.inc()
        free = await nearest_free(await page_of(link), booking.starts_at, duration_minutes=booking.duration_minutes)
        raise SlotTaken(free, hold_expired=isinstance(lost, SlotTaken) and lost.hold_expired) from lost


async def _book(
    booking: Booking, payment: Payment | None = None, seen: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The recipe, inside the transaction."""
    page = await scheduling_page_of(booking.slug)
    if page is None:
        raise refusal(ErrorCode.LINK_NOT_FOUND, _NO_PAGE, "slug")
    if payment is None and price_of(page.link) is not None:
        raise refusal(ErrorCode.PAYMENT_REQUIRED, _UNPAID, "slug")
    form = await checked(booking, page)
    if seen is not None:
        form = replace(form, consents=seen)
    page = await with_hosts_locked(page)
    hold = await live_hold(booking.hold_token, page, booking.starts_at, form.duration_minutes)
    assignment = await assigned(
        page,
        booking.starts_at,
        form.duration_minutes,
        owner_id=await owner_of(page.account.id, form.person.email) if page.link.contact_owner_first else None,
        hold=hold,
        had_hold=booking.hold_token is not None,
    )
    if hold is not None:
        await drop_hold(hold)
    contact = await upsert_contact(page.account.id, form.person)
    meeting = await _create_meeting(booking, form, page, assignment, contact, payment)
    await occupy(
        meeting,
        [host.id for host in assignment.hosts],
        minutes_before=page.link.buffer_before_minutes,
        minutes_after=page.link.buffer_after_minutes,
    )
    await _expect_attendees(meeting, form, contact, assignment.hosts)
    await tie(meeting, [Tie(contact_id=contact.id)])
    await _plan_reminders(meeting, form, page, contact)
    await note_booking(contact, organizer_id=meeting.organizer_id, **asdict(form.tracking))
    if not await count_booking(page.link.id):
        raise refusal(ErrorCode.LINK_NOT_FOUND, _NO_PAGE, "slug")
    if meeting.rotation_id is not None:
        await count_up(meeting.rotation_id, meeting.host_id)
    await promise_room(meeting)
    await tell_attendees(meeting, "booked")
    await tell_host(meeting, "booked")
    if payment is not None:
        await promise_payment_mail(payment, "received", meeting_id=meeting.id)
    await wake_colleagues(meeting, NoticeKind.MEETING_BOOKED, actor="visitor")
    await record_change(
        ChangeKind.MEETING_BOOKED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor="visitor",
        data=_fact(meeting, booking),
    )
    database.after_commit(metrics.BOOKINGS.inc)
    return {"meeting_id": meeting.id, "ical_uid": meeting.ical_uid}


async def _create_meeting(
    booking: Booking,
    form: Form,
    page: SchedulingPage,
    assignment: Assignment,
    contact: Contact,
    payment: Payment | None,
) -> Meeting:
    link, host = page.link, assignment.host
    scheduled = await Outcome.get(account_id=page.account.id, key="SCHEDULED")
    video = await video_account_if_any(host) if link.location_kind is LocationKind.VIDEO else None
    return await Meeting.create(
        account_id=page.account.id,
        title=meeting_title(link.title, contact=form.person.name, host=host.name),
        starts_at=booking.starts_at,
        ends_at=booking.starts_at + timedelta(minutes=form.duration_minutes),
        time_zone=form.time_zone or page.tz,
        host_id=host.id,
        organizer_id=host.id,
        contact_id=contact.id,
        location_kind=link.location_kind,
        location_provider=video.kind.value if video is not None else None,
        video_account_id=video.id if video is not None else None,
        location_text=link.location_text or (form.person.phone if link.location_kind is LocationKind.PHONE else ""),
        attendee_description=link.attendee_description or from_plain(link.description),
        outcome_id=scheduled.id,
        link_id=link.id,
        rotation_id=assignment.rotation_id,
        payment_id=payment.id if payment is not None else None,
        assignment_trace=assignment.trace,
        source=MeetingSource.MEETING_LINK,
        locale=form.locale,
        tracking=as_stored(form.tracking),
        answers=form.answers,
        consents=form.consents,
        ical_uid=ids.new_uid(),
    )


async def _expect_attendees(meeting: Meeting, form: Form, contact: Contact, hosts: tuple[User, ...]) -> None:
    """The contact has not replied yet (S1-35), the hosts have by offering the time, guests are known by address only.
    Whoever books a page of their own is expected once."""
    expected = [_attendee(meeting, AttendeeKind.CONTACT, form.person.email, form.person.name, contact_id=contact.id)]
    expected += [
        _attendee(meeting, AttendeeKind.USER, host.email, host.name, user_id=host.id, reply=Reply.ACCEPTED)
        for host in hosts
        if host.email != form.person.email
    ]
    expected += [_attendee(meeting, AttendeeKind.GUEST, address) for address in form.guests]
    await Attendee.bulk_create(expected)


def _attendee(meeting: Meeting, kind: AttendeeKind, email: str, name: str = "", **of: Any) -> Attendee:
    return Attendee(account_id=meeting.account_id, meeting_id=meeting.id, kind=kind, email=email, name=name, **of)


async def _plan_reminders(meeting: Meeting, form: Form, page: SchedulingPage, contact: Contact) -> None:
    """The link's own reminders, else the account's (S2-18), in the contact's zone, else the chosen one, else the
    account's (S2-19)."""
    rule, tz = zone_for(contact=contact.time_zone, booking=form.time_zone, account=page.account.time_zone)
    await plan_reminders(meeting, reminders_of(page.account, page.link.reminders), rule=rule, tz=tz)


def _fact(meeting: Meeting, booking: Booking) -> dict[str, Any]:
    """What the log keeps of a booking: when and through what it was, and what the visitor agreed to."""
    fact = {
        "link_id": meeting.link_id,
        "host_id": meeting.host_id,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
    }
    return {**fact, "consents": list(booking.consents)} if booking.consents else fact


def booking_input(booking: Booking) -> dict[str, Any]:
    """What makes two requests the same: all that was sent but the key, and by which of its slugs the link was named."""
    sent = asdict(booking)
    del sent["idempotency_key"], sent["slug"]
    return sent
