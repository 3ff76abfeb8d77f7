"""A deck asked at a steady pace by a process of its own: an answer must not wait until five hundred subscribers, whose
frames this machine reads in Python, have read theirs."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from benchmarks.load.deck import Deck
from benchmarks.load.http_client import Answers, at_pace

_BEGUN = b"begun\n"


class Asker:
    """The process, which has asked for a second already and begins to count now."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def answers(self) -> Answers:
        """What came back; raises if the process failed."""
        told, _ = await self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(f"whoever asked for screens ended with {self._process.returncode}")
        return Answers(**json.loads(told))


async def asking(port: int, warming: Deck, deck: Deck, *, rate: float, seconds: float) -> Asker:
    """A process that asks `rate` times a second, on the cores of this one."""
    words = (str(port), str(rate), str(seconds), str(warming.file), str(warming.count), str(deck.file), str(deck.count))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, *words, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    if await process.stdout.readline() != _BEGUN:
        raise RuntimeError("whoever was to ask for screens did not begin")
    return Asker(process)


async def _ask(port: int, rate: float, seconds: float, warming: Deck, deck: Deck) -> None:
    await at_pace(port, warming, rate=rate, seconds=1)
    sys.stdout.buffer.write(_BEGUN)
    sys.stdout.buffer.flush()
    answers = await at_pace(port, deck, rate=rate, seconds=seconds)
    json.dump({"delays": answers.delays, "bad": answers.bad}, sys.stdout)


if __name__ == "__main__":
    port, rate, seconds, *files = sys.argv[1:]
    decks = [Deck(Path(file), int(count)) for file, count in zip(files[::2], files[1::2], strict=True)]
    asyncio.run(_ask(int(port), float(rate), float(seconds), *decks))
