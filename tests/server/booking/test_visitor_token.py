"""A contact whom a site knows: signed for that site, for an hour, and filled in only from what was submitted there."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server.accounts.scopes import READ_SCOPES
from server.accounts.viewer import Viewer
from server.booking.remembered import KEPT_FOR
from server.booking.visitor_token import (
    LASTS,
    contact_of,
    create_visitor_token,
    note_submission,
    submitted_by,
    visitor_token_of,
)
from server.errors import ErrorCode, Refused
from server.models import Account, VisitorDevice
from server.models.enums import Role
from tests.factories import a_contact, an_account
from tests.server.booking.scene import NOW, at

SITE = "meet.example.com"
DETAILS = {"email": "tomasz@client.example", "phone": "+48 600 100 200"}


@pytest.mark.capability("S1-29")
async def test_a_token_stands_for_one_contact_on_one_site_for_an_hour(db: str) -> None:
    account, other = await an_account(), await an_account("Other")
    contact = await a_contact(account)
    with at():
        token = visitor_token_of(contact, SITE)
        assert await contact_of(token, account.id, SITE.upper()) == contact
        assert await contact_of(token, account.id, "elsewhere.example.com") is None
        assert await contact_of(token, other.id, SITE) is None
        for forged in ("", "1", f"{token}x", token.replace(".", "-"), f"9{token}", "1.2.3"):
            assert await contact_of(forged, account.id, SITE) is None
    with at(NOW + LASTS + LASTS):
        assert await contact_of(token, account.id, SITE) is None


@pytest.mark.capability("S1-29")
async def test_what_is_known_is_what_was_submitted_on_that_site(db: str) -> None:
    account = await an_account()
    contact, other = await a_contact(account), await a_contact(account, "Ada")
    with at():
        await note_submission(contact, SITE, DETAILS)
        await note_submission(contact, SITE, DETAILS | {"phone": "+48 1"})
        assert await submitted_by(contact, SITE) == DETAILS | {"phone": "+48 1"}
        assert await submitted_by(contact, "elsewhere.example.com") == {}
        assert await submitted_by(other, SITE) == {}
    with at(NOW + KEPT_FOR + timedelta(seconds=1)):
        assert await submitted_by(contact, SITE) == {}


async def test_what_is_submitted_twice_at_once_is_known_once(db: str) -> None:
    contact = await a_contact(await an_account())
    with at():
        for site in (SITE, "second.example.com"):
            await asyncio.gather(*(note_submission(contact, site, DETAILS) for _ in range(5)))
            assert await submitted_by(contact, site) == DETAILS
    assert await VisitorDevice.all().count() == 2


async def test_create_visitor_token_is_for_ones_own_contacts_and_real_hosts(db: str) -> None:
    account, other = await an_account(), await an_account("Other")
    contact = await a_contact(account)
    with at():
        made = await create_visitor_token(_viewer(account), contact.id, SITE)
        assert made.expires_at == NOW + LASTS
        assert await contact_of(made.token, account.id, SITE) == contact
        with pytest.raises(Refused) as foreign:
            await create_visitor_token(_viewer(other), contact.id, SITE)
        with pytest.raises(Refused) as no_host:
            await create_visitor_token(_viewer(account), contact.id, "https://meet.example.com/m")
    assert [one.complaints[0].code for one in (foreign.value, no_host.value)] == [
        ErrorCode.NOT_FOUND,
        ErrorCode.SETTING_INVALID,
    ]


def _viewer(account: Account) -> Viewer:
    return Viewer(
        account_id=account.id,
        user_id=None,
        role=Role.ADMIN,
        has_seat=False,
        time_zone="UTC",
        locale="en",
        scopes=READ_SCOPES,
        session_id=None,
        token_id=1,
        expires_at=None,
    )
