import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from server import logs


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level, requests = root.handlers[:], root.level, logs._requests[:]
    yield
    root.handlers[:], root.level, logs._requests[:] = handlers, level, requests
    structlog.configure(**kept)
    structlog.contextvars.clear_contextvars()


def test_a_line_is_json_on_standard_error_with_the_request_id(capsys: pytest.CaptureFixture[str]) -> None:
    logs.speak("INFO", as_json=True)
    structlog.contextvars.bind_contextvars(request_id="r1")
    structlog.get_logger("parley.test").info("meeting.booked", meeting=7)
    said = capsys.readouterr()
    line = json.loads(said.err)
    timestamp = line.pop("timestamp")
    assert line == {
        "event": "meeting.booked",
        "meeting": 7,
        "request_id": "r1",
        "level": "info",
        "logger": "parley.test",
    }
    assert timestamp.endswith("Z")
    assert said.out == ""


def test_libraries_speak_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    logs.speak("INFO", as_json=True)
    structlog.contextvars.bind_contextvars(request_id="r1")
    logging.getLogger("uvicorn.error").info("Started on %s", 8000)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["request_id"], line["logger"]) == ("Started on 8000", "r1", "uvicorn.error")


def test_an_exception_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.speak("INFO", as_json=True)
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("parley.test").exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: no" in json.loads(line)["exception"]


def test_an_address_that_a_library_posts_to_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    logs.speak("DEBUG", as_json=True)
    logging.getLogger("httpx").info("HTTP Request: POST https://api.push.apple.com/3/device/ab12")
    logging.getLogger("hpack.hpack").debug("Encoding authorization: bearer secret")
    assert capsys.readouterr().err == ""


def test_what_is_below_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    logs.speak("WARNING", as_json=True)
    structlog.get_logger("parley.test").info("meeting.booked")
    assert capsys.readouterr().err == ""


def test_a_person_gets_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.speak("INFO", as_json=False)
    structlog.get_logger("parley.test").info("meeting.booked", meeting=7)
    said = capsys.readouterr().err
    assert "meeting.booked" in said
    assert "meeting=7" in said


def test_speaking_twice_says_everything_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.speak("INFO", as_json=True)
    logs.speak("INFO", as_json=True)
    structlog.get_logger("parley.test").info("meeting.booked")
    assert len(capsys.readouterr().err.splitlines()) == 1
