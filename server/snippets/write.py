"""Snippets are made, changed and put away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from tortoise.queryset import QuerySet

from server import database
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import required_text, short
from server.errors import ErrorCode, refusal
from server.models import Snippet
from server.repeats import kept_or
from server.rich_text import plain_text, rich_text
from server.snippets.variables import require_known

LONGEST_BODY = 10_000
AT_MOST = 1000
_MARKS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True)
class NewSnippet:
    """A text, the shortcut that puts it in, and what it is called; `is_shared` makes it everybody's."""

    shortcut: str
    name: str
    body: str
    is_shared: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class SnippetEdit:
    """What is to be otherwise about one snippet; None leaves it as it is."""

    snippet_id: int
    shortcut: str | None = None
    name: str | None = None
    body: str | None = None
    is_archived: bool | None = None


async def create_snippet(viewer: Viewer, new: NewSnippet) -> int:
    """The snippet can be put in by its shortcut, by its owner or by everybody (S2-22). Its number.

    `FORBIDDEN`, `NAME_REQUIRED`, `TEXT_TOO_LONG`, `ALREADY_USED` (shortcut), `VARIABLE_UNKNOWN`, `SETTING_INVALID`."""
    sent = asdict(new)
    result = await kept_or(
        "createSnippet",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=sent.pop("idempotency_key"),
        input=sent,
        run=partial(_create, viewer, new),
    )
    return int(result["snippet_id"])


async def edit_snippet(viewer: Viewer, wanted: SnippetEdit) -> int:
    """The snippet is as wanted; one that is archived is offered no more. Its number.

    `NOT_FOUND` (a colleague's own, too), `FORBIDDEN`, else as `create_snippet`."""
    async with database.transaction():
        found = await _of_account(viewer).filter(id=wanted.snippet_id).select_for_update().get_or_none()
        if found is None or found.owner_id not in (None, viewer.user_id):
            raise refusal(ErrorCode.NOT_FOUND, "There is no such snippet. Please choose one from the list.", "snippet")
        _require(policy.may_edit_snippet(viewer, found.account_id, owner_id=found.owner_id))
        columns: dict[str, Any] = {}
        if wanted.shortcut is not None:
            columns["shortcut"] = await _free_shortcut(viewer, wanted.shortcut, other_than=found.id)
        if wanted.name is not None:
            columns["name"] = required_text(wanted.name, 200, "name")
        if wanted.body is not None:
            columns["body"] = _checked_body(wanted.body)
        if wanted.is_archived is not None:
            columns["is_archived"] = wanted.is_archived
        if columns:
            await Snippet.filter(id=found.id).update(**columns)
            await raise_data_version(viewer.account_id)
        return int(found.id)


def _of_account(viewer: Viewer) -> QuerySet[Snippet]:
    return Snippet.filter(account_id=viewer.account_id)


async def _create(viewer: Viewer, new: NewSnippet) -> dict[str, Any]:
    owner_id = None if new.is_shared else viewer.user_id
    _require(policy.may_edit_snippet(viewer, viewer.account_id, owner_id=owner_id))
    if await _of_account(viewer).count() >= AT_MOST:
        raise refusal(ErrorCode.SETTING_INVALID, f"An account has at most {AT_MOST} snippets.", "shortcut")
    made = await Snippet.create(
        account_id=viewer.account_id,
        owner_id=owner_id,
        shortcut=await _free_shortcut(viewer, new.shortcut),
        name=required_text(new.name, 200, "name"),
        body=_checked_body(new.body),
    )
    await raise_data_version(viewer.account_id)
    return {"snippet_id": made.id}


def _checked_body(body: str) -> str:
    text = rich_text(body, LONGEST_BODY, "body")
    if not plain_text(text):
        raise refusal(ErrorCode.NAME_REQUIRED, "Please write something here; it was empty.", "body")
    require_known(text, "body")
    return text


async def _free_shortcut(viewer: Viewer, shortcut: str, *, other_than: int = 0) -> str:
    """The shortcut in small letters, without the `#` that it is typed with."""
    wanted = required_text(shortcut, 64, "shortcut").lower().removeprefix("#")
    if not wanted or set(wanted) - _MARKS:
        message = f"{short(shortcut)!r} cannot be typed as a shortcut. Use letters a to z, digits, - and _."
        raise refusal(ErrorCode.SETTING_INVALID, message, "shortcut")
    if await _of_account(viewer).filter(shortcut=wanted).exclude(id=other_than).exists():
        message = f"Another snippet has the shortcut {wanted!r}. Choose another."
        raise refusal(ErrorCode.ALREADY_USED, message, "shortcut")
    return wanted


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        message = (
            "What everybody uses, only an administrator may change. Please ask one, or make a snippet of your own."
        )
        raise refusal(ErrorCode.FORBIDDEN, message, "snippet")
