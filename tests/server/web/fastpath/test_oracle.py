"""The reference executor is the measure: whatever a plan answers, it answers byte for byte the same."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from resolvers.root import schema
from schema.context import context_for
from server import clock
from server.accounts.viewer import Viewer
from server.settings import Settings
from server.web.fastpath.executor import FastExecutor
from server.web.fastpath.unusual import Unusual
from server.web.graphql.asking import Asked
from server.web.graphql.documents import Documents
from server.web.graphql.executor import Operation, ReferenceExecutor
from server.web.graphql.refusals import RequestRefused
from tests.server.web.fastpath.generator import Generated, Generator
from tests.server.web.fastpath.world import NOW, World, a_world

# Answers compared, not documents written: about one in three has an error in the reference too, and does not count.
COMPARED = int(os.environ.get("PARLEY_TEST_COMPARED") or (10_000 if os.environ.get("PARLEY_TEST_FULL") else 250))
SEED = int(os.environ.get("PARLEY_TEST_SEED", "1"))


class Oracle:
    """Runs documents through both executors, and counts what came of it."""

    def __init__(self, documents: Documents, world: World, dice: Random) -> None:
        self.documents, self.world, self.dice = documents, world, dice
        self.fast, self.reference = FastExecutor(schema), ReferenceExecutor(schema)
        self.seen: Counter[str] = Counter()

    async def judge(self, generated: Generated) -> None:
        """Each document runs twice, with its switches flipped and another viewer."""
        try:
            document = self.documents.asked_for(Asked(generated.text), is_trusted=True)
        except RequestRefused:
            self.seen["invalid"] += 1
            return
        for variables, viewer in zip(generated.runs, self.dice.sample(self.world.viewers, 2), strict=True):
            operation = Operation(document, document.operation(None), variables)
            wanted = await self.reference.answer(operation, context_for(viewer))
            given = await self._planned(operation, viewer)
            if given is None and wanted.has_errors:
                self.seen["refused"] += 1
                continue
            assert given == wanted.body, f"{generated.text}\n{variables}\n{viewer}"
            self.seen["equal"] += 1

    async def _planned(self, operation: Operation, viewer: Viewer | None) -> bytes | None:
        """The answer by plan; None where the reference executor would have been asked."""
        try:
            return await self.fast.body(operation, context_for(viewer), {})
        except Unusual as unusual:
            # A form that no plan has would be named here, and counts as a fault.
            return None if unusual.reason in ("null", "variables", "integer") else str(unusual).encode()
        except Exception:  # noqa: BLE001 - just what the executor does, whatever it was
            return None


# Where one field of an object fails at once, graphql-core leaves the coroutines of its siblings unawaited.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_a_plan_answers_what_the_reference_answers(
    db: str, in_use: Settings, record_property: Callable[[str, object], None]
) -> None:
    with clock.travel(NOW):
        world = await a_world(Random(SEED))
        dice = Random(f"{SEED}-{COMPARED}")
        generator = Generator(schema._schema, world, dice)
        unlimited = in_use.model_copy(update={"limit_aliases": 1_000, "limit_tokens": 20_000})
        oracle = Oracle(Documents(schema._schema, unlimited), world, dice)
        documents = 0
        while oracle.seen["equal"] < COMPARED:
            await oracle.judge(generator.document())
            documents += 1
            # Two runs of each: a generator that mostly asks for errors would prove little.
            assert documents < 1.2 * COMPARED + 100, oracle.seen
    # What was left unawaited is complained of here, where it is expected, and not in a test that comes later.
    gc.collect()
    record_property("compared", oracle.seen["equal"])
    assert oracle.seen["invalid"] < documents / 10
