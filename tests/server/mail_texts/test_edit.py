from __future__ import annotations

import asyncio

import pytest

from server.accounts.viewer import Viewer
from server.errors import Refused
from server.mail_texts.edit import MailTextEdit, edit_mail_text, reset_mail_text
from server.mail_texts.queries import mail_texts, own_words
from server.mail_texts.shipped import Words, shipped
from server.models import Account, MailText
from server.models.enums import MailKind, Role
from server.wording import LOCALES
from tests import factories
from tests.server.meetings.scene import viewer_of


async def an_admin(name: str = "Linden & Co") -> Viewer:
    return viewer_of(await factories.a_user(await factories.an_account(name), role=Role.ADMIN))


async def words_of(viewer: Viewer, kind: MailKind = MailKind.BOOKED, locale: str = "en") -> Words:
    (found,) = await mail_texts(viewer, kind=kind, locale=locale)
    return found.own


async def test_words_are_kept_part_by_part(db: str) -> None:
    viewer = await an_admin()
    await edit_mail_text(viewer, MailTextEdit(MailKind.BOOKED, "en", subject="  Yes:\n{title} ", closing="Bye\n\nInes"))
    await edit_mail_text(viewer, MailTextEdit(MailKind.BOOKED, "en", opening="Hello {attendee}"))
    assert await words_of(viewer) == Words("Yes: {title}", "Hello {attendee}", "Bye\n\nInes")


async def test_an_empty_part_is_worded_as_usual_and_nothing_is_kept_of_none(db: str) -> None:
    viewer = await an_admin()
    await edit_mail_text(viewer, MailTextEdit(MailKind.BOOKED, "en", subject="Yes", opening="Hello"))
    await edit_mail_text(viewer, MailTextEdit(MailKind.BOOKED, "en", subject=""))
    assert await words_of(viewer) == Words("", "Hello", "")
    await edit_mail_text(viewer, MailTextEdit(MailKind.BOOKED, "en", opening=" "))
    assert await MailText.all().count() == 0


async def test_reset_takes_all_parts_back_in_that_language_only(db: str) -> None:
    viewer = await an_admin()
    for locale in ("en", "pl"):
        await edit_mail_text(viewer, MailTextEdit(MailKind.MOVED, locale, subject="Moved"))
    await reset_mail_text(viewer, MailKind.MOVED, "en")
    assert await own_words(viewer.account_id) == {("MOVED", "pl"): Words("Moved")}


async def test_unknown_placeholders_are_refused_with_the_list_of_those_there_are(db: str) -> None:
    viewer = await an_admin()
    edit = MailTextEdit(MailKind.BOOKED, "en", subject="{internal_notes}", opening="{title} {atendee}")
    with pytest.raises(Refused) as refused:
        await edit_mail_text(viewer, edit)
    allowed = "{attendee}, {host}, {title}, {when}, {when_in_full}, {location}, {company}"
    assert [(one.code, one.message, one.path) for one in refused.value.complaints] == [
        ("SETTING_INVALID", f"This mail has no {{internal_notes}}. You can use {allowed}.", ("subject",)),
        ("SETTING_INVALID", f"This mail has no {{atendee}}. You can use {allowed}.", ("opening",)),
    ]
    assert await MailText.all().count() == 0


@pytest.mark.parametrize(
    ("edit", "code", "path"),
    [
        (MailTextEdit(MailKind.BOOKED, "xx", subject="Yes"), "SETTING_INVALID", ("locale",)),
        (MailTextEdit(MailKind.BOOKED, "en", subject="x" * 301), "TEXT_TOO_LONG", ("subject",)),
        (MailTextEdit(MailKind.BOOKED, "en", opening="x" * 1001), "TEXT_TOO_LONG", ("opening",)),
        (MailTextEdit(MailKind.BOOKED, "en", closing="x" * 2001), "TEXT_TOO_LONG", ("closing",)),
    ],
)
async def test_what_no_mail_can_say_is_refused(db: str, edit: MailTextEdit, code: str, path: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        await edit_mail_text(await an_admin(), edit)
    assert [(one.code, one.path) for one in refused.value.complaints] == [(code, path)]


async def test_members_word_nothing(db: str) -> None:
    member = viewer_of(await factories.a_user(await factories.an_account()))
    with pytest.raises(Refused):
        await edit_mail_text(member, MailTextEdit(MailKind.BOOKED, "en", subject="Yes"))
    with pytest.raises(Refused):
        await reset_mail_text(member, MailKind.BOOKED, "en")


async def test_accounts_do_not_word_each_others_mails(db: str) -> None:
    ours, theirs = await an_admin(), await an_admin("Others")
    await edit_mail_text(ours, MailTextEdit(MailKind.BOOKED, "en", subject="Ours"))
    assert await words_of(theirs) == Words()


async def test_two_who_word_the_same_mail_at_once_both_do(db: str) -> None:
    viewer = await an_admin()
    await asyncio.gather(
        edit_mail_text(viewer, MailTextEdit(MailKind.BOOKED, "en", subject="Subject")),
        edit_mail_text(viewer, MailTextEdit(MailKind.BOOKED, "en", opening="Opening")),
    )
    assert await words_of(viewer) == Words("Subject", "Opening")


async def test_list_holds_every_kind_in_every_language_with_the_usual_words(db: str) -> None:
    viewer = await an_admin()
    found = await mail_texts(viewer)
    assert [(one.kind, one.locale) for one in found] == [(kind, locale) for kind in MailKind for locale in LOCALES]
    assert {one.usual for one in found} == {shipped(kind, locale) for kind in MailKind for locale in LOCALES}


async def test_a_placeholder_that_a_release_took_away_is_named(db: str) -> None:
    viewer = await an_admin()
    account = await Account.get(id=viewer.account_id)
    await MailText.create(account=account, kind="BOOKED", locale="en", subject="{title} {weather}", opening="{weather}")
    (found,) = await mail_texts(viewer, kind=MailKind.BOOKED, locale="en")
    assert found.unknown == ("weather",)
