"""One booked meeting as HTML: confirmed, moved, canceled, over, or simply still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import clock, ids, settings
from server.booking.manage_link import ManagedBooking
from server.links.pages import SchedulingPage
from server.models.enums import LocationKind
from server.web.pages.answering import page_answer
from server.web.pages.booking_words import BookingWords, time_before, words_of
from server.web.pages.calendar_links import calendar_links
from server.web.pages.embed import frames_of
from server.web.pages.frame import frame_of
from server.web.pages.rendering import rendered
from server.web.pages.visit import locale_of
from server.web.pages.zones import is_zone
from server.wording import best_locale, say, say_html, when

_KEPT = ("tz", "lang", "embed", "theme")
_BOOKED = ("booked", "auto", "again")


@dataclass(frozen=True, slots=True)
class Reading:
    """A booking, and the zone and language in which it is read."""

    booking: ManagedBooking
    tz: str
    locale: str
    query: str

    @property
    def words(self) -> BookingWords:
        """What is said of the meeting."""
        return words_of(self.booking, self.tz, self.locale)

    @property
    def path(self) -> str:
        """Where the booking is managed."""
        return f"{settings.current().sub_path}/b/{self.booking.token}"


def reading_of(request: Request, booking: ManagedBooking) -> Reading:
    """The booking in the zone it was booked in and the language it was booked in, unless the address says otherwise."""
    asked = request.query_params
    accepted = request.headers.get("accept-language", "")
    meeting = booking.meeting
    kept = {name: asked[name] for name in _KEPT if asked.get(name)}
    return Reading(
        booking=booking,
        tz=asked["tz"] if is_zone(asked.get("tz", "")) else meeting.time_zone,
        locale=locale_of(asked.get("lang"), meeting.locale, accepted, meeting.account.locale),
        query=f"?{urlencode(kept)}" if kept else "",
    )


def page_to_move_on(booking: ManagedBooking) -> SchedulingPage | None:
    """The scheduling page on which another time can be chosen; None if the meeting may not be moved."""
    page = booking.page
    return page if page is not None and page.is_open and booking.can_change else None


def back_to(booking: ManagedBooking, kept: Mapping[str, str], **outcome: str) -> Response:
    """Over to the booking's page, so that loading it again repeats nothing."""
    query = {**outcome, **{name: kept[name] for name in _KEPT if kept.get(name)}}
    return RedirectResponse(f"{settings.current().sub_path}/b/{booking.token}?{urlencode(query)}", status_code=303)


async def booking_page(request: Request, booking: ManagedBooking, *, status: int = 200) -> Response:
    """What is booked, what just happened to it, and what can be done now."""
    reading = reading_of(request, booking)
    words = reading.words
    was = None if booking.is_canceled else await time_before(booking, reading.tz, reading.locale)
    outcome = _outcome(request, booking)
    heading, below = _said(outcome, reading, words)
    is_to_come = not booking.is_canceled and not booking.is_past
    html = rendered(
        "booking.html",
        locale=reading.locale,
        **_frame(request, reading),
        booking=words,
        heading=heading,
        below=below,
        is_good=outcome in (*_BOOKED, "moved", "just_canceled"),
        is_booked=outcome in ("booked", "auto"),
        own_words=_own_words(booking) if outcome in _BOOKED else None,
        onwards=_onwards(request, booking) if outcome in _BOOKED else None,
        was=say_html(reading.locale, "manage.was", when=Markup("<s>{}</s>").format(was)) if was else None,
        can_change=booking.can_change,
        can_move=page_to_move_on(booking) is not None,
        note=_note(booking, outcome, reading.locale),
        path=reading.path,
        query=reading.query,
        calendars=_calendars(reading, words) if is_to_come else None,
        book_again=_book_again(booking),
        write_to=booking.meeting.account.contact_email or booking.host.email,
    )
    return page_answer(request, html, status=status, frames=_frames(request, booking))


async def cancel_question(request: Request, booking: ManagedBooking, *, alarm: str | None = None) -> Response:
    """One question and two buttons; the booking's own page if there is nothing to cancel."""
    if not booking.can_change:
        return await booking_page(request, booking)
    reading = reading_of(request, booking)
    words = reading.words
    moment = when.long(booking.meeting.starts_at, reading.tz, reading.locale)
    html = rendered(
        "cancel.html",
        locale=reading.locale,
        **_frame(request, reading, "/cancel"),
        booking=words,
        question=say_html(reading.locale, "manage.cancel_question", title=words.title, when=moment),
        zone=words.zone,
        alarm=alarm,
        key=ids.new_secret()[:22],
        action=f"{reading.path}/cancel{reading.query}",
        back=f"{reading.path}{reading.query}",
    )
    return page_answer(request, html, frames=_frames(request, booking))


