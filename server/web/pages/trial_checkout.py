"""`/pay/test/<token>`: the checkout of the built-in provider, where somebody who tries things out plays the bank."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server import settings
from server.gateways.payments.built_in import KINDS, signed_notice
from server.models.enums import PaymentProvider, PaymentState
from server.payments.notices import take_notice
from server.payments.standing import PaymentStanding, payment_standing
from server.web.pages.answering import page_answer
from server.web.pages.failing import visitors_door
from server.web.pages.frame import frame_of, message
from server.web.pages.rendering import rendered
from server.web.pages.same_site import is_from_elsewhere
from server.web.pages.visit import locale_of
from server.wording import money


def routes() -> list[BaseRoute]:
    """The page, and its three buttons."""
    return [
        Route("/pay/test/{token}", look, methods=["GET"]),
        Route("/pay/test/{token}", press, methods=["POST"]),
    ]


@visitors_door
async def look(request: Request) -> Response:
    """What is to be paid, and what may become of it. A payment that is not open any more is shown on its own page."""
    standing = await _standing(request)
    if standing is None:
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    if standing.payment.state is not PaymentState.OPEN:
        return RedirectResponse(_back(standing), status_code=303)
    payment = standing.payment
    accepted = request.headers.get("accept-language", "")
    locale = locale_of(request.query_params.get("lang"), standing.wish.locale, accepted, payment.account.locale)
    path = f"{settings.current().sub_path}{request.url.path}"
    html = rendered(
        "trial_checkout.html",
        locale=locale,
        **frame_of(payment.account, locale, lambda tag: f"{path}?{urlencode({'lang': tag})}", link=payment.link),
        title=payment.link.name,
        amount=money.spell(payment.amount, payment.currency, locale),
        action=path,
    )
    return page_answer(request, html, leads_to=[payment.link.redirect_url])


@visitors_door
async def press(request: Request) -> Response:
    """The provider tells us what was chosen, signed as everything it tells us, and leads the visitor back."""
    standing = await _standing(request)
    act = str((await request.form(max_files=0, max_fields=5)).get("do", ""))
    if standing is None or act not in KINDS or is_from_elsewhere(request):
        return message(request, "page.unknown", status=404, next_key="page.unknown_next")
    payment = standing.payment
    body, signature = signed_notice(act, payment=payment.digest, amount=payment.amount, currency=payment.currency)
    await take_notice(PaymentProvider.TEST, body, signature)
    return RedirectResponse(_back(standing, **({"paid": "1"} if act == "pay" else {})), status_code=303)


async def _standing(request: Request) -> PaymentStanding | None:
    standing = await payment_standing(request.path_params["token"])
    is_ours = standing is not None and standing.payment.provider is PaymentProvider.TEST
    return standing if is_ours else None


def _back(standing: PaymentStanding, **query: str) -> str:
    path = f"{settings.current().sub_path}{standing.path}"
    return f"{path}?{urlencode(query)}" if query else path
