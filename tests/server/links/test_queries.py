"""Which links somebody sees."""

from __future__ import annotations

import pytest

from server import database
from server.database.rows import Rows
from server.links.queries import link, links
from server.models.enums import MeetingLinkKind
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import NOW
from tests.server.meetings.scene import viewer_of


async def names_of(rows: Rows) -> list[str]:
    sql = f"SELECT t.name FROM {rows.table} t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT {rows.limit}"
    return [row[0] for row in await database.fetch(sql, *rows.parameters)]


@pytest.mark.capability("S1-11")
@pytest.mark.capability("S1-19")
@pytest.mark.capability("S1-08")
async def test_links_are_the_accounts_by_name_narrowed_by_owner_kind_and_text(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    await a_link(ines, "Roof 100%")
    await a_link(ines, "Intro", slug="hello-there")
    await a_link(piotr, "Group talk", kind=MeetingLinkKind.GROUP)
    await a_link(piotr, "Old one", retired_at=NOW)
    foreign = await a_link(await a_user(await an_account()), "Foreign")
    viewer = viewer_of(ines)
    assert {
        "all": await names_of(links(viewer)),
        "owner": await names_of(links(viewer, owner=ines.id)),
        "kind": await names_of(links(viewer, kind=MeetingLinkKind.GROUP)),
        "text": await names_of(links(viewer, search=" ROOF ")),
        "sign": await names_of(links(viewer, search="%")),
        "slug": await names_of(links(viewer, search="hello")),
        "one": await names_of(link(viewer, foreign.id)),
    } == {
        "all": ["Group talk", "Intro", "Roof 100%"],
        "owner": ["Intro", "Roof 100%"],
        "kind": ["Group talk"],
        "text": ["Roof 100%"],
        "sign": ["Roof 100%"],
        "slug": ["Intro"],
        "one": [],
    }
