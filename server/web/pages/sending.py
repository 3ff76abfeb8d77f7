"""A form that came in is booked, paid for, or given back as it was with what to mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import settings
from server.booking.already_booked import already_booked
from server.booking.book import Booked, Booking
from server.booking.errors import SlotTaken
from server.booking.form_hold import form_hold_token
from server.booking.nearest import nearest_free
from server.booking.person import ALWAYS_TAKEN
from server.booking.tracking import tracking_from
from server.errors import ErrorCode, Refused
from server.links.pages import SchedulingPage
from server.payments.again import key_to_send_under
from server.payments.begin import Checkout, book_or_pay
from server.web.pages.about import company_of
from server.web.pages.checkout import to_checkout
from server.web.pages.device import remember_browser
from server.web.pages.frame import message
from server.web.pages.lost import nearest_instead
from server.web.pages.mistakes import general_alarm, mistakes_in
from server.web.pages.onwards import next_site
from server.web.pages.steps import Details, details_step
from server.web.pages.typed import Typed
from server.web.pages.visit import Visit, locale_of
from server.wording import say, say_html

_GONE = {ErrorCode.SLOT_NOT_OFFERED, ErrorCode.TIME_IN_PAST}
_CLOSED = {ErrorCode.LINK_INACTIVE, ErrorCode.LINK_NOT_FOUND}

_log = structlog.get_logger(__name__)


async def book_form(request: Request, page: SchedulingPage, visit: Visit, typed: Typed, *, outcome: str) -> Response:
    """The confirmation, the checkout, or the next site; else the form, with the nearest times where this one is gone.
    `outcome` is what the confirmation says of how it came about."""
    if typed.starts_at is None:
        alarm = say(visit.locale, "error.time")
        return await details_step(request, page, visit, Details(typed, alarm=alarm, status=422))
    known = await already_booked(page, typed.key, typed.email)
    if known is not None:
        return _to_booking(known, "again", visit)
    booking = _booking(request, page, visit, typed, typed.starts_at)
    try:
        booking = replace(booking, idempotency_key=await key_to_send_under(page, booking))
        booked = await book_or_pay(booking)
        if isinstance(booked, Checkout):
            answer = to_checkout(visit, booked)
        else:
            answer = _onwards(page, visit, booked, booking, outcome)
        await remember_browser(request, answer, page, visit, typed.details())
        return answer
    except SlotTaken as taken:
        lost = nearest_instead(typed.starts_at, taken.alternatives, visit, was_taken=True)
        return await details_step(request, page, visit, Details(typed, lost=lost, status=409))
    except Refused as refused:
        return await _refused(request, page, visit, typed, refused)
    except Exception:  # noqa: BLE001  whatever it was, the visitor is told whether the meeting stands
        _log.exception("booking_failed", slug=page.slug)
        return await _after_a_fault(request, page, visit, typed)


def _onwards(page: SchedulingPage, visit: Visit, booked: Booked, booking: Booking, outcome: str) -> Response:
    """To where the link sends whoever has booked, else to the confirmation. From inside a frame only the visitor leads
    the page around it away."""
    ends_at = booking.starts_at + timedelta(minutes=visit.duration_minutes)
    target = next_site(page.link, booking, ends_at=ends_at, tz=visit.tz)
    if target is None or visit.is_embedded:
        return _to_booking(booked.manage_token, outcome, visit)
    return RedirectResponse(target, status_code=303)


async def _after_a_fault(request: Request, page: SchedulingPage, visit: Visit, typed: Typed) -> Response:
    """Something broke on our side: the booking if it stands all the same, the form if it does not, and if that cannot
    be told now, no more than is known."""
    reference = str(request.scope.get("request_id", ""))
    try:
        known = await already_booked(page, typed.key, typed.email)
    except Exception:  # noqa: BLE001  the database is away: nothing is claimed that was not seen
        _log.exception("booking_unknown", slug=page.slug)
        return await _unsure(request, page, visit, typed, reference)
    if known is not None:
        return _to_booking(known, "1", visit)
    alarm = say(visit.locale, "error.nothing_booked", reference=reference)
    return await details_step(request, page, visit, Details(typed, alarm=alarm, status=500))


async def _unsure(request: Request, page: SchedulingPage, visit: Visit, typed: Typed, reference: str) -> Response:
    """The form as it was sent, to be sent again under its key; a page with the words alone if not even that can be
    made."""
    locale = visit.locale
    told = say_html(locale, "error.reference", reference=reference)
    details = Details(typed, alarm=say(locale, "error.unsure"), reference=told, status=500)
    try:
        return await details_step(request, page, visit, details)
    except Exception:  # noqa: BLE001  the words must come, whatever the form would have had to look up
        company = company_of(page.account, page.link.accent_color)
        return message(request, "error.unsure", status=500, locale=locale, company=company, reference=reference)


def _booking(request: Request, page: SchedulingPage, visit: Visit, typed: Typed, starts_at: datetime) -> Booking:
    return Booking(
        slug=page.slug,
        starts_at=starts_at,
        duration_minutes=visit.duration_minutes,
        email=typed.email,
        first_name=typed.properties.get("first_name", ""),
        last_name=typed.properties.get("last_name", ""),
        phone=typed.properties.get("phone", ""),
        properties={name: text for name, text in typed.properties.items() if name not in ALWAYS_TAKEN},
        time_zone=visit.tz,
        locale=visit.locale,
        answers=typed.given_answers(),
        guests=tuple(guest for guest in typed.guests if guest.strip()),
        tracking=tracking_from(request.query_params),
        consents=typed.consents,
        hold_token=form_hold_token(page, typed.key),
        idempotency_key=typed.key or None,
    )


async def _refused(request: Request, page: SchedulingPage, visit: Visit, typed: Typed, refused: Refused) -> Response:
    codes = {one.code for one in refused.complaints}
    if codes & _CLOSED:
        return closed(request, page)
    if typed.starts_at is not None and codes & _GONE:
        free = await nearest_free(page, typed.starts_at, duration_minutes=visit.duration_minutes)
        lost = nearest_instead(typed.starts_at, free, visit, was_taken=False)
        return await details_step(request, page, visit, Details(typed, lost=lost, status=409))
    mistakes = mistakes_in(refused.complaints, page, visit.locale)
    alarm = general_alarm(refused.complaints, visit.locale)
    return await details_step(request, page, visit, Details(typed, mistakes=mistakes, alarm=alarm, status=422))


def _to_booking(token: str, outcome: str, visit: Visit) -> Response:
    query = urlencode({"booked": outcome, **visit.kept_everywhere})
    return RedirectResponse(f"{settings.current().sub_path}/b/{token}?{query}", status_code=303)


def closed(request: Request, page: SchedulingPage) -> Response:
    """The page of a link that takes no bookings."""
    accepted = request.headers.get("accept-language", "")
    locale = locale_of(request.query_params.get("lang"), page.link.locale, accepted, page.account.locale)
    return message(request, "page.closed", locale=locale, company=company_of(page.account, page.link.accent_color))
