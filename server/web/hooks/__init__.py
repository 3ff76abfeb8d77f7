"""`/hooks/<provider>`: what services outside tell us, each notice signed by its sender."""

from starlette.routing import BaseRoute

from server.web.hooks import payments


def routes() -> list[BaseRoute]:
    """Every address for notices."""
    return [*payments.routes()]
