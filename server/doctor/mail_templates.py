"""The company's own templates for mails: is the folder there, and does each of them draw every sort of mail?"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server.deliveries.every_kind import KINDS
from server.doctor.finding import Finding, look, ok, wrong
from server.gateways.mail.own_templates import EVERY_KIND, SUFFIX, TemplateFault, drawn
from server.gateways.mail.rendering import Action, Company, Content, Fact, inlined, values_of
from server.settings import Settings

PART = "_"
"""How the name of a file begins that only others put in."""

_SUBJECT = "mail templates"


def mail_templates(settings: Settings) -> list[Finding]:
    """What is wrong with the templates of one's own, if there is a folder for them. Mails go out in any case."""
    if not settings.mail_templates_dir:
        return []
    folder = Path(settings.mail_templates_dir)
    if not folder.is_dir():
        mend = "Make it, or correct PARLEY_MAIL_TEMPLATES_DIR. Until then mails look as shipped."
        return [wrong(_SUBJECT, f"There is no folder {folder}.", mend)]
    names = sorted(one.name.removesuffix(SUFFIX) for one in folder.glob(f"*{SUFFIX}"))
    own = [one for one in names if not one.startswith(PART)]
    found = [*_strangers(own), *_faults(folder, [one for one in own if one in (*KINDS, EVERY_KIND)])]
    return found or [_all_well(folder, own)]


def _all_well(folder: Path, own: list[str]) -> Finding:
    if not own:
        mend = f"Put in {EVERY_KIND}{SUFFIX}, or {KINDS[0]}{SUFFIX} for one kind; docs/operating/mail.md says how."
        return look(_SUBJECT, f"{folder} has no template.", mend)
    return ok(_SUBJECT, f"{', '.join(own)} in {folder}: all of them work.")


def _strangers(own: list[str]) -> Iterator[Finding]:
    for name in own:
        if name not in (*KINDS, EVERY_KIND):
            close = difflib.get_close_matches(name, KINDS, n=1)
            mend = f"Did you mean {close[0]}{SUFFIX}? " if close else ""
            mend += f"A file that only others put in begins with {PART}."
            yield look(_SUBJECT, f"{name}{SUFFIX} is of no kind of mail, and is not used.", mend)


def _faults(folder: Path, own: list[str]) -> Iterator[Finding]:
    for name in own:
        for example in _examples():
            try:
                drawn(str(folder), name, values_of(example, name), inlined)
            except TemplateFault as fault:
                yield wrong(_SUBJECT, f"{fault}.", f"Mend it. Until then mails of {name} look as shipped.")
                break


def _examples() -> Iterator[Content]:
    """The least that a mail says, and the most, from left to right and from right to left."""
    for locale in ("en", "ar"):
        bare = dataclasses.replace(_BARE, locale=locale)
        yield bare
        yield dataclasses.replace(bare, **_MORE)


_WAY = Action("Move to another time", "https://meet.example/b/example/move")
_BARE = Content(
    locale="en",
    subject="Booked: Product walkthrough, Tue 24 Nov, 10:30",
    preheader="Tuesday 24 November 2026, 10:30 - 11:00, Warsaw time (CET, UTC+1)",
    opening="Your meeting with Ines Almeida is booked.",
    facts=(Fact("What", ("Product walkthrough",), is_strong=True),),
    company=Company("Fernhill Robotics", "#0a6a58"),
    why="You get this mail because marek@nowicki.example is expected at this meeting.",
)
_MORE: dict[str, Any] = {
    "facts": (*_BARE.facts, Fact("When", (_BARE.preheader, "For Ines: 9:30"), "was Monday", is_strong=True)),
    "company": Company(
        "Fernhill Robotics",
        "#0a6a58",
        postal_address="12 Fern Lane\nLeeds",
        website_url="https://fernhill.example",
        privacy=Action("Privacy", "https://fernhill.example/privacy"),
        logo_url="https://fernhill.example/logo.png",
    ),
    "buttons": (_WAY, _WAY),
    "notes": ("Reach Marek: +48 600 100 200", "What should we look at? The gripper"),
    "description": "<p>Please have a photo of it at hand.</p>",
    "ways_out_intro": "Cannot make it?",
    "ways_out": (_WAY,),
    "closing": "See you soon.\nInes",
}
