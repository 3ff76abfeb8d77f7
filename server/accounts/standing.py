"""Whether those who were let in some time ago would be let in with the same rights now."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from server import clock, database
from server.accounts.scopes import scopes_of
from server.accounts.viewer import Viewer
from server.database.placeholders import placeholders
from server.models.enums import Role

_SESSIONS = """
SELECT s.id, u.role FROM session s JOIN app_user u ON u.id = s.user_id
WHERE s.id IN ({places}) AND s.ended_at IS NULL AND u.is_active
"""
_TOKENS = """
SELECT t.id, u.role, t.scopes FROM api_token t LEFT JOIN app_user u ON u.id = t.user_id
WHERE t.id IN ({places}) AND t.revoked_at IS NULL AND (t.user_id IS NULL OR u.is_active)
"""
_MOST = 500


async def no_longer_standing(viewers: Collection[Viewer]) -> set[Viewer]:
    """Those whose session or token has ended, who were put out, or whose role or scopes are others by now. One
    statement for every 500 of them."""
    now = clock.now()
    roles = {row[0]: row[1] for row in await _found(_SESSIONS, {one.session_id for one in viewers})}
    scopes = {row[0]: _granted(row) for row in await _found(_TOKENS, {one.token_id for one in viewers})}

    def stands(viewer: Viewer) -> bool:
        if viewer.expires_at is not None and viewer.expires_at <= now:
            return False
        if viewer.token_id is not None:
            return scopes.get(viewer.token_id) == viewer.scopes
        if viewer.session_id is None:
            # Nobody comes in from outside without either.
            return True
        return roles.get(viewer.session_id) == viewer.role

    return {one for one in viewers if not stands(one)}


async def _found(sql: str, ids: Iterable[int | None]) -> list[Sequence[Any]]:
    wanted = sorted(id for id in ids if id is not None)
    rows: list[Sequence[Any]] = []
    for start in range(0, len(wanted), _MOST):
        part = wanted[start : start + _MOST]
        rows += await database.fetch(sql.format(places=placeholders(part)), *part)
    return rows


def _granted(row: Sequence[Any]) -> frozenset[str]:
    """What the token carries today; a user's never reaches further than the user does."""
    _, role, scopes = row
    granted = frozenset(json.loads(scopes) if isinstance(scopes, str) else scopes)
    return granted if role is None else granted & scopes_of(Role(role))
