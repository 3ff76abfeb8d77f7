"""Notices as they come over the wire: signed, forged, or at the address of somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from server import settings
from server.gateways.payments.built_in import signed_notice
from server.models import Meeting, Payment
from server.web import hooks
from tests.server.booking.scene import at
from tests.server.payments.scene import a_paid_link, begun

pytestmark = pytest.mark.capability("S1-26")


@pytest.fixture
async def client(in_use: settings.Settings) -> AsyncIterator[httpx.AsyncClient]:
    settings.use(in_use.model_copy(update={"demo": True}))
    transport = httpx.ASGITransport(app=Starlette(routes=hooks.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="https://meet.example.com") as asking:
        yield asking


def paid(payment: Payment) -> tuple[bytes, dict[str, str]]:
    body, signature = signed_notice("pay", payment=payment.digest, amount=payment.amount, currency=payment.currency)
    return body, {"stripe-signature": signature}


async def test_a_signed_notice_books_once_however_often_it_comes(db: str, client: httpx.AsyncClient) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        body, headers = paid(payment)
        statuses = [(await client.post("/hooks/test", content=body, headers=headers)).status_code for _ in range(3)]
    assert statuses == [204, 204, 204]
    assert await Meeting.filter(payment_id=payment.id).count() == 1


@pytest.mark.parametrize("headers", [{}, {"stripe-signature": "t=1,v1=00"}])
async def test_a_notice_that_nobody_signed_is_refused(
    db: str, client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        body, _ = paid(payment)
        answer = await client.post("/hooks/test", content=body, headers=headers)
    assert answer.status_code == 400
    assert await Meeting.all().count() == 0


async def test_a_notice_is_taken_at_the_address_of_its_provider_only(db: str, client: httpx.AsyncClient) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        body, headers = paid(payment)
        answer = await client.post("/hooks/stripe", content=body, headers=headers)
        assert (answer.status_code, await Meeting.all().count()) == (400, 0)
        assert (await client.get("/hooks/test")).status_code == 405
