from __future__ import annotations

from pathlib import Path

import pytest

from server import settings
from server.doctor.finding import Finding, State, look, ok, wrong
from server.doctor.mail_templates import mail_templates

SUBJECT = "mail templates"


def found_in(folder: Path | str) -> list[Finding]:
    return mail_templates(settings.read(secret_key="k" * 32, mail_templates_dir=str(folder)))


def test_nothing_is_said_where_mails_look_as_shipped() -> None:
    assert found_in("") == []


def test_a_folder_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    mend = "Make it, or correct PARLEY_MAIL_TEMPLATES_DIR. Until then mails look as shipped."
    assert found_in(tmp_path / "gone") == [wrong(SUBJECT, f"There is no folder {tmp_path / 'gone'}.", mend)]


def test_an_empty_folder_deserves_a_look(tmp_path: Path) -> None:
    (finding,) = found_in(tmp_path)
    assert (finding.state, finding.said) == (State.LOOK, f"{tmp_path} has no template.")
    assert "booked.html.j2" in finding.mend


def test_templates_that_work_are_named(tmp_path: Path) -> None:
    (tmp_path / "_header.html.j2").write_text("{{ company.name }}")
    (tmp_path / "mail.html.j2").write_text('{% include "_header.html.j2" %}{{ mail.opening }}')
    (tmp_path / "booked.html.j2").write_text('{% extends "shipped/mail.html.j2" %}')
    (tmp_path / "notes.txt").write_text("{{ nothing }}")
    assert found_in(tmp_path) == [ok(SUBJECT, f"booked, mail in {tmp_path}: all of them work.")]


def test_a_name_that_no_mail_has_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "bokked.html.j2").write_text("{{ mail.opening }}")
    mend = "Did you mean booked.html.j2? A file that only others put in begins with _."
    assert found_in(tmp_path) == [look(SUBJECT, "bokked.html.j2 is of no kind of mail, and is not used.", mend)]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ mail.weather }}", "'server.gateways.mail.rendering.Content object' has no attribute 'weather'"),
        ("{{ mail.facts[1].label }}", "tuple object has no element 1"),
        ("{% if mail.buttons %}{{ 1 / 0 }}{% endif %}ok", "division by zero"),
        ("{% if direction == 'rtl' %}{{ 1 / 0 }}{% endif %}ok", "division by zero"),
    ],
)
def test_a_template_is_tried_with_little_and_much_and_both_ways_to_read(
    tmp_path: Path, template: str, said: str
) -> None:
    (tmp_path / "moved.html.j2").write_text(template)
    mend = "Mend it. Until then mails of moved look as shipped."
    assert found_in(tmp_path) == [wrong(SUBJECT, f"moved.html.j2: {said}.", mend)]
