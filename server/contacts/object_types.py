"""The account's own kinds of records: machines, courses, whatever its meetings are about (S1-42)."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from server import database
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import required_text
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.models import ObjectType
from server.repeats import kept_or

MOST = 50
LONGEST_LABEL = 200
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


async def create_object_type(
    viewer: Viewer, *, key: str, label: str, plural_label: str, idempotency_key: str | None = None
) -> int:
    """There is one more kind of record, known by its key. Its number. `FORBIDDEN`, `ALREADY_USED`, `SETTING_INVALID`
    (the key, or more than `MOST`), `NAME_REQUIRED`, `TEXT_TOO_LONG`."""
    _require_admin(viewer)
    result = await kept_or(
        "createObjectType",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"key": key, "label": label, "plural_label": plural_label},
        run=partial(_create, viewer, key, label, plural_label),
    )
    return int(result["object_type_id"])


async def _create(viewer: Viewer, key: str, label: str, plural_label: str) -> dict[str, Any]:
    found = Complaints()
    own = ObjectType.filter(account_id=viewer.account_id)
    if not _KEY.fullmatch(key):
        message = "A key begins with a small letter and has small letters, digits and _ only, 64 at most."
        found.add(ErrorCode.SETTING_INVALID, message, "key")
    elif await own.filter(key=key).exists():
        found.add(ErrorCode.ALREADY_USED, "There is an object type with this key. Please choose another key.", "key")
    if await own.count() >= MOST:
        found.add(ErrorCode.SETTING_INVALID, f"An account has at most {MOST} object types.", "key")
    columns = _labels(label, plural_label, found)
    found.refuse_if_any()
    made = await ObjectType.create(account_id=viewer.account_id, key=key, **columns)
    await raise_data_version(viewer.account_id)
    return {"object_type_id": made.id}


async def edit_object_type(
    viewer: Viewer, object_type_id: int, *, label: str | None = None, plural_label: str | None = None
) -> None:
    """The kind of record is called so from now on; its key stays. `FORBIDDEN`, `NOT_FOUND`, `NAME_REQUIRED`,
    `TEXT_TOO_LONG`."""
    _require_admin(viewer)
    async with database.transaction():
        own = ObjectType.filter(account_id=viewer.account_id, id=object_type_id)
        known = await own.select_for_update(no_key=True).get_or_none()
        if known is None:
            raise refusal(ErrorCode.NOT_FOUND, "There is no such object type.", "objectType")
        found = Complaints()
        columns = _labels(label, plural_label, found)
        found.refuse_if_any()
        known.update_from_dict(columns)
        await known.save()
        await raise_data_version(viewer.account_id)


def _labels(label: str | None, plural_label: str | None, found: Complaints) -> dict[str, Any]:
    said = {"label": (label, "label"), "plural_label": (plural_label, "pluralLabel")}
    return {
        name: found.ask(required_text, text, LONGEST_LABEL, where)
        for name, (text, where) in said.items()
        if text is not None
    }


def _require_admin(viewer: Viewer) -> None:
    if not policy.may_edit_account(viewer, viewer.account_id):
        message = "Only an administrator may change the kinds of records. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "objectType")
