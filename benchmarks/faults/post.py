"""The mail server is down, says not now, refuses, takes a mail and then breaks the line, or offers no TLS that one can
trust (R5), in virtual time."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar

from benchmarks.faults.forked import aside
from benchmarks.faults.mail_servers import TROUBLES, WITHOUT_TLS, TroubledReceiver
from benchmarks.faults.repeated import BOOK, CANCEL, MOVE
from benchmarks.faults.scene import PUBLIC_URL, Scene, hold
from server import clock, database, settings
from server.models import Job
from server.models.enums import JobState
from server.worker import work_once
from tests.journeys.processes import SECRET, GraphQL

MENDED_AFTER = timedelta(minutes=10)
LONGEST = timedelta(hours=6)


async def mail_in_trouble(scene: Scene) -> str:
    """Mails of meetings that are booked, moved and canceled all leave after the trouble, in order, and none without the
    TLS that was asked for; one that is refused for good is not tried again."""
    figures = []
    async with scene.serve() as server:
        for trouble in TROUBLES:
            await _live(scene, server.url, trouble.replace(" ", "-"), scene.size(quick=3, full=40))
            figures.append(f"{trouble}: {await aside(played, scene.database_url, trouble, str(scene.folder))}")
    return "; ".join(figures)


def played(url: str, trouble: str, folder: str) -> str:
    """What came of one trouble, for whoever has a process to itself."""
    return asyncio.run(_play(url, trouble, Path(folder)))


async def _live(scene: Scene, url: str, name: str, visitors: int) -> None:
    """Meetings are booked; of every three one is moved, one is canceled."""
    client = GraphQL(url)
    starts = await scene.free(url, 2 * visitors)
    for number in range(visitors):
        given = {"slug": scene.slug, "startsAt": starts[number], "firstName": "Eva"}
        booked = await _told(client, BOOK, {**given, "email": f"{name}-{number}@client.example"})
        token = re.sub(r".*/b/", "", booked["manageUrl"])
        if number % 3 == 1:
            await _told(client, MOVE, {"token": token, "startsAt": starts[visitors + number]})
        elif number % 3 == 2:
            await _told(client, CANCEL, {"token": token})


async def _told(client: GraphQL, query: str, given: dict[str, Any]) -> dict[str, Any]:
    payload = (await client.ask(query, input=given))["answer"]
    hold(payload["userErrors"] == [], f"the story could not be told: {payload['userErrors']}")
    return dict(payload["booking"])


async def _play(url: str, trouble: str, folder: Path) -> str:
    """One trouble from its beginning until nothing is left to deliver, as fast as the worker goes."""
    with TroubledReceiver(trouble, folder) as mail:
        os.environ["SSL_CERT_FILE"] = str(mail.certificate)
        mailing = {"smtp_url": mail.url, "mail_from": "meetings@fernhill.example"}
        settings.use(settings.read(database_url=url, secret_key=SECRET, public_url=PUBLIC_URL, **mailing))
        await database.connect(url)
        try:
            dead = await Job.filter(state=JobState.DEAD).count()
            seconds = await _until_delivered(mail)
            dead = await Job.filter(state=JobState.DEAD).count() - dead
        finally:
            await database.disconnect()
        return _judged(trouble, mail, dead, seconds)


async def _until_delivered(mail: TroubledReceiver) -> int:
    """Everything that was promised has been tried until it was done or dead; how many seconds passed in the story."""
    began = now = clock.now()
    waiting = Job.filter(state=JobState.WAITING, run_at__lte=began + LONGEST)
    while now < began + LONGEST:
        if not mail.is_mended and now >= began + MENDED_AFTER:
            mail.mend()
        with clock.travel(now):
            while await work_once():
                pass
        upcoming = await waiting.order_by("run_at").first()
        if upcoming is None:
            break
        now = max(upcoming.run_at, now + timedelta(seconds=1))
    left = await waiting.count()
    hold(left == 0, f"{left} deliveries still wait after {LONGEST}")
    return int((now - began).total_seconds())


def _judged(trouble: str, mail: TroubledReceiver, dead: int, seconds: int) -> str:
    ids = Counter(str(one["Message-ID"]) for one in mail.messages)
    doubles = sum(ids.values()) - len(ids)
    hold(doubles == 0 or trouble == "lost answers", f"{doubles} mails came twice")
    hold((dead > 0) == (trouble == "refused"), f"{dead} deliveries are dead")
    hold(mail.tries["refused"] == dead, f"a refused mail was tried {mail.tries['refused']} times, {dead} are dead")
    hold(mail.told_in_clear == [] or trouble not in WITHOUT_TLS, f"told without TLS: {mail.told_in_clear[:3]}")
    hold(mail.is_mended, "nothing was left to deliver while the trouble lasted")
    _check_order(mail.messages)
    return f"{len(ids)} mails, {doubles} twice, {dead} dead, in order, over {seconds} s"


def _check_order(messages: Sequence[EmailMessage]) -> None:
    """To each reader the invitations of a meeting come in the order of their SEQUENCE, a cancellation last."""
    seen: dict[tuple[str, str], list[tuple[int, bool]]] = defaultdict(list)
    for message in messages:
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                event = icalendar.Calendar.from_ical(part.get_payload(decode=True))
                inner = event.walk("VEVENT")[0]
                step = (int(inner.get("sequence", 0)), str(event.get("method")) == "CANCEL")
                seen[str(message["X-Envelope-To"]), str(inner["uid"])].append(step)
    for (reader, uid), steps in seen.items():
        hold(steps == sorted(steps), f"{reader} got {uid} as {steps}")
