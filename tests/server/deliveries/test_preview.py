from __future__ import annotations

import pytest

from server.deliveries.preview import PreviewedMail, invitations
from server.meetings.expected import Expected
from server.meetings.schedule import schedule
from server.models import Job
from server.worker import work_once
from tests import factories
from tests.server.booking.scene import at
from tests.server.gateways.mail.receiving import Receiver
from tests.server.meetings.scene import a_new_meeting, viewer_of


@pytest.mark.capability("S2-40")
async def test_the_preview_names_the_mails_that_leave_then_each_in_its_readers_words(receiver: Receiver) -> None:
    account = await factories.an_account()
    ines, piotr = await factories.a_user(account), await factories.a_user(account, "Piotr Zima", locale="pl")
    contact = await factories.a_contact(account, time_zone="Asia/Taipei", locale="zh-Hant")
    wanted = (Expected(contact_id=contact.id), Expected(user_id=ines.id), Expected(address="guest@other.example"))
    new = a_new_meeting(host_id=piotr.id, attendees=wanted)
    with at():
        told = await schedule(viewer_of(ines), a_new_meeting(host_id=piotr.id, attendees=wanted, dry_run=True))
        assert told.preview is not None
        mails = await invitations(told.preview.facts)
        assert await Job.all().count() == 0
        await schedule(viewer_of(ines), new)
        await work_once()
    assert [(one.email, one.name, one.is_host) for one in mails] == [
        (piotr.email, "Piotr Zima", True),
        (contact.email, "Tomasz Lis", False),
        (ines.email, "Ines Marek", False),
        ("guest@other.example", "", False),
    ]
    sent = {str(mail["To"]).rpartition("<")[2].rstrip(">"): str(mail["Subject"]) for mail in receiver.mails}
    assert sent == {one.email: one.subject for one in mails}
    assert mails[0] == PreviewedMail(piotr.email, "Piotr Zima", True, mails[0].subject)
    assert len({one.subject for one in mails}) >= 3
