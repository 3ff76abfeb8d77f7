"""The page behind the link of an invitation, and of a password that was forgotten: somebody sets their password."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server import settings
from server.accounts.password_tokens import set_password_with, user_behind
from server.accounts.passwords import valid_password
from server.checks import required_text
from server.complaints import Complaints
from server.errors import ErrorCode, Refused
from server.models import Account, User
from server.web.pages.answering import page_answer
from server.web.pages.attempts import seconds_to_wait
from server.web.pages.failing import visitors_door
from server.web.pages.frame import frame_of, message
from server.web.pages.rendering import rendered
from server.web.pages.same_site import is_from_elsewhere
from server.wording import best_locale, regional_locale, say

_MISTAKES = {"name": "password.name_missing", "password": "password.too_short"}


def routes() -> list[BaseRoute]:
    """`/invitation/<token>` and `/password/<token>`."""
    return [
        Route("/invitation/{token}", look, methods=["GET"]),
        Route("/invitation/{token}", save, methods=["POST"]),
        Route("/password/{token}", look, methods=["GET"]),
        Route("/password/{token}", save, methods=["POST"]),
    ]


@visitors_door
async def look(request: Request) -> Response:
    """The form; or that it has been done, or that the link opens nothing."""
    if request.query_params.get("saved") == "1":
        return message(request, "password.saved", locale=_locale(request), next_key="password.saved_next")
    user = await user_behind(request.path_params["token"], is_invitation=_is_invitation(request))
    if user is None:
        return _wrong_link(request)
    return await _form(request, user, typed=user.name)


@visitors_door
async def save(request: Request) -> Response:
    """The password is saved, and the page says how to go on; or what is wrong with it, with the name as it was
    typed."""
    locale = _locale(request)
    if is_from_elsewhere(request):
        return message(request, "error.elsewhere", locale=locale, status=403)
    if seconds := seconds_to_wait(request, "signIn"):
        return message(request, "error.too_many", locale=locale, status=429, retry_after=seconds, seconds=seconds)
    token, is_invitation = request.path_params["token"], _is_invitation(request)
    user = await user_behind(token, is_invitation=is_invitation)
    if user is None:
        return _wrong_link(request)
    form = await request.form(max_files=0, max_fields=10)
    typed = str(form.get("name", ""))
    found = Complaints()
    name = found.ask(required_text, typed, 200, "name") if is_invitation else None
    password = found.ask(valid_password, str(form.get("password", "")), "password") or ""
    try:
        found.refuse_if_any()
        await set_password_with(token, password, is_invitation=is_invitation, name=name)
    except Refused as refused:
        if any(one.code is ErrorCode.TOKEN_EXPIRED for one in refused.complaints):
            return _wrong_link(request)
        return await _form(request, user, typed=typed, wrong={one.path[0] for one in refused.complaints if one.path})
    return RedirectResponse(_address(request, saved="1"), status_code=303)


async def _form(request: Request, user: User, *, typed: str, wrong: set[str] | None = None) -> Response:
    account = await Account.get(id=user.account_id)
    locale, is_invitation = _locale(request, user.locale), _is_invitation(request)
    company = account.public_name
    html = rendered(
        "password.html",
        locale=locale,
        heading=say(locale, "password.invited" if is_invitation else "password.forgotten", company=company),
        email=user.email,
        asks_name=is_invitation,
        typed=typed,
        action=_address(request),
        mistakes={one: say(locale, _MISTAKES[one]) for one in sorted(wrong or ())},
        **frame_of(account, locale, lambda tag: _address(request, lang=tag)),
    )
    return page_answer(request, html, status=422 if wrong else 200, frames=())


def _locale(request: Request, own: str = "") -> str:
    """The language that was chosen here, else the browser's, else their own."""
    return regional_locale(request.query_params.get("lang") or request.headers.get("accept-language") or own)


def _address(request: Request, **query: str) -> str:
    """This page again, in the language that was chosen here."""
    chosen = request.query_params.get("lang", "")
    query = ({"lang": chosen} if best_locale(chosen, default="") else {}) | query
    path = f"{settings.current().sub_path}{request.url.path}"
    return f"{path}?{urlencode(query)}" if query else path


def _is_invitation(request: Request) -> bool:
    return request.url.path.startswith("/invitation/")


def _wrong_link(request: Request) -> Response:
    locale = _locale(request)
    return message(request, "password.wrong_link", locale=locale, status=404, next_key="password.wrong_link_next")
