"""The public page of a meeting link: choose a time, say who you are, be booked (S1-22 to S1-24)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server import clock, settings
from server.booking.already_booked import already_booked, is_key_used
from server.booking.book import Booking, book
from server.booking.errors import SlotTaken
from server.booking.nearest import nearest_free
from server.booking.slots import explain_slot
from server.booking.tracking import tracking_from
from server.booking.why_not import is_taken
from server.errors import ErrorCode, Refused
from server.links.pages import SchedulingPage, scheduling_page_of
from server.web.pages.about import company_of
from server.web.pages.attempts import seconds_to_wait
from server.web.pages.failing import visitors_door
from server.web.pages.frame import message
from server.web.pages.lost import Lost, all_instead, nearest_instead
from server.web.pages.mistakes import general_alarm, mistakes_in
from server.web.pages.spam_guard import is_hasty
from server.web.pages.steps import Details, details_step, times_step, zone_step
from server.web.pages.typed import Typed, typed_in, with_another_guest, without_guest
from server.web.pages.visit import Visit, locale_of, visit_of
from server.wording import say

_GONE = {ErrorCode.SLOT_NOT_OFFERED, ErrorCode.TIME_IN_PAST}
_CLOSED = {ErrorCode.LINK_INACTIVE, ErrorCode.LINK_NOT_FOUND}


def routes() -> list[BaseRoute]:
    """`/m/<slug>`: to look, and to book."""
    return [
        Route("/m/{slug}", look, methods=["GET"]),
        Route("/m/{slug}", send, methods=["POST"]),
    ]


@visitors_door
async def look(request: Request) -> Response:
    """The page at the step that its address names: zone, details, or the times. Nothing changes by looking."""
    page = await scheduling_page_of(request.path_params["slug"])
    if page is None:
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    if page.slug != request.path_params["slug"]:
        return _to_present_slug(request, page)
    if not page.is_open:
        return _closed(request, page)
    visit = visit_of(request, page)
    if visit.changes_zone:
        return await zone_step(request, page, visit)
    if visit.starts_at is None:
        return await times_step(request, page, visit)
    lost = await _lost_meanwhile(page, visit, visit.starts_at)
    typed = Typed(starts_at=visit.starts_at, key=visit.key)
    return await details_step(request, page, visit, Details(typed, lost=lost))


@visitors_door
async def send(request: Request) -> Response:
    """The details came in: the meeting is booked, or the form comes back as it was, with what to mend."""
    page = await scheduling_page_of(request.path_params["slug"])
    if page is None:
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    visit = visit_of(request, page)
    form = await request.form(max_files=0, max_fields=200)
    typed = typed_in(form, page.link.questions)
    wish = str(form.get("do", "book"))
    if wish != "book":
        return await details_step(request, page, visit, await _wished(wish, page, visit, typed))
    if seconds := seconds_to_wait(request, "bookMeeting"):
        alarm = say(visit.locale, "error.too_many", seconds=seconds)
        return await details_step(request, page, visit, Details(typed, alarm=alarm, status=429, retry_after=seconds))
    if is_hasty(typed, page.slug):
        alarm = say(visit.locale, "error.press_again")
        return await details_step(request, page, visit, Details(typed, alarm=alarm, status=422))
    return await _book(request, page, visit, typed)


async def _book(request: Request, page: SchedulingPage, visit: Visit, typed: Typed) -> Response:
    if typed.starts_at is None:
        alarm = say(visit.locale, "error.time")
        return await details_step(request, page, visit, Details(typed, alarm=alarm, status=422))
    known = await already_booked(page, typed.key, typed.email)
    if known is not None:
        return _to_booking(known, "again", visit)
    try:
        booked = await book(_booking(request, page, visit, typed, typed.starts_at))
    except SlotTaken as taken:
        lost = nearest_instead(typed.starts_at, taken.alternatives, visit, was_taken=True)
        return await details_step(request, page, visit, Details(typed, lost=lost, status=409))
    except Refused as refused:
        return await _refused(request, page, visit, typed, refused)
    return _to_booking(booked.manage_token, "1", visit)


def _booking(request: Request, page: SchedulingPage, visit: Visit, typed: Typed, starts_at: datetime) -> Booking:
    return Booking(
        slug=page.slug,
        starts_at=starts_at,
        duration_minutes=visit.duration_minutes,
        email=typed.email,
        first_name=typed.first_name,
        last_name=typed.last_name,
        phone=typed.phone,
        time_zone=visit.tz,
        locale=visit.locale,
        answers=typed.given_answers(),
        guests=tuple(guest for guest in typed.guests if guest.strip()),
        tracking=tracking_from(request.query_params),
        idempotency_key=typed.key or None,
    )


async def _refused(request: Request, page: SchedulingPage, visit: Visit, typed: Typed, refused: Refused) -> Response:
    codes = {one.code for one in refused.complaints}
    if codes & _CLOSED:
        return _closed(request, page)
    if typed.starts_at is not None and codes & _GONE:
        free = await nearest_free(page, typed.starts_at, duration_minutes=visit.duration_minutes)
        lost = nearest_instead(typed.starts_at, free, visit, was_taken=False)
        return await details_step(request, page, visit, Details(typed, lost=lost, status=409))
    mistakes = mistakes_in(refused.complaints, page, visit.locale)
    alarm = general_alarm(refused.complaints, visit.locale)
    return await details_step(request, page, visit, Details(typed, mistakes=mistakes, alarm=alarm, status=422))


async def _wished(wish: str, page: SchedulingPage, visit: Visit, typed: Typed) -> Details:
    """The form as it should come back after a button that books nothing."""
    gone = typed.lost_at or typed.starts_at
    if wish == "see-times" and gone is not None:
        return Details(typed, lost=await all_instead(page, gone, visit, was_taken=True))
    if wish == "add-guest":
        return Details(with_another_guest(typed, page.link.guests_max))
    return Details(without_guest(typed, wish.removeprefix("remove-guest-")))


async def _lost_meanwhile(page: SchedulingPage, visit: Visit, starts_at: datetime) -> Lost | None:
    """What to say when the time is gone before the form is even shown; None while it is still free."""
    reasons = await explain_slot(page, starts_at, duration_minutes=visit.duration_minutes)
    if not reasons:
        return None
    return nearest_instead(
        starts_at,
        await nearest_free(page, starts_at, duration_minutes=visit.duration_minutes),
        visit,
        was_taken=starts_at > clock.now() and is_taken(reasons, page.link.kind),
        is_perhaps_theirs=await is_key_used(page, visit.key),
    )


def _to_booking(token: str, outcome: str, visit: Visit) -> Response:
    kept = {"booked": outcome, **{name: visit.carried[name] for name in ("lang",) if name in visit.carried}}
    return RedirectResponse(f"{settings.current().sub_path}/b/{token}?{urlencode(kept)}", status_code=303)


def _to_present_slug(request: Request, page: SchedulingPage) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{settings.current().sub_path}/m/{page.slug}{query}", status_code=308)


def _closed(request: Request, page: SchedulingPage) -> Response:
    accepted = request.headers.get("accept-language", "")
    locale = locale_of(request.query_params.get("lang"), page.link.locale, accepted, page.account.locale)
    return message(request, "page.closed", locale=locale, company=company_of(page.account))
