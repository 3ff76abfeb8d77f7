import pytest

from server.checks import long_text, required_text, short, short_text, time_zones, valid_email, valid_time_zone
from server.errors import ErrorCode, Refused


def _refused(check, *arguments, **named):  # type: ignore[no-untyped-def]  # takes any of the checks
    with pytest.raises(Refused) as caught:
        check(*arguments, **named)
    (complaint,) = caught.value.complaints
    return complaint


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ines@Linden.Example", "ines@linden.example"),
        ("  ines+fair@linden.example ", "ines+fair@linden.example"),
        ("ines@żółw.example", "ines@xn--w-uga1v8h.example"),
        ("ines@linden.test", "ines@linden.test"),
    ],
)
def test_an_address_is_kept_in_lower_case(text: str, address: str) -> None:
    assert valid_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ines",
        "ines@",
        "@linden.example",
        "ines@linden",
        "ines@@linden.example",
        "in es@linden.example",
        "ines@linden.example\r\nBcc: all@linden.example",
        "ines@linden.example, jonas@linden.example",
        "Ines <ines@linden.example>",
        "ines@[127.0.0.1]",
        '"ines"@linden.example',
        "zażółć@linden.example",
        "ines\ud800@linden.example",
        "x" * 250 + "@linden.example",
        "x@" + "linden." * 10_000 + "example",
    ],
)
def test_what_cannot_be_written_to_is_refused(text: str) -> None:
    complaint = _refused(valid_email, text, "email")
    assert (complaint.code, complaint.path) == (ErrorCode.EMAIL_INVALID, ("email",))


@pytest.mark.parametrize("name", ["Europe/Warsaw", "UTC", "America/Argentina/Buenos_Aires", "Asia/Kolkata"])
def test_a_zone_of_the_database_is_taken_as_it_is(name: str) -> None:
    assert valid_time_zone(name) == name


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Europe/Warszawa", "Europe/Warsaw"),
        ("europe/warsaw", "Europe/Warsaw"),
        ("Warsaw", "Europe/Warsaw"),
        ("new york", "America/New_York"),
        ("Taipei", "Asia/Taipei"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(text: str, nearest: str) -> None:
    complaint = _refused(valid_time_zone, text, "timeZone")
    assert (complaint.code, complaint.path) == (ErrorCode.TIME_ZONE_INVALID, ("timeZone",))
    assert complaint.message == f"{text!r} is not a time zone known here; did you mean {nearest}?"


@pytest.mark.parametrize("text", ["", "Mars/Olympus", "GMT+25", "../etc/passwd", "x" * 100_000, "\ud800", "localtime"])
def test_a_zone_like_no_other_is_refused_with_the_form(text: str) -> None:
    complaint = _refused(valid_time_zone, text)
    assert complaint.code is ErrorCode.TIME_ZONE_INVALID
    assert len(complaint.message) < 160


def test_files_that_are_no_places_are_no_zones() -> None:
    assert not time_zones() & {"Factory", "localtime", "posixrules"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Ines   Marek ", "Ines Marek"),
        ("Ines\r\nBcc: x", "Ines Bcc: x"),
        ("In\x00es\x1b\x7f", "Ines"),
        ("\ud800Ines", "Ines"),
        ("陳 小姐", "陳 小姐"),
        ("👩‍🔬", "👩‍🔬"),
    ],
)
def test_a_short_text_is_one_line_that_can_be_printed(text: str, kept: str) -> None:
    assert short_text(text, 200) == kept


def test_a_long_text_keeps_its_lines() -> None:
    assert long_text(" one\r\ntwo\rthree\x00\n", 200) == "one\ntwo\nthree"


def test_a_text_too_long_is_refused_with_both_lengths() -> None:
    for check in (short_text, long_text, required_text):
        complaint = _refused(check, "x" * 10_000, 200, "firstName")
        assert (complaint.code, complaint.path, complaint.message) == (
            ErrorCode.TEXT_TOO_LONG,
            ("firstName",),
            "This may have 200 characters and has 10000; please shorten it.",
        )


@pytest.mark.parametrize("text", ["", "  ", "\x00", "\n"])
def test_a_required_text_has_something_to_read(text: str) -> None:
    assert _refused(required_text, text, 200, "name").code is ErrorCode.NAME_REQUIRED
    assert _refused(required_text, text, 200, code=ErrorCode.ANSWER_MISSING).code is ErrorCode.ANSWER_MISSING


def test_what_is_repeated_in_a_message_is_cut() -> None:
    assert short("x" * 60) == "x" * 60
    assert short("x" * 61) == "x" * 57 + "..."
