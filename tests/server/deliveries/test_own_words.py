"""The account's own words, from the form to the mailbox (E-25)."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest

from server import clock, database, outbox
from server.deliveries.sample import preview, send_to_me
from server.errors import Refused
from server.mail_texts.edit import MailTextEdit, edit_mail_text
from server.models import Account, Attendee, Job, MailText, Meeting, Reminder, User
from server.models.enums import JobKind, LeadTimeUnit, MailKind, Role
from server.wording import when
from server.wording.catalogue import catalogue
from server.worker import work_once
from tests import factories
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.deliveries.reading import Page
from tests.server.gateways.mail.receiving import Receiver, words
from tests.server.meetings.scene import a_program, viewer_of


async def an_admin_of(story: Story) -> User:
    return await factories.a_user(story.account, "Ada Min", role=Role.ADMIN)


async def word(story: Story, kind: MailKind, locale: str = "en", **said: str) -> None:
    await edit_mail_text(viewer_of(await an_admin_of(story)), MailTextEdit(kind, locale, **said))


async def sent(receiver: Receiver, to: str) -> Any:
    while await work_once():
        pass
    return next(mail for mail in receiver.mails if to in str(mail["To"]))


async def test_mail_is_sent_in_the_accounts_own_words(receiver: Receiver, story: Story) -> None:
    await word(
        story,
        MailKind.BOOKED,
        subject="See you {when}, {attendee}",
        opening="{host} of {company} is looking forward to {title}.",
        closing="{when_in_full}\n{location}",
    )
    await story.tell("booked")
    mail = await sent(receiver, story.contact.email)
    text = words(mail)
    assert str(mail["Subject"]) == "See you Tue 16 Feb, 10:30, Tomasz Lis"
    assert text.startswith("Ines Marek of Linden & Co is looking forward to Intro call.\n\nWhat:\n")
    spelled = "Tuesday 16 February 2027, 10:30 - 11:00, New York time (EST, UTC-5)"
    assert f"{spelled}\nVideo call: https://call.example/abc\n\n-- \n" in text
    page = Page(words(mail, "text/html"))
    assert "Ines Marek of Linden & Co is looking forward to Intro call." in page.words


async def test_other_languages_and_kinds_are_worded_as_usual(receiver: Receiver, story: Story) -> None:
    await word(story, MailKind.BOOKED, "en", subject="Ours")
    await Meeting.filter(id=story.meeting.id).update(locale="pl")
    await story.tell("booked")
    assert str((await sent(receiver, story.contact.email))["Subject"]).startswith("Zarezerwowano: Intro call")
    assert str((await sent(receiver, story.host.email))["Subject"]).startswith("Tomasz Lis booked Intro call")


async def test_a_reader_of_another_region_reads_the_words_of_the_language(receiver: Receiver, story: Story) -> None:
    await word(story, MailKind.BOOKED, "en", subject="At {when}")
    await Meeting.filter(id=story.meeting.id).update(locale="en-US")
    await story.tell("booked")
    moment = when.short(STARTS_AT, "America/New_York", "en-US")
    assert moment.startswith("Tue, Feb 16, 10:30")
    assert str((await sent(receiver, story.contact.email))["Subject"]) == f"At {moment}"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (MailKind.REMINDER, {}),
        (MailKind.LATE, {"minutes": 5, "starts_at": int(STARTS_AT.timestamp())}),
    ],
)
async def test_every_delivery_asks_for_them(
    receiver: Receiver, story: Story, kind: MailKind, payload: dict[str, int]
) -> None:
    await word(story, kind, subject=f"{kind} {{title}}")
    if kind is MailKind.REMINDER:
        reminder = await Reminder.create(
            account=story.account,
            meeting=story.meeting,
            amount=1,
            unit=LeadTimeUnit.HOURS,
            due_at=clock.now(),
            starts_at=STARTS_AT,
        )
        payload = {"reminder_id": reminder.id}
    job = JobKind.REMINDER_MAIL if kind is MailKind.REMINDER else JobKind.LATE_NOTICE_MAIL
    async with database.transaction():
        await outbox.enqueue(job, account_id=story.account.id, meeting_id=story.meeting.id, payload=payload)
    assert str((await sent(receiver, story.contact.email))["Subject"]) == f"{kind} Intro call"


async def test_words_survive_an_upgrade_that_words_mails_otherwise(
    receiver: Receiver, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    await word(story, MailKind.BOOKED, subject="Ours: {title}")
    upgraded = {"mail.booked.subject": "New: {title}", "mail.booked.opening": "New words of {host}."}
    as_shipped = dict(catalogue("en"))
    monkeypatch.setattr("server.wording.catalogue._catalogue", lambda _: as_shipped | upgraded)
    await story.tell("booked")
    mail = await sent(receiver, story.contact.email)
    assert str(mail["Subject"]) == "Ours: Intro call"
    assert words(mail).startswith("New words of Ines Marek.\n")


async def test_a_part_with_a_placeholder_that_is_gone_is_worded_as_usual(receiver: Receiver, story: Story) -> None:
    texts = {"subject": "{title} {weather}", "opening": "Hello {attendee}", "closing": "{weather}"}
    await MailText.create(account=story.account, kind="BOOKED", locale="en", **texts)
    await story.tell("booked")
    mail = await sent(receiver, story.contact.email)
    assert str(mail["Subject"]) == "Booked: Intro call, Tue 16 Feb, 10:30"
    assert words(mail).startswith("Hello Tomasz Lis\n")
    assert "weather" not in words(mail)


async def test_own_words_and_what_fills_them_are_text_and_nothing_else(receiver: Receiver, story: Story) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> {internal_notes} {host}"
    await Meeting.filter(id=story.meeting.id).update(title=evil)
    await word(
        story,
        MailKind.BOOKED,
        subject="{title}",
        opening="<b>{title}</b>",
        closing="<a href='https://evil.example'>x</a>",
    )
    await story.tell("booked")
    mail = await sent(receiver, story.contact.email)
    page = Page(words(mail, "text/html"))
    assert {"script", "img", "b"} & set(page.names) == set()
    assert not [one for one in page.values("href") if "evil" in one]
    assert str(mail["Subject"]) == evil
    assert f"<b>{evil}</b>" in page.words
    assert "price" not in words(mail)


async def test_preview_is_what_is_sent(receiver: Receiver, story: Story) -> None:
    await word(story, MailKind.BOOKED, subject="{title} for {attendee}", closing="Bye")
    seen = await preview(viewer_of(story.host), MailTextEdit(MailKind.BOOKED, "en"), meeting_id=story.meeting.id)
    await story.tell("booked")
    mail = await sent(receiver, story.contact.email)
    assert (seen.subject, seen.text, seen.sender.name) == (
        str(mail["Subject"]),
        words(mail),
        mail["From"].addresses[0].display_name,
    )
    assert f"{seen.html}\n" == words(mail, "text/html")


async def test_preview_of_a_draft_tells_of_a_real_meeting_and_stores_nothing(db: str, story: Story) -> None:
    admin = viewer_of(await an_admin_of(story))
    seen = await preview(admin, MailTextEdit(MailKind.HOST_MOVED, "pl", opening="{contact}!"))
    assert (seen.meeting_id, seen.text.splitlines()[0]) == (story.meeting.id, "Tomasz Lis!")
    assert await MailText.all().count() == 0
    with pytest.raises(Refused):
        await preview(admin, MailTextEdit(MailKind.BOOKED, "en", subject="{internal_notes}"))


@pytest.mark.parametrize("kind", MailKind)
async def test_an_account_without_meetings_is_shown_one_that_was_made_up(db: str, kind: MailKind) -> None:
    account = await factories.an_account("Fresh Ltd")
    admin = viewer_of(await factories.a_user(account, "Ada Min", role=Role.ADMIN))
    seen = await preview(admin, MailTextEdit(kind, "en"))
    assert seen.meeting_id is None
    assert "Fresh Ltd" in seen.text


async def test_nobody_previews_a_meeting_of_another_account(db: str, story: Story) -> None:
    other = await factories.a_user(await factories.an_account("Others"), role=Role.ADMIN)
    with pytest.raises(Refused) as refused:
        await preview(viewer_of(other), MailTextEdit(MailKind.BOOKED, "en"), meeting_id=story.meeting.id)
    assert [one.code for one in refused.value.complaints] == ["NOT_FOUND"]


async def test_sample_goes_to_oneself_once_and_into_no_calendar(receiver: Receiver, story: Story) -> None:
    admin = await an_admin_of(story)
    draft = MailTextEdit(MailKind.BOOKED, "en", subject="Draft: {title}")
    for _ in range(2):
        assert await send_to_me(viewer_of(admin), draft, idempotency_key="once") == admin.email
    while await work_once():
        pass
    (mail,) = receiver.mails
    assert (receiver.recipients, str(mail["Subject"])) == ([admin.email], "Draft: Intro call")
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == ["text/plain", "text/html"]
    seen = await preview(viewer_of(admin), draft)
    assert words(mail) == seen.text
    assert await MailText.all().count() == 0


async def test_a_program_has_no_mailbox(db: str, story: Story) -> None:
    with pytest.raises(Refused) as refused:
        await send_to_me(a_program(story.account.id, "account:admin"), MailTextEdit(MailKind.BOOKED, "en"))
    assert [one.code for one in refused.value.complaints] == ["FORBIDDEN"]


async def test_sample_of_an_account_without_meetings_is_sent_too(receiver: Receiver) -> None:
    account: Account = await factories.an_account("Fresh Ltd")
    admin = await factories.a_user(account, "Ada Min", role=Role.ADMIN)
    await send_to_me(viewer_of(admin), MailTextEdit(MailKind.HOST_CALENDAR, "en"))
    await work_once()
    assert [str(mail["Subject"]) for mail in receiver.mails] == ["Google Calendar needs you"]
    assert await Job.filter(kind=JobKind.SAMPLE_MAIL, state="DONE").count() == 1


async def test_values_keep_their_own_direction_in_words_from_right_to_left(receiver: Receiver, story: Story) -> None:
    await word(
        story,
        MailKind.BOOKED,
        "ar",
        subject="{title}: موعدك {when}",
        opening="يسعد {company} أن تلتقي بك ({host}).",
        closing="{attendee}، إلى اللقاء\n{location}",
    )
    await Meeting.filter(id=story.meeting.id).update(locale="ar")
    await story.tell("booked")
    mail = await sent(receiver, story.contact.email)
    moment = when.short(STARTS_AT, "America/New_York", "ar")
    opening = "يسعد \u2068Linden & Co\u2069 أن تلتقي بك (\u2068Ines Marek\u2069)."
    closing = "\u2068Tomasz Lis\u2069، إلى اللقاء"
    assert str(mail["Subject"]) == f"\u2068Intro call\u2069: موعدك \u2068{moment}\u2069"
    assert words(mail).startswith(f"{opening}\n")
    assert f"\n{closing}\n" in words(mail)
    html = words(mail, "text/html")
    assert f">{escape(opening, quote=False)}</h1>" in html
    assert f">{closing}<br>" in html
    assert "https://call.example/abc\u2069" not in words(mail)


async def test_values_stand_bare_in_words_from_left_to_right(receiver: Receiver, story: Story) -> None:
    await word(story, MailKind.BOOKED, opening="{host} meets {attendee}.")
    await story.tell("booked")
    assert words(await sent(receiver, story.contact.email)).startswith("Ines Marek meets Tomasz Lis.\n")


async def test_a_part_that_names_whom_the_meeting_is_with_is_as_usual_where_that_is_nobody(
    receiver: Receiver, story: Story
) -> None:
    await word(story, MailKind.HOST_CANCELED, subject="Off: {title}", opening="No {contact} today.", closing="{host}")
    await Attendee.filter(meeting_id=story.meeting.id).delete()
    await Meeting.filter(id=story.meeting.id).update(contact_id=None)
    await story.tell("canceled")
    mail = await sent(receiver, story.host.email)
    text = words(mail)
    assert (str(mail["Subject"]), text.split("\n")[0]) == ("Off: Intro call", "Your meeting is canceled.")
    assert "\n\nInes Marek\n\n-- \n" in text
