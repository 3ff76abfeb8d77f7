"""The endpoint over the small schema, reached without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from server import settings
from server.accounts.api_tokens import create_api_token
from server.accounts.scopes import Scope
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.operations import Operations
from tests.factories import a_user, an_account
from tests.server.web.graphql import small_schema


@pytest.fixture
def chosen() -> settings.Settings:
    """Settings that a test may look at; nothing here reaches for a database."""
    return settings.read(demo=True, public_url="https://meet.example.com", secret_key="k" * 40)


@pytest.fixture
def endpoint(chosen: settings.Settings) -> GraphqlEndpoint:
    """The endpoint over the small schema."""
    return GraphqlEndpoint(Operations(small_schema.schema, chosen))


@pytest.fixture
async def client(endpoint: GraphqlEndpoint) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reaches the endpoint without a network."""
    transport = httpx.ASGITransport(app=endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="https://meet.example.com") as client:
        yield client


@pytest.fixture
async def token(db: str) -> str:
    """An API token that may read the schema."""
    user = await a_user(await an_account(), role="ADMIN")
    made = await create_api_token(
        account_id=user.account_id, user_id=user.id, name="test", scopes=[Scope.SCHEMA_INTROSPECT, Scope.MEETINGS_READ]
    )
    return made.secret
