"""A receiver on this machine, and a webhook that leads there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from server import settings
from server.models import Account, Meeting, User, Webhook
from tests import factories
from tests.server.webhooks.receiving import Receiver, receiving


@pytest.fixture
def here_is_allowed(in_use: settings.Settings) -> Iterator[None]:
    """Webhooks may lead to this machine."""
    settings.use(in_use.model_copy(update={"private_hosts": ("127.0.0.1",)}))
    yield
    settings.use(in_use)


@pytest.fixture
async def receiver(db: str, here_is_allowed: None) -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def account(db: str) -> Account:
    return await factories.an_account()


@pytest.fixture
async def host(account: Account) -> User:
    return await factories.a_user(account)


@pytest.fixture
async def meeting(host: User, account: Account) -> Meeting:
    return await factories.a_meeting(host, contact=await factories.a_contact(account))


@pytest.fixture
async def webhook(host: User, receiver: Receiver) -> Webhook:
    return await factories.a_webhook(host, receiver.url)
