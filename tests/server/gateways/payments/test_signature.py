from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server import clock
from server.gateways.payments.signature import Forged, require_signed, signature_of

SECRET = "whsec_parley"
BODY = b'{"id": "evt_1"}'
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_a_signature_is_what_stripe_documents() -> None:
    """Taken with `printf '12345.%s' '{"id": "evt_1"}' | openssl dgst -sha256 -hmac whsec_parley`."""
    assert signature_of(BODY, SECRET, at=12345) == (
        "t=12345,v1=40c4307d81fbe9224032dc9aee3cb007d3130a3c57e97b42200e622938040ccc"
    )


@pytest.mark.parametrize("seconds", [-300, -1, 0, 300])
def test_a_signature_holds_for_five_minutes_either_way(seconds: int) -> None:
    with clock.travel(NOW):
        header = signature_of(BODY, SECRET)
    with clock.travel(NOW + timedelta(seconds=seconds)):
        require_signed(BODY, header, SECRET)


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_an_old_signature_is_worth_nothing(seconds: int) -> None:
    with clock.travel(NOW):
        header = signature_of(BODY, SECRET)
    with clock.travel(NOW + timedelta(seconds=seconds)), pytest.raises(Forged, match="too long ago"):
        require_signed(BODY, header, SECRET)


def test_one_of_several_signatures_is_enough() -> None:
    with clock.travel(NOW):
        right = signature_of(BODY, SECRET, at=clock.now_epoch()).partition("v1=")[2]
        require_signed(BODY, f"t={clock.now_epoch()},v1={'0' * 64},v1={right},v0=abc", SECRET)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        "v1=abc",
        "t={now}",
        "t={now},v0={right}",
        "t={later},v1={right}",
        "t={now},v1={right}0",
        "t={now},v1=ŝ",
        "t=-{now},v1={right}",
        "t=١٧٩٥٠٨٩٦٠٠,v1={right}",
        "t=99999999999999999999,v1={right}",
        "t={now}," + "v1=0," * 20 + "v1={right}",
    ],
)
def test_anything_else_is_forged(header: str) -> None:
    with clock.travel(NOW):
        signed_at = clock.now_epoch()
        right = signature_of(BODY, SECRET, at=signed_at).partition("v1=")[2]
        put_in = header.format(right=right, now=signed_at, later=signed_at + 1)
        with pytest.raises(Forged):
            require_signed(BODY, put_in, SECRET)


def test_nothing_is_signed_with_no_secret() -> None:
    with clock.travel(NOW), pytest.raises(Forged):
        require_signed(BODY, signature_of(BODY, ""), "")
