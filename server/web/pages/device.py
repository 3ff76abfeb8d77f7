"""The one cookie of the pages: set where a link prefills, read where it prefills, and gone with "Not you?" (S1-28)."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from server import settings
from server.booking.remembered import KEPT_FOR, forget, remember, remembered
from server.booking.visitor_token import contact_of, note_submission, submitted_by
from server.links.pages import SchedulingPage
from server.web.pages.visit import Visit


async def known_of(request: Request, page: SchedulingPage, visit: Visit) -> Mapping[str, str]:
    """What may be filled in: what a visitor whom the account knows submitted on this site (S1-29), else what was
    submitted in this browser; nothing unless the link prefills."""
    if not page.link.prefills:
        return {}
    contact = await contact_of(visit.visitor, page.account.id, site_of(request)) if visit.visitor else None
    if contact is not None and (known := await submitted_by(contact, site_of(request))):
        return known
    secret = request.cookies.get(_name(page), "")
    return await remembered(page.account.id, secret) if secret else {}


async def remember_browser(
    request: Request, answer: Response, page: SchedulingPage, visit: Visit, details: Mapping[str, str]
) -> None:
    """What was just submitted is known in this browser, if the link prefills, and of a contact whom the account knows
    on this site, if it was they who submitted it."""
    if not page.link.prefills:
        return
    secret = await remember(page.account.id, request.cookies.get(_name(page), ""), details)
    _set(answer, page, secret, int(KEPT_FOR.total_seconds()))
    contact = await contact_of(visit.visitor, page.account.id, site_of(request)) if visit.visitor else None
    if contact is not None and contact.email == details["email"].strip().lower():
        await note_submission(contact, site_of(request), details)


async def forget_browser(request: Request, answer: Response, page: SchedulingPage) -> None:
    """This browser is a stranger again."""
    secret = request.cookies.get(_name(page), "")
    if secret:
        await forget(page.account.id, secret)
    _set(answer, page, "", 0)


def site_of(request: Request) -> str:
    """The host under which the page is looked at; one that a browser lies about is its own."""
    return (request.url.hostname or "").lower()


def _set(answer: Response, page: SchedulingPage, secret: str, seconds: int) -> None:
    current = settings.current()
    answer.set_cookie(
        _name(page),
        secret,
        max_age=seconds,
        path=f"{current.sub_path}/m",
        secure=current.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def _name(page: SchedulingPage) -> str:
    """A cookie for each account, because a browser is known to each alone."""
    return f"visitor_{page.account.id}"
