import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server import settings
from server.doctor.finding import State
from server.doctor.mail import mail
from server.gateways.mail.sink import MailSink
from server.settings import Settings


def _settings(**given: object) -> Settings:
    return settings.read(secret_key="k" * 32, mail_from="meetings@example.com", **given)


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[str]:
    kept = MailSink(tmp_path)
    yield await kept.start()
    await kept.stop()


async def test_without_a_mail_server_nobody_is_told() -> None:
    (found,) = await mail(_settings(smtp_url=""))
    assert (found.state, "PARLEY_SMTP_URL" in found.mend) == (State.LOOK, True)


async def test_a_mail_server_that_answers_is_fine(sink: str) -> None:
    (found,) = await mail(_settings(smtp_url=sink))
    assert (found.state, found.said) == (State.OK, f"{sink.removeprefix('smtp://')} answers.")


async def test_a_mail_server_that_is_away_is_wrong() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        (found,) = await mail(_settings(smtp_url=f"smtp://127.0.0.1:{taken.getsockname()[1]}"))
    assert (found.state, "does not take mail" in found.said) == (State.WRONG, True)


async def test_a_mail_server_that_cannot_switch_to_tls_is_wrong(sink: str) -> None:
    (found,) = await mail(_settings(smtp_url=f"{sink}?starttls=1"))
    assert found.state is State.WRONG
    assert "starttls" in found.mend


async def test_a_mail_server_that_refuses_the_user_is_wrong(sink: str) -> None:
    (found,) = await mail(_settings(smtp_url=sink.replace("smtp://", "smtp://me:hush@")))
    assert found.state is State.WRONG
    assert "hush" not in found.said + found.mend


async def test_a_sender_of_localhost_deserves_a_look(sink: str) -> None:
    own = settings.read(secret_key="k" * 32, smtp_url=sink)
    assert [one.state for one in await mail(own)] == [State.OK, State.LOOK]
