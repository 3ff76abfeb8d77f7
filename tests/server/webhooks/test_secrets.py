from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier

from server import clock, settings
from server.webhooks.secrets import Kept, new_secret, rotated, secret_of, signature

BODY = b'{"type":"meeting.booked","title":"Przegl\xc4\x85d"}'


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    before = list(settings._in_use)
    settings.use(settings.read(secret_key="k" * 40))
    yield
    settings._in_use[:] = before


def test_secret_has_the_form_of_the_standard_and_is_no_part_of_what_is_kept() -> None:
    kept = new_secret()
    secret = secret_of(kept)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert kept["seed"] not in secret
    assert secret == secret_of(kept) != secret_of(new_secret())


def test_secret_belongs_to_the_key_of_the_server() -> None:
    kept = new_secret()
    before = secret_of(kept)
    settings.use(settings.read(secret_key="l" * 40))
    assert secret_of(kept) != before


def test_signature_is_the_one_of_the_reference_library() -> None:
    kept, at = new_secret(), clock.now()
    signed = signature([kept], message_id="msg_1_2", at=at, body=BODY)
    assert signed == Verifier(secret_of(kept)).sign("msg_1_2", at, BODY.decode())


def test_older_secret_signs_for_a_day() -> None:
    first, second, third, at = new_secret(), new_secret(), new_secret(), clock.now()
    kept = rotated([first], second, now=at)
    assert [one["seed"] for one in kept] == [second["seed"], first["seed"]]
    assert _count(kept, at) == 2
    assert _count(kept, at + timedelta(hours=24) - timedelta(seconds=1)) == 2
    assert _count(kept, at + timedelta(hours=24)) == 1
    again = rotated(kept, third, now=at)
    assert [one["seed"] for one in again] == [third["seed"], second["seed"]]


def _count(kept: Sequence[Kept], at: datetime) -> int:
    return len(signature(kept, message_id="msg", at=at, body=BODY).split(" "))
