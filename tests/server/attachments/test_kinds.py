"""What kinds of files are kept, and as what they are handed out."""

from __future__ import annotations

import pytest

from server.attachments.kinds import UNKNOWN, is_kept, is_program, media_type, served_as
from server.settings import KEPT_FILE_TYPES


@pytest.mark.parametrize(
    ("declared", "head", "served"),
    [
        ("application/pdf", b"%PDF", "application/pdf"),
        ("image/png", b"\x89PNG", "image/png"),
        ("text/plain", b"a < b", "text/plain"),
        ("text/html", b"hello", UNKNOWN),
        ("image/svg+xml", b"", UNKNOWN),
        ("application/atom+xml", b"", UNKNOWN),
        ("image/png", b" \n<!DOCTYPE html>", UNKNOWN),
        ("text/plain", b"\xef\xbb\xbf<script>", UNKNOWN),
        ("text/plain", "<svg onload=x>".encode("utf-16"), UNKNOWN),
        ("application/pdf", b"<?xml version='1.0'?>", UNKNOWN),
    ],
)
def test_what_a_browser_would_run_is_handed_out_as_nothing_in_particular(
    declared: str, head: bytes, served: str
) -> None:
    assert served_as(declared, head) == served


def test_what_a_machine_would_run_is_a_program() -> None:
    assert all(is_program(head) for head in (b"MZ\x90", b"\x7fELF\x02", b"#!/bin/sh", b"\xca\xfe\xba\xbe"))
    assert not any(is_program(head) for head in (b"", b"M", b"PK\x03\x04", b"%PDF"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Image/PNG", "image/png"),
        (" text/plain; charset=utf-8", "text/plain"),
        ("application/vnd.ms-excel", "application/vnd.ms-excel"),
        ("text", None),
        ("text/", None),
        ("text/pla in", None),
        ("text/x\r\ny", None),
        ("a" * 70 + "/b", None),
    ],
)
def test_a_media_type_is_taken_in_one_form(text: str, kind: str | None) -> None:
    assert media_type(text) == kind


def test_kinds_are_kept_by_pattern() -> None:
    kept = ["image/jpeg", "text/csv", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"]
    assert [is_kept(kind, KEPT_FILE_TYPES) for kind in [*kept, UNKNOWN, "application/x-sh"]] == [True] * 3 + [False] * 2
