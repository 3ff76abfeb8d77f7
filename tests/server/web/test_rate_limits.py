from server import settings
from server.web.rate_limits import Allowance, RateLimits


def limits() -> RateLimits:
    return RateLimits(settings.read(demo=True, limit_visitor_requests="3/minute", limit_sign_in="1/hour"))


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
