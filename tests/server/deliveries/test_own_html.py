"""A company's own HTML, from the folder to the mailbox (E-25)."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import settings
from server.deliveries.sample import preview, send_to_me
from server.mail_texts.edit import MailTextEdit
from server.models import Job
from server.models.enums import JobState, MailKind, Role
from server.worker import work_once
from tests import factories
from tests.server.deliveries.conftest import Story
from tests.server.gateways.mail.receiving import Receiver, words
from tests.server.meetings.scene import viewer_of

OWN = "<html><body><p>{{ company.name }}: {{ mail.opening }} {{ mail.facts[1].lines[0] }}</p></body></html>"


@pytest.fixture
def folder(tmp_path: Path, receiver: Receiver) -> Path:
    settings.use(settings.current().model_copy(update={"mail_templates_dir": str(tmp_path)}))
    return tmp_path


async def test_mails_have_it_and_the_text_stays_ours(folder: Path, receiver: Receiver, story: Story) -> None:
    (folder / "booked.html.j2").write_text(OWN)
    await story.tell("booked")
    while await work_once():
        pass
    to_contact, to_host = sorted(receiver.mails, key=lambda mail: story.host.email in str(mail["To"]))
    moment = "Tuesday 16 February 2027, 10:30 - 11:00, New York time (EST, UTC-5)"
    said = f"<p>Linden &amp; Co: Your meeting with Ines Marek is booked. {moment}</p>"
    assert (said in words(to_contact, "text/html"), "<table" in words(to_contact, "text/html")) == (True, False)
    assert words(to_contact).startswith("Your meeting with Ines Marek is booked.\n\nWhat:\n")
    assert "<table" in words(to_host, "text/html")


async def test_a_template_that_cannot_be_used_loses_no_mail(folder: Path, receiver: Receiver, story: Story) -> None:
    (folder / "mail.html.j2").write_text("{{ mail.weather }}")
    await story.tell("booked")
    while await work_once():
        pass
    assert {job.state for job in await Job.all()} == {JobState.DONE}
    assert [("<table" in words(mail, "text/html")) for mail in receiver.mails] == [True, True]


async def test_a_preview_and_the_sample_look_like_the_mail(folder: Path, receiver: Receiver, story: Story) -> None:
    (folder / "moved.html.j2").write_text(OWN)
    viewer = viewer_of(await factories.a_user(story.account, "Ada Min", role=Role.ADMIN))
    draft = MailTextEdit(MailKind.MOVED, "en")
    shown = await preview(viewer, draft)
    await send_to_me(viewer, draft)
    while await work_once():
        pass
    (mail,) = receiver.mails
    assert "<p>Linden &amp; Co: " in shown.html
    assert words(mail, "text/html").strip() == shown.html.strip()
