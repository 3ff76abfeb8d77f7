"""`parley receive-mail`: a mail server hands in a mail, such as Postfix through a pipe."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from os import EX_TEMPFAIL
from pathlib import Path
from typing import Annotated

import typer

from server import ids
from server.cli.answering import Json, answer, remark
from server.cli.running import on_database, plainly
from server.replies.receive import receive

LARGEST_BYTES = 5 * 1024 * 1024


def receive_mail(
    mail: Annotated[Path | None, typer.Argument(help="A file with the mail; standard input if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Take in a mail: an attendee's reply to an invitation is noted, everything else changes nothing.

    The status is 0 for every mail that was read, so that the sender hears nothing of it, and 75 where the mail server
    is to try again later."""
    with plainly(), nullcontext(sys.stdin.buffer) if mail is None else mail.open("rb") as given:
        raw = given.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        remark(f"parley: a mail of more than {LARGEST_BYTES} bytes is no reply; it was left alone.")
        return
    try:
        received = on_database(lambda: receive(raw))
    except typer.Exit as stopped:
        # Whatever is wrong here is wrong on our side: a status of 1 would send the mail back to the attendee.
        raise typer.Exit(EX_TEMPFAIL) from stopped
    meeting = None if received.meeting_id is None else ids.public_id("mtg", received.meeting_id)
    facts = {"outcome": received.outcome.value, "reason": received.reason, "meeting": meeting}
    answer(facts, sentence=f"{received.outcome}: {received.reason}", as_json=as_json)
