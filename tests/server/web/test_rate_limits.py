import time
from collections.abc import Callable

from server import settings
from server.web.rate_limits import Allowance, RateLimits


def limits(now: Callable[[], float] = time.monotonic) -> RateLimits:
    chosen = settings.read(demo=True, limit_visitor_requests="3/minute", limit_sign_in="1/hour")
    return RateLimits(chosen, now=now)


def test_take_counts_each_caller_apart() -> None:
    rates = limits()
    first = [rates.take("visitor", "192.0.2.1") for _ in range(4)]
    assert [one.remaining for one in first] == [2, 1, 0, 0]
    assert [one.is_exceeded for one in first] == [False, False, False, True]
    assert not rates.take("visitor", "192.0.2.2").is_exceeded


def test_take_counts_each_kind_apart() -> None:
    rates = limits()
    assert not rates.take("signIn", "192.0.2.1").is_exceeded
    assert rates.take("signIn", "192.0.2.1").is_exceeded
    assert not rates.take("visitor", "192.0.2.1").is_exceeded


def test_a_burst_is_let_through_once_whenever_it_begins() -> None:
    seconds = [59.0, 59.9, 60.1, 60.2, 118.9]
    rates = limits(now=iter(seconds).__next__)
    assert [rates.take("visitor", "192.0.2.1").is_exceeded for _ in seconds] == [False, False, False, True, True]


def test_what_was_asked_in_the_window_before_weighs_less_with_every_second() -> None:
    seconds = [0.0, 0.0, 0.0, 60.0, 79.0, 81.0, 99.0, 101.0, 240.0]
    rates = limits(now=iter(seconds).__next__)
    told = [rates.take("visitor", "192.0.2.1") for _ in seconds]
    assert told[3:] == [
        Allowance(3, 0, 0, is_exceeded=True),
        Allowance(3, 0, 1, is_exceeded=False),
        Allowance(3, 0, 19, is_exceeded=False),
        Allowance(3, 0, 1, is_exceeded=True),
        Allowance(3, 0, 19, is_exceeded=False),
        Allowance(3, 2, 60, is_exceeded=False),
    ]


def test_is_limited() -> None:
    assert limits().is_limited("bookMeeting")
    assert not limits().is_limited("editMeeting")


def test_headers_tell_when_to_come_back() -> None:
    assert Allowance(300, 12, 40, is_exceeded=False).headers() == {
        "ratelimit-limit": "300",
        "ratelimit-remaining": "12",
        "ratelimit-reset": "40",
    }
    assert Allowance(300, 0, 0, is_exceeded=True).headers() == {
        "ratelimit-limit": "300",
        "ratelimit-remaining": "0",
        "ratelimit-reset": "0",
        "retry-after": "1",
    }
