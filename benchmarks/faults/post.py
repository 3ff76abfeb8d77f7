"""The mail server is down, slow, refuses, or takes a mail and then breaks the line (R5), in virtual time.

`python -m benchmarks.faults.post URL` plays one trouble with a worker and a mail server of its own, and prints what
came of it."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.faults.repeated import BOOK, CANCEL, MOVE
from benchmarks.faults.scene import PUBLIC_URL, Scene, hold
from server import clock, database, settings
from server.models import Job
from server.models.enums import JobState
from server.worker import work_once
from tests.journeys.processes import SECRET, GraphQL, MailReceiver

TROUBLES = ("down", "busy", "lost answers", "refused")
DOWN_FOR = timedelta(minutes=10)
BUSY_TIMES = 5
UNKNOWN = "refused-0@client.example"
LONGEST = timedelta(hours=6)


async def mail_in_trouble(scene: Scene) -> str:
    """Mails of meetings that are booked, moved and canceled all leave after the trouble, in order; one that is refused
    for good is not tried again."""
    figures = []
    async with scene.serve() as server:
        for trouble in TROUBLES:
            await _live(scene, server.url, trouble.replace(" ", "-"), scene.size(quick=3, full=40))
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.faults.post", scene.database_url, "--trouble", trouble),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            out, complaints = await process.communicate()
            hold(process.returncode == 0, f"{trouble}: {complaints.decode()[-600:]}")
            figures.append(f"{trouble}: {json.loads(out.splitlines()[-1])['said']}")
    return "; ".join(figures)


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


class TroubledReceiver(MailReceiver):
    """A mail server with one trouble."""

    def __init__(self, trouble: str) -> None:
        super().__init__()
        self.trouble = trouble
        self.tries: Counter[str] = Counter()
        self.is_up = True

    def go_down(self) -> None:
        """Nobody listens on its port."""
        self._controller.stop()
        self.is_up = False

    def come_up(self) -> None:
        """It listens again, on the same port."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.is_up = True

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.trouble == "refused" and address == UNKNOWN:
            self.tries["refused"] += 1
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = re.search(rb"(?im)^message-id:\s*(\S+)", envelope.original_content or b"")
        message_id = name[1].decode() if name else ""
        self.tries[message_id] += 1
        if self.trouble == "busy" and self.tries[message_id] <= BUSY_TIMES:
            return "451 4.3.2 Not now, please"
        answer = await super().handle_DATA(server, session, envelope)
        if self.trouble == "lost answers" and self.tries[message_id] == 1:
            server.transport.abort()
        return answer


async def play(url: str, trouble: str) -> str:
    """One trouble from its beginning until nothing is left to deliver, as fast as the worker goes."""
    with TroubledReceiver(trouble) as mail:
        mailing = {"smtp_url": f"smtp://127.0.0.1:{mail.port}", "mail_from": "meetings@fernhill.example"}
        settings.use(settings.read(database_url=url, secret_key=SECRET, public_url=PUBLIC_URL, **mailing))
        await database.connect(url)
        try:
            if trouble == "down":
                mail.go_down()
            began = now = clock.now()
            while now < began + LONGEST:
                if not mail.is_up and now >= began + DOWN_FOR:
                    mail.come_up()
                with clock.travel(now):
                    while await work_once():
                        pass
                waiting = Job.filter(state=JobState.WAITING, run_at__lte=began + LONGEST)
                upcoming = await waiting.order_by("run_at").first()
                if upcoming is None:
                    break
                now = max(upcoming.run_at, now + timedelta(seconds=1))
            left = await Job.filter(state=JobState.WAITING, run_at__lte=began + LONGEST).count()
            hold(left == 0, f"{left} deliveries still wait after {LONGEST}")
            dead = await Job.filter(state=JobState.DEAD).count()
        finally:
            await database.disconnect()
        return _judged(trouble, mail, dead, int((now - began).total_seconds()))


def _judged(trouble: str, mail: TroubledReceiver, dead: int, seconds: int) -> str:
    ids = Counter(str(one["Message-ID"]) for one in mail.messages)
    doubles = sum(ids.values()) - len(ids)
    hold(doubles == 0 or trouble == "lost answers", f"{doubles} mails came twice")
    hold((dead > 0) == (trouble == "refused"), f"{dead} deliveries are dead")
    hold(mail.tries["refused"] == dead, f"a refused mail was tried {mail.tries['refused']} times, {dead} are dead")
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


def main() -> None:
    """One trouble was played; what came of it stands on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--trouble", choices=TROUBLES, required=True)
    asked = parser.parse_args()
    sys.stdout.write("\n" + json.dumps({"said": asyncio.run(play(asked.url, asked.trouble))}))


if __name__ == "__main__":
    main()
