"""The public page of a meeting link: choose a time, say who you are, be booked (S1-22 to S1-24)."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server import clock, settings
from server.booking.form_hold import hold_for_form
from server.errors import Refused
from server.links.pages import SchedulingPage, scheduling_page_of
from server.links.preview import previewed
from server.web.pages.attempts import seconds_to_wait
from server.web.pages.device import forget_browser, known_of
from server.web.pages.failing import visitors_door
from server.web.pages.frame import message
from server.web.pages.lost import all_instead, lost_meanwhile
from server.web.pages.same_site import is_from_elsewhere
from server.web.pages.sending import book_form, closed
from server.web.pages.spam_guard import is_hasty
from server.web.pages.steps import Details, details_step, times_step, zone_step
from server.web.pages.typed import Typed, typed_from, typed_in, with_another_guest, without_guest
from server.web.pages.visit import Visit, instant, visit_of
from server.wording import say


def routes() -> list[BaseRoute]:
    """`/m/<slug>`: to look, and to book, and to keep a time meanwhile."""
    return [
        Route("/m/{slug}", look, methods=["GET"]),
        Route("/m/{slug}", send, methods=["POST"]),
        Route("/m/{slug}/hold", hold, methods=["POST"]),
    ]


@visitors_door
async def look(request: Request) -> Response:
    """The page at the step that its address names: zone, details, or the times. Nothing changes by looking."""
    page = await scheduling_page_of(request.path_params["slug"])
    if page is None:
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    if page.slug != request.path_params["slug"]:
        return _to_present_slug(request, page)
    visit = visit_of(request, page)
    if not page.is_open:
        shown = previewed(page, request.query_params.get("preview", ""))
        if shown is None or not shown.is_open:
            return closed(request, page)
        page, visit = shown, replace(visit, is_preview=True)
    if visit.changes_zone:
        return await zone_step(request, page, visit)
    known = await known_of(request, page, visit)
    if visit.starts_at is None:
        return await times_step(request, page, visit, known=known)
    lost = await lost_meanwhile(page, visit, visit.starts_at, visit.key)
    typed = replace(typed_from(known, page.link), starts_at=visit.starts_at, key=visit.key)
    return await details_step(request, page, visit, Details(typed, lost=lost))


@visitors_door
async def send(request: Request) -> Response:
    """The details came in: the meeting is booked, or the form comes back as it was, with what to mend."""
    page = await scheduling_page_of(request.path_params["slug"])
    if page is None:
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    visit = visit_of(request, page)
    form = await request.form(max_files=0, max_fields=200)
    wish = str(form.get("do", "book"))
    typed = typed_in(form, page.link)
    if wish == "forget":
        return await _forgotten(request, page, visit, typed)
    if wish == "auto":
        if is_from_elsewhere(request):
            return message(request, "error.elsewhere", status=403)
        typed = await _filled_in(request, page, visit, typed)
    elif wish != "book":
        return await details_step(request, page, visit, await _wished(wish, page, visit, typed))
    if seconds := seconds_to_wait(request, "bookMeeting"):
        alarm = say(visit.locale, "error.too_many", seconds=seconds)
        return await details_step(request, page, visit, Details(typed, alarm=alarm, status=429, retry_after=seconds))
    if is_hasty(typed, page.slug):
        alarm = say(visit.locale, "error.press_again")
        return await details_step(request, page, visit, Details(typed, alarm=alarm, status=422))
    return await book_form(request, page, visit, typed, outcome="auto" if wish == "auto" else "1")


@visitors_door
async def hold(request: Request) -> Response:
    """The script of the form keeps its time: for how many seconds, or 409 if somebody was quicker."""
    if is_from_elsewhere(request):
        return Response(status_code=403)
    page = await scheduling_page_of(request.path_params["slug"])
    form = await request.form(max_files=0, max_fields=20)
    starts_at = instant(str(form.get("start", "")))
    if page is None or starts_at is None:
        return Response(status_code=404)
    if seconds := seconds_to_wait(request, "holdSlot"):
        return Response(status_code=429, headers={"Retry-After": str(seconds)})
    visit = visit_of(request, page)
    try:
        held = await hold_for_form(page, str(form.get("key", ""))[:64], starts_at, visit.duration_minutes)
    except Refused:
        return Response(status_code=409)
    seconds = int((held.expires_at - clock.now()).total_seconds())
    return JSONResponse({"seconds": seconds}, headers={"Cache-Control": "no-store"})


async def _filled_in(request: Request, page: SchedulingPage, visit: Visit, typed: Typed) -> Typed:
    """The form as the browser's last booking fills it in."""
    known = await known_of(request, page, visit)
    filled = typed_from(known, page.link)
    return replace(typed, email=filled.email, properties=filled.properties, is_known=filled.is_known)


async def _forgotten(request: Request, page: SchedulingPage, visit: Visit, typed: Typed) -> Response:
    """The form, or the times if none was chosen, as a stranger sees them."""
    visit = replace(visit, carried={name: one for name, one in visit.carried.items() if name != "visitor"}, visitor="")
    if typed.starts_at is None:
        answer: Response = RedirectResponse(visit.address(), status_code=303)
    else:
        clean = Typed(starts_at=typed.starts_at, key=typed.key, seen=typed.seen)
        answer = await details_step(request, page, visit, Details(clean, is_forgotten=True))
    await forget_browser(request, answer, page)
    return answer


async def _wished(wish: str, page: SchedulingPage, visit: Visit, typed: Typed) -> Details:
    """The form as it should come back after a button that books nothing."""
    gone = typed.lost_at or typed.starts_at
    if wish == "see-times" and gone is not None:
        return Details(typed, lost=await all_instead(page, gone, visit, was_taken=True))
    if wish == "look-again" and typed.starts_at is not None:
        return Details(typed, lost=await lost_meanwhile(page, visit, typed.starts_at, typed.key))
    if wish == "add-guest":
        return Details(with_another_guest(typed, page.link.guests_max))
    return Details(without_guest(typed, wish.removeprefix("remove-guest-")))


def _to_present_slug(request: Request, page: SchedulingPage) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{settings.current().sub_path}/m/{page.slug}{query}", status_code=308)
