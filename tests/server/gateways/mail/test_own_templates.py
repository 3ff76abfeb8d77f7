"""The HTML of mails after templates of the company's own (E-25)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server import settings
from server.gateways.mail.own_templates import TemplateFault, drawn
from server.gateways.mail.rendering import Company, Content, Fact, as_html, as_text, inlined, values_of


def content_of(**said: str) -> Content:
    usual = {"locale": "en", "subject": "Booked", "preheader": "Tuesday", "opening": "It is booked.", "why": "Why."}
    facts = (Fact("What", ("Intro call",)), Fact("When", ("Tuesday 24 November 2026, 10:30 - 11:00",), is_strong=True))
    return Content(facts=facts, company=Company("Linden & Co", "#0a6a58"), **(usual | said))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that the settings name."""
    before = settings._in_use[:]
    settings.use(settings.read(secret_key="k" * 32, mail_templates_dir=str(tmp_path)))
    yield tmp_path
    settings._in_use[:] = before


def write(folder: Path, name: str, template: str) -> None:
    (folder / name).write_text(template, encoding="utf-8")


def body(html: str) -> str:
    return html.split("<body>")[1].split("</body>")[0].strip()


def test_a_kind_has_its_own_template_then_that_of_every_kind_then_ours(folder: Path) -> None:
    as_shipped = as_html(content_of(), "booked")
    assert 'role="presentation"' in as_shipped
    write(folder, "mail.html.j2", "Every mail: {{ mail.opening }}")
    write(folder, "booked.html.j2", "{{ kind }}: {{ mail.opening }}")
    assert body(as_html(content_of(), "booked")) == "booked: It is booked."
    assert body(as_html(content_of(), "moved")) == "Every mail: It is booked."
    (folder / "mail.html.j2").unlink()
    assert as_html(content_of(), "moved") == as_shipped


def test_ours_can_be_put_on_and_a_block_of_it_drawn_anew(folder: Path) -> None:
    as_shipped = as_html(content_of(), "booked")
    write(folder, "mail.html.j2", '{% extends "shipped/mail.html.j2" %}')
    assert as_html(content_of(), "booked") == as_shipped
    again = "{% block opening %}{{ super() }}<tr><td>And {{ company.name }} is glad.</td></tr>{% endblock %}"
    style = "{% block style %}{{ super() }} h1 { letter-spacing: 2px; }{% endblock %}"
    write(folder, "mail.html.j2", f'{{% extends "shipped/mail.html.j2" %}}{style}{again}')
    html = as_html(content_of(), "booked")
    assert "<td>And Linden &amp; Co is glad.</td>" in html
    assert "letter-spacing: 2px" in html.split("<h1")[1].split(">")[0]
    assert "Tuesday 24 November 2026, 10:30 - 11:00" in html


@pytest.mark.parametrize(
    "block",
    [
        *("style", "header", "opening", "facts", "notes", "buttons", "description", "ways_out", "closing"),
        "footer",
    ],
)
def test_blocks_that_the_manual_names_are_there(folder: Path, block: str) -> None:
    write(
        folder,
        "mail.html.j2",
        f'{{% extends "shipped/mail.html.j2" %}}{{% block {block} %}}{{{{ super() }}}}/* mine */{{% endblock %}}',
    )
    assert "/* mine */" in drawn(str(folder), "booked", values_of(content_of()), str)  # type: ignore[operator]  # a page


def test_whatever_is_put_in_is_escaped(folder: Path) -> None:
    write(
        folder, "mail.html.j2", "<p>{{ mail.opening }}</p>{{ mail.closing | with_breaks }}{{ mail.description | rich }}"
    )
    poison = "<script>alert(1)</script>"
    html = as_html(content_of(opening=poison, closing=poison, description=f"<p>Ours</p>{poison}"), "booked")
    assert ("<script" in html, "<p>&lt;script&gt;" in html, "<p>Ours</p>" in html) == (False, True, True)


def test_a_changed_file_is_used_for_the_next_mail(folder: Path) -> None:
    write(folder, "mail.html.j2", "One")
    assert body(as_html(content_of(), "booked")) == "One"
    write(folder, "mail.html.j2", "Two")
    later = (folder / "mail.html.j2").stat().st_mtime + 5
    os.utime(folder / "mail.html.j2", (later, later))
    assert body(as_html(content_of(), "booked")) == "Two"


FAULTS = {
    "{% for fact in mail.facts %}": "mail.html.j2, line 1: ",
    "{{ mail.weather }}": "mail.html.j2: ",
    "{{ mail.opening | shouted }}": "mail.html.j2, line 1: ",
    "{{ 1 / 0 }}": "mail.html.j2: division by zero",
    "  \n": "mail.html.j2: it draws nothing",
    "{% include 'mail.html.j2' %}": "mail.html.j2: maximum recursion depth",
    "{% include '_missing.html.j2' %}": "_missing.html.j2: ",
    "{% include ['_one.html.j2', '_two.html.j2'] %}": "",
    "{% include '../secret.html.j2' %}": "../secret.html.j2: ",
    "{{ mail.__class__.__mro__ }}": "mail.html.j2: access to attribute '__class__'",
    "{{ mail.opening.__init__.__globals__ }}": "mail.html.j2: access to attribute '__init__'",
    "{{ mail.facts.append('more') }}": "mail.html.j2: ",
    "{{ '{0.__class__}'.format(mail) }}": "mail.html.j2: access to attribute '__class__'",
}


@pytest.mark.parametrize("template", FAULTS)
def test_no_mail_is_lost_through_a_template_and_the_log_says_why(folder: Path, template: str) -> None:
    as_shipped = as_html(content_of(), "booked")
    (folder.parent / "secret.html.j2").write_text("secret")
    write(folder, "mail.html.j2", template)
    with capture_logs() as logs:
        assert as_html(content_of(), "booked") == as_shipped
    (entry,) = logs
    assert (entry["event"], entry["log_level"], entry["kind"]) == ("mail.template_faulty", "warning", "booked")
    assert entry["fault"].startswith(FAULTS[template])
    assert len(entry["fault"]) <= 300


def test_a_file_that_cannot_be_read_is_a_fault(folder: Path) -> None:
    (folder / "mail.html.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateFault, match=r"^mail\.html\.j2: "):
        drawn(str(folder), "booked", values_of(content_of()), inlined)


def test_a_folder_that_is_gone_leaves_mails_as_shipped(folder: Path) -> None:
    as_shipped = as_html(content_of(), "booked")
    write(folder, "mail.html.j2", "One")
    settings.use(settings.current().model_copy(update={"mail_templates_dir": str(folder / "gone")}))
    assert as_html(content_of(), "booked") == as_shipped


def test_the_text_stays_ours(folder: Path) -> None:
    as_shipped = as_text(content_of())
    write(folder, "mail.html.j2", "One")
    write(folder, "mail.txt.j2", "Two")
    assert as_text(content_of()) == as_shipped
