"""The steps of the scheduling page as HTML: the times, the zone, the details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import clock, ids, settings
from server.booking.already_booked import booked_by_form
from server.booking.consents import asked_consent
from server.booking.form_hold import form_hold
from server.booking.slots import last_day
from server.links.pages import SchedulingPage
from server.models import Rotation
from server.web.pages.about import About, about_of, zone_line
from server.web.pages.answering import page_answer
from server.web.pages.asked import questions_of, rows_of
from server.web.pages.auto_submit import complete_form
from server.web.pages.embed import frames_of
from server.web.pages.frame import frame_of
from server.web.pages.lost import Lost
from server.web.pages.picker import Picker, picker_of
from server.web.pages.rendering import rendered
from server.web.pages.spam_guard import seen_for
from server.web.pages.typed import MOST_GUESTS, Typed
from server.web.pages.visit import Visit, written
from server.web.pages.zones import guessed, zone_groups
from server.wording import say, say_html, when


@dataclass(frozen=True, slots=True)
class Details:
    """The second step as it has to be shown: what is typed, what was wrong, and the time that was lost. `reference`
    goes with an alarm that the visitor may have to tell of."""

    typed: Typed
    lost: Lost | None = None
    mistakes: Mapping[str, str] = field(default_factory=dict)
    alarm: str | None = None
    reference: Markup | None = None
    status: int = 200
    retry_after: int | None = None
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Moving:
    """What is different when the time is chosen for a meeting that stands already: it is posted at once."""

    meeting_id: int
    title: str
    now_line: Markup
    button: str
    back: str
    lost: Lost | None = None


async def times_step(
    request: Request,
    page: SchedulingPage,
    visit: Visit,
    moving: Moving | None = None,
    *,
    known: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The first thing a visitor sees: times to tap. Where everything that the form would ask is `known`, choosing one
    is all there is to do."""
    hold = await form_hold(page, visit.key)
    meeting_id = moving.meeting_id if moving else None
    picker = await picker_of(page, visit, moving=meeting_id, own_hold=hold.id if hold else None)
    form = complete_form(page, known, visit.locale) if known else None
    key = await _key_to_begin_with(page, visit)
    today = clock.now().astimezone(ZoneInfo(visit.tz)).date()
    is_locked = page.link.locks_time_zone
    html = rendered(
        "picking.html",
        locale=visit.locale,
        **frame_of(
            page.account,
            visit.locale,
            lambda tag: visit.address(lang=tag),
            link=page.link,
            zone=visit.tz,
            guesses=_is_guessed(page, visit),
            embedded=visit.is_embedded,
            follows_device=visit.follows_device,
        ),
        about=await about(page, visit, with_duration=not picker.durations),
        step="picking",
        picker=picker,
        shows_all=visit.shows_all_weeks,
        zone_line=zone_line(visit.tz, visit.locale),
        zone_words=when.zone_plain(visit.tz, visit.locale),
        zone_href=None if is_locked else visit.address(change="zone"),
        nothing_until=when.day(last_day(page, today), visit.locale),
        moving=moving,
        lost=moving.lost if moving else None,
        follow=_following(page, visit, picker) if picker.date and moving is None and not visit.is_preview else None,
        form=form,
        consent=asked_consent(page, visit.locale) if form else None,
        **_sending(page, visit, moving, form, key),
    )
    return page_answer(request, html, status=status, frames=_frames(page, visit), leads_to=[page.link.redirect_url])


async def _key_to_begin_with(page: SchedulingPage, visit: Visit) -> str:
    """The key of the form to come: a new one, unless its visitor came back from a form that has not booked yet."""
    is_unused = bool(visit.key) and not await booked_by_form(page, visit.key)
    return visit.key if is_unused else ids.new_secret()[:22]


def _sending(
    page: SchedulingPage, visit: Visit, moving: Moving | None, form: Typed | None, key: str
) -> dict[str, object]:
    """Where the chosen time goes: to the form, or, where there is nothing to fill in, at once."""
    if moving:
        return {"method": "post", "action": visit.address(), "hidden": {"key": key}, "button": moving.button}
    if form:
        hidden = {"key": key, "seen": seen_for(form, page.slug)}
        return {
            "method": "post",
            "action": visit.address(),
            "hidden": hidden,
            "button": say(visit.locale, "form.book"),
        }
    return {
        "method": "get",
        "action": visit.path,
        "hidden": {**visit.carried, "key": key},
        "button": say(visit.locale, "page.continue"),
    }


def _following(page: SchedulingPage, visit: Visit, picker: Picker) -> Mapping[str, object]:
    """Where the script hears of the day's times as others take them."""
    address = f"{settings.current().sub_path}/graphql"
    return {
        "address": address,
        "slug": page.slug,
        "day": picker.date,
        "minutes": visit.duration_minutes,
        "tz": visit.tz,
    }


