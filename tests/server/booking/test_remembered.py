"""A browser is known to the account it submitted to, by what it submitted, until it is forgotten (S1-28)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.booking.remembered import KEPT_FOR, forget, remember, remembered
from server.models import VisitorDevice
from tests.factories import an_account
from tests.server.booking.scene import NOW, at

MAREK = {"email": "marek@client.example", "first_name": "Marek", "phone": ""}


@pytest.mark.capability("S1-28")
async def test_remembered_is_what_this_browser_submitted_to_this_account(db: str) -> None:
    one, other = await an_account("One"), await an_account("Other")
    with at():
        secret = await remember(one.id, "", MAREK)
        assert await remembered(one.id, secret) == {"email": "marek@client.example", "first_name": "Marek"}
        assert await remembered(other.id, secret) == {}
        assert await remembered(one.id, "made up") == {}
    assert secret not in str(await VisitorDevice.all().values())


async def test_remember_adds_for_the_same_person_and_begins_anew_for_another(db: str) -> None:
    account = await an_account()
    with at():
        secret = await remember(account.id, "", MAREK)
        assert await remember(account.id, secret, {"email": MAREK["email"], "phone": "+48 1"}) == secret
        assert await remembered(account.id, secret) == {
            "email": "marek@client.example",
            "first_name": "Marek",
            "phone": "+48 1",
        }
        await remember(account.id, secret, {"email": "ada@client.example"})
        assert await remembered(account.id, secret) == {"email": "ada@client.example"}


async def test_remember_takes_no_secret_that_somebody_made_up(db: str) -> None:
    one, other = await an_account("One"), await an_account("Other")
    with at():
        secret = await remember(one.id, "made up", MAREK)
        assert secret != "made up"
        assert await remember(other.id, secret, MAREK) != secret


async def test_forget_leaves_nothing_and_a_year_does_too(db: str) -> None:
    account = await an_account()
    with at():
        secret, old = await remember(account.id, "", MAREK), await remember(account.id, "", MAREK)
        await forget(account.id, secret)
        assert await remembered(account.id, secret) == {}
    with at(NOW + KEPT_FOR + timedelta(seconds=1)):
        assert await remembered(account.id, old) == {}
        await remember(account.id, "", MAREK)
    assert await VisitorDevice.all().count() == 1
