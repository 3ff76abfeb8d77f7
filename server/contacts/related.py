"""Whom and what a contact or record may name: colleagues and companies of the same account."""

from __future__ import annotations

from server.complaints import Complaints
from server.errors import ErrorCode
from server.models import Record, User
from server.models.enums import RecordKind


async def own_user(account_id: int, user_id: int, found: Complaints, *path: str) -> int | None:
    """The number, if it is that of an active colleague; `NOT_FOUND` is among the complaints otherwise."""
    if await User.exists(id=user_id, account_id=account_id, is_active=True):
        return user_id
    found.add(ErrorCode.NOT_FOUND, "There is no such colleague. Please choose one from the list.", *path)
    return None


async def own_company(account_id: int, record_id: int, found: Complaints, *path: str) -> int | None:
    """The number, if it is that of a company; `NOT_FOUND` is among the complaints otherwise."""
    if await Record.exists(id=record_id, account_id=account_id, kind=RecordKind.COMPANY):
        return record_id
    found.add(ErrorCode.NOT_FOUND, "There is no such company. Please choose one from the list.", *path)
    return None
