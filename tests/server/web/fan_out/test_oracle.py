"""What a group is told is, byte for byte, what each of its members would have been told alone."""

from __future__ import annotations

import gc
import os
from functools import partial
from random import Random

import orjson
import pytest
from graphql import GraphQLObjectType

from resolvers.root import schema
from schema.context import Context, context_for
from server import clock
from server.models import Change
from server.settings import Settings
from server.web.fastpath.executor import FastExecutor
from server.web.fastpath.subscriptions import LogSubscriptions
from server.web.graphql.asking import Asked
from server.web.graphql.documents import Documents
from server.web.graphql.executor import Answer, Operation
from tests.server.web.fastpath.generator import Generated, Generator
from tests.server.web.fastpath.world import NOW, a_world

DOCUMENTS = 1_000 if os.environ.get("PARLEY_TEST_FULL") else 60
SEED = int(os.environ.get("PARLEY_TEST_SEED", "1"))


class Subscriptions(Generator):
    """Writes subscriptions to the log."""

    def subscription(self) -> Generated:
        """One whose selection is as the generator of queries would write it."""
        self._variables, self._fragments, self._number = [], [], 0
        change = self.schema.type_map["MeetingChange"]
        assert isinstance(change, GraphQLObjectType)
        body = self._selections(change, 1)
        declared = ", ".join(text for _, text, _ in self._variables)
        head = f"subscription Asked({declared})" if declared else "subscription Asked"
        runs = [{name: values[run] for name, _, values in self._variables if values} for run in (0, 1)]
        return Generated("\n".join([f"{head} {{ told: meetingChanged {body} }}", *self._fragments]), runs)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_a_group_is_told_what_the_reference_tells(
    db: str, in_use: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_reference: list[int] = []
    told_by_reference = LogSubscriptions.told_by_reference

    async def noted(self: LogSubscriptions, operation: Operation, context: Context, number: int) -> Answer | None:
        by_reference.append(number)
        return await told_by_reference(self, operation, context, number)

    monkeypatch.setattr(LogSubscriptions, "told_by_reference", noted)
    with clock.travel(NOW):
        world = await a_world(Random(SEED))
        dice = Random(f"{SEED}-subscriptions")
        generator = Subscriptions(schema._schema, world, dice)
        unlimited = in_use.model_copy(update={"limit_aliases": 1_000, "limit_tokens": 20_000})
        documents, fast = Documents(schema._schema, unlimited), FastExecutor(schema)
        readers = [one for one in world.viewers if one is not None and one.may("bookings:read")]
        equal = 0
        for _ in range(DOCUMENTS):
            generated = generator.subscription()
            document = documents.asked_for(Asked(generated.text), is_trusted=True)
            for variables, viewer in zip(generated.runs, dice.sample(readers, 2), strict=True):
                operation = Operation(document, document.operation(None), variables)
                followed = fast.followed(operation, partial(context_for, viewer))
                assert followed is not None, generated.text
                log = await Change.filter(account_id=viewer.account_id, meeting_id__isnull=False).order_by("number")
                numbers = [one.number for one in dice.sample(log, min(4, len(log)))]
                told = await followed.answers(numbers)
                for number, one in zip(numbers, told, strict=True):
                    was_planned = number not in by_reference
                    wanted = await told_by_reference(fast._subscriptions, operation, context_for(viewer), number)
                    assert one is not None
                    assert wanted is not None
                    if wanted.has_errors:
                        assert orjson.loads(one.body)["data"] == orjson.loads(wanted.body)["data"]
                    else:
                        assert (one.body, was_planned) == (wanted.body, True), generated.text
                        equal += 1
                by_reference.clear()
    # What was left unawaited is complained of here, where it is expected, and not in a test that comes later.
    gc.collect()
    assert equal > DOCUMENTS
