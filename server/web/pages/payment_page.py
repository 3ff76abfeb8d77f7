"""What became of a payment, for whoever comes back from paying: paid and booked, still waiting, failed, or over."""

from __future__ import annotations

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server import settings
from server.models import Payment
from server.models.enums import PaymentState
from server.payments.ending import abandon
from server.payments.standing import PaymentStanding, payment_standing
from server.payments.wish import minutes_of
from server.web.pages.about import place_of
from server.web.pages.answering import page_answer
from server.web.pages.embed import frames_of
from server.web.pages.failing import visitors_door
from server.web.pages.frame import frame_of, message
from server.web.pages.onwards import next_site
from server.web.pages.payment_words import PaymentWords, payment_words
from server.web.pages.rendering import rendered
from server.web.pages.same_site import is_from_elsewhere
from server.web.pages.visit import locale_of


def routes() -> list[BaseRoute]:
    """`/m/<slug>/payment/<token>`: to look, and to give the time back."""
    return [
        Route("/m/{slug}/payment/{token}", look, methods=["GET"]),
        Route("/m/{slug}/payment/{token}", leave, methods=["POST"]),
    ]


@visitors_door
async def look(request: Request) -> Response:
    """How the payment stands; while that may change, the page loads itself again."""
    standing = await payment_standing(request.path_params["token"])
    if standing is None:
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    if (target := _next_site(request, standing)) is not None:
        return RedirectResponse(target, status_code=303)
    return _shown(request, standing)


@visitors_door
async def leave(request: Request) -> Response:
    """The visitor would rather have another time: the checkout is closed and the slot free, unless they have paid."""
    standing = await payment_standing(request.path_params["token"])
    if standing is None or is_from_elsewhere(request):
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    await abandon(standing.payment)
    still = await payment_standing(standing.token)
    if still is not None and still.is_settled_with_money:
        return RedirectResponse(_address(request), status_code=303)
    return RedirectResponse(_times_address(request, standing), status_code=303)


def _next_site(request: Request, standing: PaymentStanding) -> str | None:
    """Where the link sends whoever comes back from paying and is booked; looking at the payment later leads nowhere."""
    has_come_back = "paid" in request.query_params and not _is_embedded(request)
    if not has_come_back or standing.payment.state is not PaymentState.PAID:
        return None
    return next_site(standing.payment.link, standing.wish, ends_at=standing.ends_at, tz=standing.tz)


def _shown(request: Request, standing: PaymentStanding) -> Response:
    embedded = _is_embedded(request)
    payment, wish = standing.payment, standing.wish
    asked = request.query_params.get("lang")
    locale = locale_of(asked, wish.locale, request.headers.get("accept-language", ""), payment.account.locale)
    words = payment_words(standing, locale, came_back="paid" in request.query_params)
    place, icon = place_of(payment.link.location_kind, payment.link.location_text, locale)
    html = rendered(
        "payment.html",
        locale=locale,
        **frame_of(
            payment.account,
            locale,
            lambda tag: _address(request, lang=tag),
            link=payment.link,
            embedded=embedded,
            follows_device=request.query_params.get("theme") == "auto",
        ),
        words=words,
        place=place,
        place_icon=icon,
        action=_address(request),
        checkout=payment.checkout_url,
        booking=_booking_address(request, standing) if standing.manage_token else None,
        again=_times_address(request, standing) if words.offers_other_times else None,
    )
    answer = page_answer(request, html, frames=frames_of(payment.link, is_embedded=embedded))
    if refresh := _refresh(request, words, payment, embedded=embedded):
        answer.headers["Refresh"] = refresh
    return answer


def _refresh(request: Request, words: PaymentWords, payment: Payment, *, embedded: bool) -> str | None:
    """When, and where to, the browser goes on by itself."""
    if words.can_pay and "go" in request.query_params and not embedded:
        return f"0;url={payment.checkout_url}"
    return str(words.seconds) if words.seconds else None


def _is_embedded(request: Request) -> bool:
    return request.query_params.get("embed") == "1"


def _kept(request: Request, **changes: str) -> dict[str, str]:
    """The language and what is around the page, which every step keeps."""
    asked = request.query_params
    return {name: asked[name] for name in ("lang", "embed", "theme") if asked.get(name)} | changes


def _address(request: Request, **changes: str) -> str:
    """This page again; that one comes back from paying goes along, so that it is still waited for."""
    query = _kept(request, **({"paid": "1"} if "paid" in request.query_params else {}), **changes)
    path = f"{settings.current().sub_path}{request.url.path}"
    return f"{path}?{urlencode(query)}" if query else path


def _booking_address(request: Request, standing: PaymentStanding) -> str:
    path, query = f"{settings.current().sub_path}/b/{standing.manage_token}", _kept(request)
    return f"{path}?{urlencode(query)}" if query else path


def _times_address(request: Request, standing: PaymentStanding) -> str:
    """The scheduling page on the day that was chosen."""
    wish, link = standing.wish, standing.payment.link
    query = {"date": wish.starts_at.astimezone(ZoneInfo(standing.tz)).date().isoformat(), "tz": standing.tz}
    duration = minutes_of(standing.payment)
    if duration != link.durations_minutes[0]:
        query["duration"] = str(duration)
    return f"{settings.current().sub_path}/m/{link.slug}?{urlencode(query | _kept(request))}"
