"""What compose.yaml runs, run without containers: two servers and a worker on one database, from nothing."""

from __future__ import annotations

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import GraphQL, MailReceiver, Parley, subscription
from tests.journeys.test_booked_meeting import booked, free_slots, operation


async def test_two_servers_and_a_worker_share_one_installation(company: Company, mail: MailReceiver) -> None:
    """A booking on one server reaches a subscriber of the other and, through the worker, both mailboxes."""
    shared = {"worker_in_process": "false", "migrate_on_start": "true"}
    database_url, public_url = company.database_url, "http://meet.example"
    async with (
        Parley("serve", database_url=database_url, public_url=public_url, **shared) as one,
        Parley("serve", database_url=database_url, public_url=public_url, **shared) as other,
        Parley("worker", database_url=database_url, public_url=public_url, smtp_port=mail.port),
    ):
        ines = await company.sign_in(one.url)
        slug = await a_link(ines)
        token = ines.headers["Authorization"].removeprefix("Bearer ")
        async with subscription(other.url, token, operation("meeting_booked")) as subscriber:
            visitor = GraphQL(one.url)
            slot = (await free_slots(visitor, slug, "Asia/Tokyo"))[4]
            booking = await booked(visitor, slug, slot["startsAt"], 7, "Asia/Tokyo")
            heard = (await subscriber.next())["meetingBooked"]
        assert heard["meeting"]["id"] == booking["id"]
        messages = await mail.receive(2)

    everything = "".join(str(part.get_payload(decode=True)) for one in messages for part in one.walk())
    assert booking["manageUrl"].startswith(public_url)
    assert "http://meet.example/b/" in everything
    assert "127.0.0.1" not in everything
