"""The page behind the manage link: see the meeting, move it, cancel it. Looking never changes anything (S1-36)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server import clock, settings
from server.booking.cancel import LONGEST_REASON, cancel
from server.booking.errors import SlotTaken
from server.booking.manage_link import ManagedBooking, booking_of
from server.booking.nearest import nearest_free
from server.booking.reschedule import reschedule
from server.errors import ErrorCode, Refused
from server.links.pages import SchedulingPage
from server.meetings.facts import meeting_facts
from server.web.pages.attempts import seconds_to_wait
from server.web.pages.booking_page import (
    back_to,
    booking_page,
    cancel_question,
    page_to_move_on,
    reading_of,
)
from server.web.pages.booking_words import words_of
from server.web.pages.calendar_links import calendar_file
from server.web.pages.failing import visitors_door
from server.web.pages.frame import message
from server.web.pages.lost import nearest_instead
from server.web.pages.same_site import is_from_elsewhere
from server.web.pages.steps import Moving, times_step, zone_step
from server.web.pages.visit import Visit, instant, visit_of
from server.wording import say, say_html

_GONE = {ErrorCode.SLOT_NOT_OFFERED, ErrorCode.TIME_IN_PAST}


def routes() -> list[BaseRoute]:
    """`/b/<token>` and what can be done there."""
    return [
        Route("/b/{token}", look, methods=["GET"]),
        Route("/b/{token}/move", choose_new_time, methods=["GET"]),
        Route("/b/{token}/move", move, methods=["POST"]),
        Route("/b/{token}/cancel", ask_to_cancel, methods=["GET"]),
        Route("/b/{token}/cancel", cancel_meeting, methods=["POST"]),
        Route("/b/{token}/invite.ics", download, methods=["GET"]),
        Route("/b/{token}/invitation.ics", download, methods=["GET"]),
    ]


@visitors_door
async def look(request: Request) -> Response:
    """The meeting as it stands, and what can be done with it."""
    booking = await booking_of(request.path_params["token"])
    if booking is None:
        return _wrong_link(request)
    return await booking_page(request, booking)


@visitors_door
async def choose_new_time(request: Request) -> Response:
    """The picker of the scheduling page, with the present time beside it."""
    booking = await booking_of(request.path_params["token"])
    if booking is None:
        return _wrong_link(request)
    page = page_to_move_on(booking)
    if page is None:
        return await booking_page(request, booking)
    visit = _visit(request, booking, page)
    if visit.changes_zone:
        return await zone_step(request, page, visit)
    return await times_step(request, page, visit, _moving(booking, visit))


@visitors_door
async def move(request: Request) -> Response:
    """The meeting has the chosen time; or it stays where it was, and the page says why and what is free instead."""
    booking = await booking_of(request.path_params["token"])
    if booking is None:
        return _wrong_link(request)
    page = page_to_move_on(booking)
    if page is None:
        return await booking_page(request, booking, status=409)
    if refusal := _refused_at_the_door(request):
        return refusal
    visit = _visit(request, booking, page)
    form = await request.form(max_files=0, max_fields=50)
    starts_at = instant(str(form.get("start", "")))
    if starts_at is None:
        return RedirectResponse(visit.address(), status_code=303)
    try:
        await reschedule(booking.token, starts_at=starts_at, idempotency_key=_key(str(form.get("key", ""))))
    except SlotTaken as taken:
        lost = nearest_instead(starts_at, taken.alternatives, visit, was_taken=True)
        return await times_step(request, page, visit, replace(_moving(booking, visit), lost=lost), status=409)
    except Refused as refused:
        return await _not_moved(request, booking, page, visit, starts_at, refused)
    return back_to(booking, visit.carried, moved="1")


@visitors_door
async def ask_to_cancel(request: Request) -> Response:
    """One question, before anything is changed."""
    booking = await booking_of(request.path_params["token"])
    if booking is None:
        return _wrong_link(request)
    return await cancel_question(request, booking)


@visitors_door
async def cancel_meeting(request: Request) -> Response:
    """The meeting is canceled, and its host will hear of it."""
    booking = await booking_of(request.path_params["token"])
    if booking is None:
        return _wrong_link(request)
    if refusal := _refused_at_the_door(request):
        return refusal
    form = await request.form(max_files=0, max_fields=50)
    reason = str(form.get("reason", ""))[:LONGEST_REASON]
    if not booking.can_change:
        return await booking_page(request, booking, status=409)
    try:
        await cancel(booking.token, reason=reason, idempotency_key=_key(str(form.get("key", ""))))
    except Refused:
        return await booking_page(request, await booking_of(booking.token) or booking, status=409)
    return back_to(booking, request.query_params, canceled="1")


@visitors_door
async def download(request: Request) -> Response:
    """The meeting as a calendar file."""
    booking = await booking_of(request.path_params["token"])
    if booking is None or booking.is_canceled:
        return _wrong_link(request)
    facts = await meeting_facts(booking.meeting.id)
    content = calendar_file(facts, stamp=clock.now(), locale=booking.meeting.locale)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="invite.ics"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)


async def _not_moved(
    request: Request,
    booking: ManagedBooking,
    page: SchedulingPage,
    visit: Visit,
    starts_at: datetime,
    refused: Refused,
) -> Response:
    if not any(one.code in _GONE and one.path != ("token",) for one in refused.complaints):
        return await booking_page(request, await booking_of(booking.token) or booking, status=409)
    free = await nearest_free(
        page, starts_at, duration_minutes=visit.duration_minutes, ignoring_meeting=booking.meeting.id
    )
    lost = nearest_instead(starts_at, free, visit, was_taken=False)
    return await times_step(request, page, visit, replace(_moving(booking, visit), lost=lost), status=409)


def _visit(request: Request, booking: ManagedBooking, page: SchedulingPage) -> Visit:
    """The visit in the meeting's own zone and length, unless another zone was chosen."""
    meeting = booking.meeting
    minutes = int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
    visit = visit_of(request, page, duration_minutes=minutes)
    reading = reading_of(request, booking)
    return replace(visit, tz=reading.tz, locale=reading.locale)


def _moving(booking: ManagedBooking, visit: Visit) -> Moving:
    now = words_of(booking, visit.tz, visit.locale).moment
    return Moving(
        meeting_id=booking.meeting.id,
        now_line=say_html(visit.locale, "manage.now", when=now),
        button=say(visit.locale, "manage.move_button"),
        title=say(visit.locale, "manage.move_heading", title=booking.meeting.title),
        back=f"{settings.current().sub_path}/b/{booking.token}",
    )


def _refused_at_the_door(request: Request) -> Response | None:
    if is_from_elsewhere(request):
        return message(request, "error.elsewhere", status=403)
    if seconds := seconds_to_wait(request, "bookMeeting"):
        return message(request, "error.too_many", status=429, retry_after=seconds, seconds=seconds)
    return None


def _wrong_link(request: Request) -> Response:
    return message(request, "manage.wrong_link", status=404, next_key="manage.wrong_link_next")


def _key(text: str) -> str | None:
    return text[:64] or None
