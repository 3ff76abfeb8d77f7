"""What surrounds every page: the company, the language switch, and the small pages that only say one thing."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from server.models import Account, MeetingLink
from server.web.pages.about import Company, company_of, languages_of
from server.web.pages.answering import page_answer
from server.web.pages.embed import frames_of
from server.web.pages.rendering import rendered
from server.wording import LOCALES, regional_locale, say, say_html


def frame_of(
    account: Account,
    locale: str,
    in_language: Callable[[str], str],
    *,
    link: MeetingLink | None = None,
    zone: str | None = None,
    guesses: bool = False,
    embedded: bool = False,
    follows_device: bool = False,
) -> dict[str, object]:
    """What `base.html` needs. `in_language` gives the address of this page in another language; `zone` is the one the
    page shows times in, and `guesses` says that nobody chose it; `embedded` while a page of another site is around,
    whose theme is the light one unless it says that it `follows_device`."""
    return {
        "company": company_of(account, link.accent_color if link is not None else None),
        "languages": languages_of(locale, {tag: in_language(tag) for tag in LOCALES}),
        "shown_zone": zone,
        "guesses_zone": guesses,
        "embedded": embedded,
        "follows_device": follows_device,
    }


def message(
    request: Request,
    key: str,
    *,
    locale: str | None = None,
    company: Company | None = None,
    status: int = 200,
    retry_after: int | None = None,
    next_key: str | None = None,
    reference: str | None = None,
    **placeholders: object,
) -> Response:
    """A page with one sentence, the next step if there is one, and how to write to the company; `reference` is what
    they need to find out what happened (E-13)."""
    spoken = locale or regional_locale(request.headers.get("accept-language"))
    html = rendered(
        "message.html",
        locale=spoken,
        company=company,
        languages=(),
        shown_zone=None,
        guesses_zone=False,
        embedded=request.query_params.get("embed") == "1",
        follows_device=request.query_params.get("theme") == "auto",
        heading=say(spoken, key, **placeholders),
        next=say(spoken, next_key) if next_key else None,
        reference=say_html(spoken, "error.reference", reference=reference) if reference else None,
    )
    frames = frames_of(None, is_embedded=request.query_params.get("embed") == "1")
    return page_answer(request, html, status=status, retry_after=retry_after, frames=frames)
