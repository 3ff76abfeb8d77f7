"""From the form to the checkout, by way of the payment's own page."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from server import settings
from server.payments.begin import Checkout
from server.web.pages.visit import Visit


def to_checkout(visit: Visit, checkout: Checkout) -> Response:
    """Over to the page of the payment, which leads on to the checkout: a form of ours may not lead to another site, and
    inside a frame, where no checkout may be shown, the visitor taps once more."""
    query = urlencode({"go": "1", **visit.kept_everywhere})
    return RedirectResponse(f"{settings.current().sub_path}{checkout.path}?{query}", status_code=303)
