"""Whoever counts through ids learns nothing: one that never was, one of another account and one that was deleted get
the same answer in the same time (SEC5). In the full size 500 of each, medians within a tenth."""

from __future__ import annotations

import gc
import os
import statistics
import time
from datetime import UTC, datetime

import pytest

from resolvers.root import schema
from schema.context import context_for
from server import clock
from server.accounts.viewer import Viewer
from server.meetings.delete import delete
from server.models import Meeting
from server.web.fastpath.executor import FastExecutor
from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.server.web.fastpath.asking import Both, operation_of

IS_FULL = os.environ.get("PARLEY_TEST_FULL") == "1"
TIMES = 500 if IS_FULL else 150
MOST_APART = 1.1 if IS_FULL else 1.25
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ONE = {
    "meeting": "query ($id: ID!) { meeting(id: $id) { id title attendees { email } } }",
    "node": "query ($id: ID!) { node(id: $id) { id ... on Meeting { title } } }",
    "nodes": "query ($id: ID!) { nodes(ids: [$id]) { id ... on Meeting { title } } }",
    "assignmentTrace": "query ($id: ID!) { assignmentTrace(meeting: $id) { __typename } }",
}


async def missing_ones() -> tuple[Viewer, dict[str, str]]:
    """Somebody who asks, and ids of which none leads to anything for them."""
    user, stranger = await a_user(await an_account(), role="ADMIN"), await a_user(await an_account("Others"))
    with clock.travel(NOON):
        gone: Meeting = await a_meeting(user, NOON)
        await delete(viewer_for(user), gone.id)
    theirs = await a_meeting(stranger, NOON)
    return viewer_for(user), {"unknown": "mtg_999999", "foreign": f"mtg_{theirs.id}", "deleted": f"mtg_{gone.id}"}


@pytest.mark.parametrize("name", ONE)
async def test_the_answers_are_the_same(db: str, name: str) -> None:
    viewer, ids = await missing_ones()
    both = Both()
    answers = {body for id in ids.values() for body in await both.answers(ONE[name], viewer, id=id)}
    assert len(answers) == 1


@pytest.mark.parametrize("name", ["meeting", "node"])
async def test_they_take_the_same_time(db: str, name: str) -> None:
    viewer, ids = await missing_ones()
    fast = FastExecutor(schema)
    operations = [(kind, operation_of(ONE[name], id=id)) for kind, id in ids.items()]
    spent: dict[str, list[float]] = {kind: [] for kind in ids}
    gc.collect()
    gc.disable()
    try:
        for turn in range(TIMES):
            # None of them is always the first, which finds the caches cold.
            for kind, operation in operations[turn % 3 :] + operations[: turn % 3]:
                begun = time.process_time()
                await fast.answer(operation, context_for(viewer))
                spent[kind].append(time.process_time() - begun)
    finally:
        gc.enable()
    medians = [statistics.median(one) for one in spent.values()]
    assert max(medians) / min(medians) < MOST_APART
