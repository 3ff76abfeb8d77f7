"""What an account offers to sort its meetings by, outcomes and meeting types: made, reworded, ordered, put away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, TypeVar

from server import database, ids
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import required_text
from server.errors import ErrorCode, refusal
from server.models import MeetingType, Outcome
from server.repeats import kept_or

AT_MOST = 100
LONGEST_LABEL = 100
_LONGEST_KEY = 48

C = TypeVar("C", Outcome, MeetingType)


@dataclass(frozen=True, slots=True)
class NewChoice:
    """What is to be offered; without a position (0 is the first) it comes last."""

    label: str
    position: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class ChoiceEdit:
    """What is to be otherwise about the choice with this key; None leaves it as it is."""

    key: str
    label: str | None = None
    position: int | None = None
    is_archived: bool | None = None


async def create_outcome(viewer: Viewer, new: NewChoice) -> str:
    """Meetings may have the outcome from now on (S2-55). Its key, made of its label.

    `FORBIDDEN`, `NAME_REQUIRED`, `TEXT_TOO_LONG`, `ALREADY_USED`, `SETTING_INVALID` above 100."""
    return await _create(viewer, Outcome, "createOutcome", new)


async def edit_outcome(viewer: Viewer, wanted: ChoiceEdit) -> str:
    """The outcome is called so, stands there, is offered or put away; old meetings keep it (S2-55). Its key.

    `OUTCOME_UNKNOWN`, `FORBIDDEN`, `NAME_REQUIRED`, `TEXT_TOO_LONG`, `ALREADY_USED`; `SETTING_INVALID` for one of the
    five that every account has and that would be put away (S2-54)."""
    return await _edit(viewer, Outcome, wanted)


async def create_meeting_type(viewer: Viewer, new: NewChoice) -> str:
    """Meetings may have the type from now on, if the account has types switched on (S2-10). Its key, made of its label.

    Refuses as `create_outcome` does."""
    return await _create(viewer, MeetingType, "createMeetingType", new)


async def edit_meeting_type(viewer: Viewer, wanted: ChoiceEdit) -> str:
    """The type is called so, stands there, is offered or put away; old meetings keep it. Its key.

    `MEETING_TYPE_DISABLED` for one that does not exist, else as `edit_outcome`."""
    return await _edit(viewer, MeetingType, wanted)


async def _create(viewer: Viewer, model: type[C], verb: str, new: NewChoice) -> str:
    sent = asdict(new)
    result = await kept_or(
        verb,
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=sent.pop("idempotency_key"),
        input=sent,
        run=partial(_created, viewer, model, new),
    )
    return str(result["key"])


async def _created(viewer: Viewer, model: type[C], new: NewChoice) -> dict[str, Any]:
    there: list[C] = await _all(viewer, model)
    label = _free_label(new.label, there)
    if len(there) >= AT_MOST:
        raise refusal(ErrorCode.SETTING_INVALID, f"There may be {AT_MOST} of them. Please use one that is there.")
    key = _key_for(label, {one.key for one in there}, model)
    made = model(account_id=viewer.account_id, key=key, label=label, position=len(there))
    await made.save()
    await _order([*there, made], made, new.position)
    await raise_data_version(viewer.account_id)
    return {"key": key}


async def _edit(viewer: Viewer, model: type[C], wanted: ChoiceEdit) -> str:
    async with database.transaction():
        there = await _all(viewer, model)
        choice = next((one for one in there if one.key == wanted.key), None)
        if choice is None:
            raise _unknown(model)
        if wanted.label is not None:
            choice.label = _free_label(wanted.label, [one for one in there if one is not choice])
        if wanted.is_archived is not None:
            choice.is_archived = wanted.is_archived
        if choice.is_archived and isinstance(choice, Outcome) and choice.is_default:
            message = "Every account has this outcome. Give it another label or place instead."
            raise refusal(ErrorCode.SETTING_INVALID, message, "isArchived")
        await choice.save(update_fields=["label", "is_archived"])
        await _order(there, choice, wanted.position)
        await raise_data_version(viewer.account_id)
        return choice.key


async def _all(viewer: Viewer, model: type[C]) -> list[C]:
    """All there are, in their order, for somebody who may change them; nobody else does so meanwhile."""
    if not policy.may_edit_account(viewer, viewer.account_id):
        message = "Only an administrator may change what meetings are sorted by. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message)
    rows = model.filter(account_id=viewer.account_id).order_by("position", "id").select_for_update(no_key=True)
    return list(await rows)


async def _order(listed: Sequence[Outcome | MeetingType], choice: Outcome | MeetingType, position: int | None) -> None:
    """The choice has that place, the others keep their order around it."""
    wanted = list(listed)
    if position is not None:
        wanted.remove(choice)
        wanted.insert(max(0, position), choice)
    for place, one in enumerate(wanted):
        if one.position != place:
            one.position = place
            await one.save(update_fields=["position"])


def _free_label(label: str, others: Sequence[C]) -> str:
    wanted = required_text(label, LONGEST_LABEL, "label")
    if any(one.label.casefold() == wanted.casefold() for one in others):
        raise refusal(ErrorCode.ALREADY_USED, "There is one of this name, perhaps put away. Choose another.", "label")
    return wanted


def _key_for(label: str, taken: set[str], model: type[C]) -> str:
    """`Follow-up needed` as FOLLOW_UP_NEEDED, with a number behind it if somebody has that; a label without Latin
    letters is counted."""
    plain = re.sub(r"[^A-Z0-9]+", "_", ids.slug_from(label).upper())[:_LONGEST_KEY].strip("_")
    key = plain or ("OUTCOME" if model is Outcome else "TYPE")
    number = 1
    while key in taken:
        number += 1
        key = f"{plain or key.rstrip('0123456789_')}_{number}"
    return key


def _unknown(model: type[C]) -> Exception:
    code = ErrorCode.OUTCOME_UNKNOWN if model is Outcome else ErrorCode.MEETING_TYPE_DISABLED
    return refusal(code, "There is none of this key here. Please choose one from the list.", "key")
