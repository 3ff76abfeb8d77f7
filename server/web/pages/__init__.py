"""The pages that visitors see: server-rendered, whole without script, made quicker by one small module."""

from starlette.routing import BaseRoute

from server.web.pages import assets, manage_page, scheduling_page


def routes() -> list[BaseRoute]:
    """Every address of the visitors' pages."""
    return [*scheduling_page.routes(), *manage_page.routes(), *assets.routes()]
