"""What a browser asks for, and what it gets."""

import pytest

from server.wording import best_locale, direction, language_name, regional_locale


@pytest.mark.parametrize(
    ("accepted", "language", "region"),
    [
        ("pl", "pl", "pl"),
        ("pl-PL,pl;q=0.9,en-US;q=0.8", "pl", "pl-PL"),
        ("en-US,en;q=0.9", "en", "en-US"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "zh-Hant-TW"),
        ("zh_Hant", "zh-Hant", "zh-Hant"),
        ("de-DE,pl;q=0.5", "pl", "pl"),
        ("en;q=0.2, pl;q=0.7", "pl", "pl"),
        ("pl;q=0, en", "en", "en"),
    ],
)
def test_the_best_known_language_is_found(accepted: str, language: str, region: str) -> None:
    assert (best_locale(accepted), regional_locale(accepted)) == (language, region)


@pytest.mark.parametrize("accepted", [None, "", "*", "fr", "zh-CN", "xx;q=nonsense", "\x00,<script>", "en" * 5000])
def test_what_nobody_speaks_falls_back(accepted: str | None) -> None:
    assert best_locale(accepted, default="pl") == "pl"


def test_a_header_of_many_tags_is_not_read_to_its_end() -> None:
    assert best_locale(",".join(["fr"] * 1000 + ["pl"])) == "en"


def test_a_language_knows_its_own_name_and_direction() -> None:
    assert (language_name("pl"), language_name("zh-Hant-TW"), direction("pl"), direction("ar")) == (
        "Polski",
        "繁體中文",
        "ltr",
        "rtl",
    )
