from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server import settings
from server.doctor.finding import State
from server.doctor.push import push
from server.settings import Settings

PEM = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def chosen(**given: object) -> Settings:
    return settings.read(secret_key="k" * 32, **given)


def test_without_keys_it_says_once_who_is_not_woken() -> None:
    assert [(one.state, one.said) for one in push(chosen())] == [
        (State.LOOK, "No key is set for iPhones, Android phones, browsers: they are not woken.")
    ]


def test_a_key_may_be_a_text_a_line_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(PEM)
    for key in (PEM, PEM.replace("\n", "\\n"), str(file)):
        found = push(chosen(web_push_key=key, web_push_contact="mailto:ops@example.com"))
        assert [(one.state, one.said) for one in found] == [
            (State.OK, "There is a key to wake browsers."),
            (State.LOOK, "No key is set for iPhones, Android phones: they are not woken."),
        ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"apns_key": PEM, "apns_key_id": "ABC"},
            "PARLEY_APNS_KEY cannot be used: PARLEY_APNS_TEAM_ID, PARLEY_APNS_TOPIC must be set with it.",
        ),
        (
            {"apns_key": "/no/such.p8", "apns_key_id": "A", "apns_team_id": "B", "apns_topic": "C"},
            "PARLEY_APNS_KEY cannot be used: /no/such.p8 cannot be read: [Errno 2] No such file or directory: "
            "'/no/such.p8'.",
        ),
        (
            {"fcm_credentials": '{"project_id": "x"}'},
            "PARLEY_FCM_CREDENTIALS cannot be used: the credentials have no client_email, private_key, token_uri.",
        ),
        (
            {"web_push_key": "c2hvcnQ", "web_push_contact": "mailto:a@b.example"},
            "PARLEY_WEB_PUSH_KEY cannot be used: the key has 32 bytes in base64url, or is PEM.",
        ),
    ],
)
def test_a_key_that_is_none_is_told_with_the_reason(given: dict[str, object], said: str) -> None:
    first = push(chosen(**given))[0]
    assert (first.state, first.said) == (State.WRONG, said)


def test_private_hosts_deserve_a_look() -> None:
    last = push(chosen(private_hosts="intranet.example"))[-1]
    assert (last.state, last.said) == (
        State.LOOK,
        "Webhooks and push may reach intranet.example, wherever that leads.",
    )
