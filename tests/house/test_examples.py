"""The recorded examples are what the demo answers today, and what the operations ask for."""

from __future__ import annotations

import json
from pathlib import Path

from mobile_contract.record_examples import HERE, recorded, text_of

EXAMPLES = {path.stem: path.read_text() for path in (HERE / "examples").glob("*.json")}


async def test_the_examples_are_what_the_demo_answers(tmp_path: Path) -> None:
    found = {name: text_of(example) for name, example in (await recorded(tmp_path)).items()}
    assert found == EXAMPLES


def test_every_operation_has_an_example_in_which_nothing_was_refused() -> None:
    assert set(EXAMPLES) == {path.stem for path in (HERE / "operations").glob("*.graphql")}
    answers = [one for text in EXAMPLES.values() for one in json.loads(text)["response"]["data"].values()]
    assert [one["userErrors"] for one in answers if "userErrors" in one and one["userErrors"]] == []
