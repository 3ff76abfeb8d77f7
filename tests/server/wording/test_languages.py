"""What a browser asks for, and what it gets."""

import pytest

from server.wording import LOCALES, best_locale, direction, language_name, regional_locale


@pytest.mark.parametrize(
    ("accepted", "language", "region"),
    [
        ("pl", "pl", "pl"),
        ("pl-PL,pl;q=0.9,en-US;q=0.8", "pl", "pl-PL"),
        ("en-US,en;q=0.9", "en", "en-US"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "zh-Hant-TW"),
        ("zh_Hant", "zh-Hant", "zh-Hant"),
        ("sv-SE,pl;q=0.5", "pl", "pl"),
        ("de-AT,de;q=0.9,en;q=0.8", "de", "de-AT"),
        ("ja-JP", "ja", "ja-JP"),
        ("ar-EG,ar;q=0.9", "ar", "ar-EG"),
        ("es-419,es;q=0.9", "es", "es-419"),
        ("en;q=0.2, pl;q=0.7", "pl", "pl"),
        ("pl;q=0, en", "en", "en"),
    ],
)
def test_the_best_known_language_is_found(accepted: str, language: str, region: str) -> None:
    assert (best_locale(accepted), regional_locale(accepted)) == (language, region)


@pytest.mark.parametrize("accepted", [None, "", "*", "sv", "zh-CN", "xx;q=nonsense", "\x00,<script>", "en" * 5000])
def test_what_nobody_speaks_falls_back(accepted: str | None) -> None:
    assert best_locale(accepted, default="pl") == "pl"


def test_a_header_of_many_tags_is_not_read_to_its_end() -> None:
    assert best_locale(",".join(["sv"] * 1000 + ["pl"])) == "en"


def test_a_language_knows_its_own_name_and_direction() -> None:
    assert {tag: (language_name(tag), direction(tag)) for tag in LOCALES} == {
        "ar": ("العربية", "rtl"),
        "de": ("Deutsch", "ltr"),
        "en": ("English", "ltr"),
        "es": ("Español", "ltr"),
        "fr": ("Français", "ltr"),
        "ja": ("日本語", "ltr"),
        "pl": ("Polski", "ltr"),
        "zh-Hant": ("繁體中文", "ltr"),
    }
    assert (language_name("zh-Hant-TW"), direction("ar-EG")) == ("繁體中文", "rtl")
