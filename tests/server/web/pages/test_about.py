"""Who invites, in words."""

import pytest

from server.models import Account, User
from server.models.enums import LocationKind
from server.web.pages.about import company_of, initials, names_of, place_of


@pytest.mark.parametrize(
    ("names", "locale", "expected"),
    [
        (["Ines Almeida"], "en", "Ines Almeida"),
        (["Ines Almeida", "Jonas Weber"], "en", "with Ines and Jonas"),
        (["Ines Almeida", "Jonas Weber", "Ola Nowak", "Li Wei"], "en", "with Ines, Jonas and 2 more"),
        (["Ines Almeida", "Jonas Weber", "Ola Nowak"], "pl", "Ines, Jonas i jeszcze 1 osoba"),
        ([], "en", ""),
    ],
)
def test_hosts_are_named(names: list[str], locale: str, expected: str) -> None:
    assert names_of([User(name=name) for name in names], locale) == expected


@pytest.mark.parametrize(("name", "expected"), [("Ines Almeida", "IA"), ("Żaneta", "Ż"), ("a b c", "AC"), ("", "")])
def test_initials_stand_for_a_portrait(name: str, expected: str) -> None:
    assert initials(name) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (LocationKind.VIDEO, "", ("Video call, link by e-mail", "video")),
        (LocationKind.PHONE, "", ("Phone call, we call you", "phone")),
        (LocationKind.PHONE, "+48 600", ("Phone call: +48 600", "phone")),
        (LocationKind.ADDRESS, "12 Mill Lane", ("12 Mill Lane", "pin")),
        (LocationKind.CUSTOM, "", (None, "pin")),
    ],
)
def test_the_place_is_one_line(kind: LocationKind, text: str, expected: tuple[str | None, str]) -> None:
    assert place_of(kind, text, "en") == expected


def test_a_company_links_only_to_web_addresses() -> None:
    company = company_of(Account(name="X", website_url="javascript:alert(1)", privacy_url="https://x.example/p"))
    assert (company.website, company.privacy) == ("", "https://x.example/p")
