import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from server import clock, settings
from server.accounts import access_token
from server.accounts.access_token import Claims
from server.errors import Unauthenticated

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _key() -> bytes:
    return hmac.digest(settings.current().secret_key.encode(), b"access token", hashlib.sha256)


def _body(**changes: object) -> dict[str, object]:
    own = settings.current().public_url
    body = {"iss": own, "aud": own, "sub": "7", "sid": 3, "exp": int((NOON + timedelta(minutes=5)).timestamp())}
    return body | changes


@pytest.fixture(autouse=True)
def _at_noon(in_use: settings.Settings):  # type: ignore[no-untyped-def]  # a fixture that yields nothing
    with clock.travel(NOON):
        yield


@pytest.fixture
def database_url() -> str:
    return "sqlite:///nobody-opens-this"


def test_a_token_says_who_and_until_when() -> None:
    token, expires_at = access_token.write(7, 3)
    assert expires_at == NOON + timedelta(minutes=15)
    assert access_token.read(token) == Claims(7, 3, expires_at)


def test_a_token_names_the_public_address_as_issuer_and_audience() -> None:
    token, _ = access_token.write(7, 3)
    body = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (body["iss"], body["aud"]) == ("https://meet.example.com", "https://meet.example.com")


def test_a_token_ends_by_our_own_clock() -> None:
    token, expires_at = access_token.write(7, 3)
    access_token.read(token)
    with clock.travel(expires_at), pytest.raises(Unauthenticated, match="refreshSession"):
        access_token.read(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "https://elsewhere.example"},
        {"sub": "seven"},
        {"sub": 7},
        {"sid": None},
        {"exp": "soon"},
        {"exp": 2**80},
    ],
)
def test_a_token_signed_by_us_that_says_something_else_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated, match="not one of ours"):
        access_token.read(jwt.encode(_body(**changes), _key(), algorithm="HS256"))


def test_another_algorithm_is_refused_even_with_the_right_key() -> None:
    with pytest.raises(Unauthenticated):
        access_token.read(jwt.encode(_body(), _key() * 2, algorithm="HS512"))


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        access_token.read(jwt.encode(_body(), "", algorithm="none"))


def test_a_token_signed_with_the_bare_secret_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        access_token.read(jwt.encode(_body(), settings.current().secret_key, algorithm="HS256"))


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 5000, "ey\ud800.x.y", "....", "parley"])
def test_a_text_that_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        access_token.read(token)
