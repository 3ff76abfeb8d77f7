"""Administrators set what holds for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from server.account_settings.edit import AccountChanges, edit_account
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.booking.book import book
from server.changes.data_version import data_version
from server.errors import ErrorCode, Refused
from server.models import Account, Reminder
from server.models.enums import Role
from server.reminders.plan import LeadTime
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import a_booking, at, monday
from tests.server.meetings.scene import a_program, viewer_of

DAY, HOUR = LeadTime(1, "DAYS", includes_description=True), LeadTime(1, "HOURS")
WHOLE = AccountChanges(
    name="Linden GmbH",
    time_zone="Europe/Berlin",
    locale="de",
    reminders_by_default=True,
    default_reminders=(DAY, HOUR),
    meeting_types_enabled=True,
    sender_name="Linden",
    accent_color="#AA00FF",
    removes_logo=True,
    website_url="https://linden.example",
    postal_address="Lindenweg 1,  Berlin",
    privacy_url="https://linden.example/privacy",
    contact_email="Hello@Linden.example",
    consent_text="By booking you agree.",
)


async def an_admin() -> Viewer:
    return viewer_of(await a_user(await an_account(), role=Role.ADMIN))


async def refused(viewer: Viewer, changes: AccountChanges) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = await Account.all().values()
    with pytest.raises(Refused) as caught:
        await edit_account(viewer, changes)
    assert await Account.all().values() == before
    return [(one.code, one.path) for one in caught.value.complaints]


@pytest.mark.capability("S2-18", "S2-20")
async def test_everything_is_kept_and_what_is_left_out_stays(db: str) -> None:
    viewer = await an_admin()
    columns = [name for name in AccountChanges.__dataclass_fields__ if name != "removes_logo"]
    await edit_account(viewer, WHOLE)
    await edit_account(viewer, AccountChanges(website_url=""))
    row = await Account.get(id=viewer.account_id)
    assert {name: getattr(row, name) for name in columns} == {
        **{name: getattr(WHOLE, name) for name in columns},
        "default_reminders": [
            {"amount": 1, "unit": "DAYS", "includes_description": True},
            {"amount": 1, "unit": "HOURS", "includes_description": False},
        ],
        "accent_color": "#aa00ff",
        "website_url": "",
        "postal_address": "Lindenweg 1, Berlin",
        "contact_email": "hello@linden.example",
    }
    assert await data_version(viewer.account_id) == 2


async def test_everything_that_is_wrong_is_told_at_once_with_its_place(db: str) -> None:
    wrong = AccountChanges(
        name="",
        time_zone="Mars/Base",
        locale="x" * 17,
        default_reminders=(DAY, LeadTime(0, "DAYS"), HOUR, HOUR),
        sender_name="x" * 201,
        accent_color="red",
        consent_text="x" * 2001,
        website_url="linden.example",
        postal_address="x" * 501,
        privacy_url="javascript:alert(1)",
        contact_email="nobody",
    )
    assert await refused(await an_admin(), wrong) == [
        (ErrorCode.NAME_REQUIRED, ("name",)),
        (ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
        (ErrorCode.SETTING_INVALID, ("locale",)),
        (ErrorCode.TOO_MANY_REMINDERS, ("defaultReminders",)),
        (ErrorCode.TIME_RANGE_INVALID, ("defaultReminders", "1")),
        (ErrorCode.TEXT_TOO_LONG, ("senderName",)),
        (ErrorCode.SETTING_INVALID, ("accentColor",)),
        (ErrorCode.SETTING_INVALID, ("websiteUrl",)),
        (ErrorCode.TEXT_TOO_LONG, ("postalAddress",)),
        (ErrorCode.SETTING_INVALID, ("privacyUrl",)),
        (ErrorCode.EMAIL_INVALID, ("contactEmail",)),
        (ErrorCode.TEXT_TOO_LONG, ("consentText",)),
    ]


@pytest.mark.parametrize(
    "url", ["https://", "ftp://a.example", "https://a b", "https://me@a.example", "https://[", "//a"]
)
async def test_what_is_no_address_on_the_web_is_refused(db: str, url: str) -> None:
    assert await refused(await an_admin(), AccountChanges(privacy_url=url)) == [
        (ErrorCode.SETTING_INVALID, ("privacyUrl",))
    ]


async def test_administrators_and_programs_that_may_administer_do_it_and_nobody_else(db: str) -> None:
    account = await an_account()
    member = viewer_of(await a_user(account))
    for viewer in (member, a_program(account.id, Scope.ACCOUNT_READ)):
        assert await refused(viewer, AccountChanges(name="Ours")) == [(ErrorCode.FORBIDDEN, ("changes",))]
    await edit_account(a_program(account.id, Scope.ACCOUNT_ADMIN), AccountChanges(name="Ours"))
    assert (await Account.get(id=account.id)).name == "Ours"


@pytest.mark.capability("S2-18")
async def test_new_meetings_inherit_the_default_reminders_while_they_are_on(db: str) -> None:
    account = await an_account()
    admin = await a_user(account, role=Role.ADMIN)
    link, viewer = await a_link(admin), viewer_of(admin)

    async def reminders_of_a_booking(number: int) -> list[tuple[int, str]]:
        with at():
            booked = await book(a_booking(link, monday(8 + number)))
        planned: Any = await Reminder.filter(meeting_id=booked.meeting_id).order_by("due_at")
        return [(one.amount, one.unit.value) for one in planned]

    await edit_account(viewer, AccountChanges(default_reminders=(DAY, HOUR)))
    off = await reminders_of_a_booking(1)
    await edit_account(viewer, AccountChanges(reminders_by_default=True))
    on = await reminders_of_a_booking(2)
    await edit_account(viewer, AccountChanges(default_reminders=()))
    assert (off, on, await reminders_of_a_booking(3)) == ([], [(1, "DAYS"), (1, "HOURS")], [])