def _is_guessed(page: SchedulingPage, visit: Visit) -> bool:
    """Whether nobody chose the zone, so that the device may know better."""
    return "tz" not in visit.carried and not page.link.locks_time_zone


def _frames(page: SchedulingPage, visit: Visit) -> Sequence[str]:
    return frames_of(page.link, is_embedded=visit.is_embedded)


async def zone_step(request: Request, page: SchedulingPage, visit: Visit) -> Response:
    """Every zone by region, each with its present clock time."""
    near = (visit.tz, guessed(request.headers.get("accept-language", ""), page.tz), page.tz)
    kept = {name: value for name, value in visit.carried.items() if name != "tz"}
    html = rendered(
        "zone.html",
        locale=visit.locale,
        **frame_of(
            page.account,
            visit.locale,
            lambda tag: visit.address(lang=tag, change="zone"),
            link=page.link,
            embedded=visit.is_embedded,
            follows_device=visit.follows_device,
        ),
        about=await about(page, visit),
        step="zone",
        groups=zone_groups(clock.now(), visit.locale, visit.tz, near),
        action=visit.path,
        hidden={**kept, **({"date": visit.day.isoformat()} if visit.day else {})},
    )
    return page_answer(request, html, frames=_frames(page, visit))


async def details_step(request: Request, page: SchedulingPage, visit: Visit, details: Details) -> Response:
    """The chosen time in words, and the form, with everything that was typed still in it."""
    typed = details.typed
    starts_at = typed.starts_at or visit.starts_at
    if starts_at is None:
        return RedirectResponse(visit.address(), status_code=303)
    key = typed.key or visit.key or ids.new_secret()[:22]
    consent = asked_consent(page, visit.locale)
    html = rendered(
        "details.html",
        locale=visit.locale,
        **frame_of(
            page.account,
            visit.locale,
            lambda tag: visit.address(lang=tag, start=written(starts_at), key=key),
            link=page.link,
            zone=visit.tz,
            guesses=request.method == "GET" and _is_guessed(page, visit),
            embedded=visit.is_embedded,
            follows_device=visit.follows_device,
        ),
        about=await about(page, visit, with_duration=True),
        step="details",
        typed=typed,
        lost=details.lost,
        mistakes=details.mistakes,
        alarm=details.alarm,
        reference=details.reference,
        start=written(starts_at),
        summary=_summary(starts_at, visit),
        back=visit.address(date=starts_at.astimezone(ZoneInfo(visit.tz)).date().isoformat(), key=key),
        action=visit.address(key=None),
        keep_as=page.slug,
        is_forgotten=details.is_forgotten,
        hold=_hold(starts_at, visit) if details.lost is None and page.is_open and not visit.is_preview else None,
        hidden={"key": key, "seen": seen_for(typed, page.slug), **({"known": "1"} if typed.is_known else {})},
        rows=rows_of(page.link),
        questions=questions_of(page.link),
        consent=consent,
        guests_max=min(page.link.guests_max, MOST_GUESTS),
        button=say(visit.locale, "form.pay" if page.link.price_amount is not None else "form.book"),
    )
    return page_answer(
        request,
        html,
        status=details.status,
        retry_after=details.retry_after,
        frames=_frames(page, visit),
        leads_to=[page.link.redirect_url],
    )


def _summary(starts_at: datetime, visit: Visit) -> Mapping[str, str]:
    """The chosen time in words."""
    ends_at = starts_at + timedelta(minutes=visit.duration_minutes)
    return {
        "day": when.date_in_full(starts_at.astimezone(ZoneInfo(visit.tz)).date(), visit.locale),
        "span": when.span(starts_at, ends_at, visit.tz, visit.locale),
        "zone": when.zone_name(visit.tz, starts_at, visit.locale),
    }


def _hold(starts_at: datetime, visit: Visit) -> Mapping[str, object]:
    """Where the script keeps the time while the form is filled in, and what it says before that ends."""
    kept = {name: visit.carried[name] for name in ("duration", "lang") if name in visit.carried}
    return {
        "address": f"{visit.path}/hold?{urlencode(kept)}" if kept else f"{visit.path}/hold",
        "words": say_html(visit.locale, "hold.ends", clock=when.clock(starts_at, visit.tz, visit.locale)),
    }


async def about(page: SchedulingPage, visit: Visit, *, with_duration: bool = False) -> About:
    """Who invites to what; a round robin under the name of its team."""
    rotation = await Rotation.get_or_none(id=page.link.rotation_id) if page.link.rotation_id is not None else None
    return about_of(
        page,
        visit.locale,
        team=rotation.name if rotation else None,
        duration_minutes=visit.duration_minutes if with_duration else None,
        notice=say(visit.locale, "page.preview") if visit.is_preview else "",
    )
