from __future__ import annotations

import asyncio
import socket

import pytest

from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.mail.messages import Mailbox
from server.gateways.mail.smtp import MailServer, SmtpGateway, mail_server
from tests.server.gateways.mail.letters import a_letter
from tests.server.gateways.mail.receiving import DROP, receiving


async def test_letters_of_a_batch_share_one_connection() -> None:
    async with receiving() as receiver:
        gateway = SmtpGateway(receiver.url)
        for number in range(3):
            await gateway.send(a_letter(message_id=f"<{number}@meet.example.com>"))
        await gateway.close()
        assert [mail["Message-ID"] for mail in receiver.mails] == [f"<{one}@meet.example.com>" for one in range(3)]
        assert (receiver.connections, set(receiver.recipients)) == (1, {"tomasz@client.example"})


async def test_refusal_for_now_can_be_tried_again_on_the_same_connection() -> None:
    async with receiving() as receiver:
        gateway = SmtpGateway(receiver.url)
        receiver.rcpt_answers.append("451 4.7.1 Greylisted")
        receiver.data_answers.append("452 4.3.1 Disk full")
        with pytest.raises(TemporaryFailure, match="451 4.7.1 Greylisted"):
            await gateway.send(a_letter())
        with pytest.raises(TemporaryFailure, match="452 4.3.1 Disk full"):
            await gateway.send(a_letter())
        await gateway.send(a_letter())
        await gateway.close()
        assert (len(receiver.mails), receiver.connections) == (1, 1)


async def test_refusal_for_good_says_what_the_server_said() -> None:
    async with receiving() as receiver:
        gateway = SmtpGateway(receiver.url)
        receiver.rcpt_answers.append("550 5.1.1 No such user here")
        receiver.data_answers.append("554 5.7.1 Looks like spam")
        with pytest.raises(PermanentFailure, match="550 5.1.1 No such user here"):
            await gateway.send(a_letter())
        with pytest.raises(PermanentFailure, match="554 5.7.1 Looks like spam"):
            await gateway.send(a_letter())
        await gateway.close()


async def test_lost_answer_counts_as_not_sent_and_the_next_letter_goes_out() -> None:
    async with receiving() as receiver:
        gateway = SmtpGateway(receiver.url)
        receiver.data_answers.append(DROP)
        with pytest.raises(TemporaryFailure):
            await gateway.send(a_letter())
        await gateway.send(a_letter())
        await gateway.close()
        assert [mail["Message-ID"] for mail in receiver.mails] == ["<one@meet.example.com>"] * 2
        assert receiver.connections == 2


async def test_server_that_hung_up_in_between_is_called_again() -> None:
    async with receiving() as receiver:
        port = int(receiver.url.rpartition(":")[2])
        gateway = SmtpGateway(receiver.url)
        await gateway.send(a_letter())
        assert gateway._client is not None
        assert gateway._client.transport is not None
        gateway._client.transport.abort()
        await asyncio.sleep(0.05)
        await gateway.send(a_letter())
        await gateway.close()
        assert (len(receiver.mails), receiver.connections) == (2, 2)
        assert port


async def test_server_that_is_away_is_a_failure_for_now() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gateway = SmtpGateway(f"smtp://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(TemporaryFailure):
            await gateway.send(a_letter())


async def test_server_that_says_nothing_is_a_failure_for_now() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    gateway = SmtpGateway(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout_seconds=0.2)
    with pytest.raises(TemporaryFailure):
        await gateway.send(a_letter())
    server.close()
    await asyncio.sleep(0.05)


async def test_server_without_the_tls_that_was_asked_for_gets_no_letter() -> None:
    async with receiving() as receiver:
        gateway = SmtpGateway(f"{receiver.url}?starttls=1")
        with pytest.raises(TemporaryFailure):
            await gateway.send(a_letter())
        await gateway.close()
        assert receiver.mails == []


async def test_address_that_is_none_is_refused_before_anything_is_sent() -> None:
    async with receiving() as receiver:
        gateway = SmtpGateway(receiver.url)
        with pytest.raises(PermanentFailure):
            await gateway.send(a_letter(recipient=Mailbox("Nobody", "not an address")))
        assert receiver.connections == 0


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25, None, None, False, False)),
        ("smtp://u%40x:p%2F@mail.example:587?starttls=1", MailServer("mail.example", 587, "u@x", "p/", False, True)),
        ("smtp://mail.example?starttls=1", MailServer("mail.example", 587, None, None, False, True)),
        ("smtps://u:p@mail.example", MailServer("mail.example", 465, "u", "p", True, False)),
    ],
)
def test_mail_server_is_what_its_address_says(url: str, server: MailServer) -> None:
    assert mail_server(url) == server
