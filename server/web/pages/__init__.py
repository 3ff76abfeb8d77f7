"""The pages that visitors see: server-rendered, whole without script, made quicker by one small module."""

from starlette.routing import BaseRoute

from server.web.pages import (
    assets,
    embed,
    front_page,
    logos,
    manage_page,
    password_page,
    payment_page,
    scheduling_page,
    trial_checkout,
)


def routes() -> list[BaseRoute]:
    """Every address of the visitors' pages."""
    return [
        *front_page.routes(),
        *scheduling_page.routes(),
        *payment_page.routes(),
        *trial_checkout.routes(),
        *manage_page.routes(),
        *password_page.routes(),
        *assets.routes(),
        *logos.routes(),
        *embed.routes(),
    ]
