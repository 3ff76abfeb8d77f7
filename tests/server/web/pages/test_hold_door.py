"""The address at which the script of the form keeps its time."""

from __future__ import annotations

from server import clock
from server.models import Hold
from tests.server.web.pages.scene import a_page, details, sent
from tests.server.web.pages.visiting import MONDAY, visitor

WANTED = {"start": "2026-11-24T09:30Z", "key": "one-key"}


async def test_a_time_is_kept_for_its_form_and_for_nobody_else(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as one, visitor() as other:
            held = await one.client.post("/m/ines/hold", data=WANTED)
            own = await one.get("/m/ines?start=2026-11-24T09:30Z&key=one-key")
            theirs = await other.get("/m/ines?start=2026-11-24T09:30Z&key=other-key")
            back = await one.get("/m/ines?date=2026-11-24&key=one-key")
            refused = await other.client.post("/m/ines/hold", data=WANTED | {"key": "other-key"})
            booked = await sent(one, await details(one))
    assert held.json() == {"seconds": 600}
    assert own.form("details").fields["start"] == ["2026-11-24T09:30Z"]
    assert "10:30 has just been taken." in theirs.text
    assert "2026-11-24T09:30Z" in back.form("times").radios["start"]
    assert refused.status_code == 409
    assert booked.title == "You are booked - Product walkthrough"


async def test_looking_keeps_nothing(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await details(visiting)
    assert not await Hold.exists()


async def test_what_makes_no_sense_keeps_nothing(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            answers = [
                await visiting.client.post("/m/nowhere/hold", data=WANTED),
                await visiting.client.post("/m/ines/hold", data={"key": "one-key"}),
                await visiting.client.post("/m/ines/hold", data={"start": WANTED["start"]}),
                await visiting.client.post("/m/ines/hold", data=WANTED, headers={"sec-fetch-site": "cross-site"}),
            ]
    assert [one.status_code for one in answers] == [404, 404, 409, 403]
    assert not await Hold.exists()