def _frame(request: Request, reading: Reading, below: str = "") -> dict[str, object]:
    around = {name: request.query_params[name] for name in ("embed", "theme") if request.query_params.get(name)}
    return frame_of(
        reading.booking.meeting.account,
        reading.locale,
        lambda tag: f"{reading.path}{below}?{urlencode({'lang': tag, 'tz': reading.tz, **around})}",
        link=reading.booking.meeting.link,
        embedded=around.get("embed") == "1",
        follows_device=around.get("theme") == "auto",
    )


def _frames(request: Request, booking: ManagedBooking) -> Sequence[str]:
    return frames_of(booking.meeting.link, is_embedded=request.query_params.get("embed") == "1")


def _own_words(booking: ManagedBooking) -> str | None:
    """What the link says to whoever has booked (S1-44)."""
    link = booking.meeting.link
    return link.confirmation_message or None if link is not None else None


def _onwards(request: Request, booking: ManagedBooking) -> str | None:
    """From inside a frame: where the link sends whoever has booked, without their details."""
    link = booking.meeting.link
    is_embedded = request.query_params.get("embed") == "1"
    return link.redirect_url or None if link is not None and is_embedded else None


def _outcome(request: Request, booking: ManagedBooking) -> str:
    """What the page is about. The address only adds what the meeting itself does not contradict."""
    asked = request.query_params
    if booking.is_canceled:
        return "just_canceled" if "canceled" in asked else "canceled"
    if booking.is_past:
        return "over" if booking.meeting.ends_at <= clock.now() else "running"
    if "moved" in asked:
        return "moved"
    return {"1": "booked", "again": "again", "auto": "auto"}.get(asked.get("booked", ""), "")


def _said(outcome: str, reading: Reading, words: BookingWords) -> tuple[str, list[str | Markup]]:
    """The heading, and the sentences under it."""
    booking, locale = reading.booking, reading.locale
    match outcome:
        case "booked":
            return say(locale, "booked.heading"), _sent(booking, locale)
        case "auto":
            return say(locale, "booked.heading"), [say(locale, "booked.by_itself"), *_sent(booking, locale)]
        case "again":
            return say(locale, "booked.again"), _sent(booking, locale)
        case "moved":
            below: list[str | Markup] = [say(locale, "manage.updates_itself")]
            return say(locale, "manage.moved_to", when=words.moment), below
        case "just_canceled":
            return say(locale, "manage.canceled"), [say_html(locale, "manage.canceled_told", name=words.host_first)]
        case "canceled":
            return say(locale, "manage.canceled"), _canceled_when(booking, reading)
        case "over":
            return say(locale, "manage.past"), []
        case "running":
            return say(locale, "manage.running"), []
    return say(locale, "manage.heading"), []


def _sent(booking: ManagedBooking, locale: str) -> list[str | Markup]:
    sentences: list[str | Markup] = []
    if booking.contact is not None:
        sentences.append(say_html(locale, "booked.sent", email=booking.contact.email))
    if booking.meeting.location_kind is LocationKind.VIDEO:
        sentences.append(say(locale, "booked.call"))
    return sentences


def _canceled_when(booking: ManagedBooking, reading: Reading) -> list[str | Markup]:
    at = booking.meeting.canceled_at
    return (
        [say_html(reading.locale, "manage.already_canceled", when=when.long(at, reading.tz, reading.locale))]
        if at
        else []
    )


def _note(booking: ManagedBooking, outcome: str, locale: str) -> str | None:
    """Why there are no buttons, where somebody might look for them."""
    is_to_come = not booking.is_canceled and not booking.is_past
    return say(locale, "manage.changes_off") if is_to_come and booking.is_switched_off and outcome == "" else None


def _calendars(reading: Reading, words: BookingWords) -> object:
    meeting = reading.booking.meeting
    place = meeting.location_join_url or words.place or ""
    address = settings.current().address(f"/b/{reading.booking.token}") if reading.booking.can_change else ""
    return calendar_links(meeting, place=place, address=address)


def _book_again(booking: ManagedBooking) -> str | None:
    is_done = booking.is_canceled or booking.meeting.ends_at <= clock.now()
    if booking.page is None or not booking.page.is_open or not is_done:
        return None
    query = urlencode({"lang": best_locale(booking.meeting.locale)})
    return f"{settings.current().sub_path}/m/{booking.page.slug}?{query}"
