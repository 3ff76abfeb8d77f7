"""Every language says everything, and says it with the same values."""

import re

import pytest
from babel import Locale
from markupsafe import Markup

from server.wording import LOCALES, say, say_html
from server.wording.catalogue import catalogue, language_of

_PLURAL = re.compile(r"(.+)\.(zero|one|two|few|many|other)")
_VALUE = re.compile(r"\{[a-z_]+\}")
_ROOM_FOR_LABELS = 16
_SCRIPTS = {
    "ar": re.compile(r"[\u0620-\u064a]"),
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "zh-Hant": re.compile(r"[\u4e00-\u9fff]"),
}
_NAMES = {"booked.google", "booked.outlook", "mail.webhook"}


def plural_forms(language: str) -> dict[str, set[str]]:
    """Which forms each counted sentence of a language has."""
    forms: dict[str, set[str]] = {}
    for key in catalogue(language):
        if found := _PLURAL.fullmatch(key):
            forms.setdefault(found[1], set()).add(found[2])
    return forms


def plain_keys(language: str) -> set[str]:
    return {key for key in catalogue(language) if not _PLURAL.fullmatch(key)}


def _values(sentence: str) -> set[str]:
    return {*_VALUE.findall(sentence)}


@pytest.mark.parametrize("language", LOCALES)
def test_no_language_lacks_a_key(language: str) -> None:
    assert plain_keys(language) == plain_keys("en")
    assert plural_forms(language).keys() == plural_forms("en").keys()


@pytest.mark.parametrize("language", LOCALES)
def test_counted_sentences_have_exactly_the_forms_of_their_language(language: str) -> None:
    rule = Locale.parse(language, sep="-").plural_form
    needed = {rule(count) for count in range(1000)} | {"other"}
    assert {key: forms for key, forms in plural_forms(language).items() if forms != needed} == {}


@pytest.mark.parametrize("language", LOCALES)
def test_placeholders_agree_with_the_english_sentence(language: str) -> None:
    english = catalogue("en")
    differing = {}
    for key, sentence in catalogue(language).items():
        found = _PLURAL.fullmatch(key)
        original = english[f"{found[1]}.other" if found else key]
        if _values(sentence) - {"{count}"} != _values(original) - {"{count}"}:
            differing[key] = (_values(sentence), _values(original))
    assert differing == {}


@pytest.mark.parametrize("language", LOCALES)
def test_no_sentence_takes_much_more_room_than_the_english_one(language: str) -> None:
    """The pages leave 40 % for longer languages, and short labels a little more."""
    english = catalogue("en")
    long = {}
    for key, sentence in catalogue(language).items():
        found = _PLURAL.fullmatch(key)
        original = english[f"{found[1]}.other" if found else key]
        if len(sentence) > 1.4 * len(original) + _ROOM_FOR_LABELS:
            long[key] = (len(sentence), len(original))
    assert long == {}


@pytest.mark.parametrize("language", LOCALES)
def test_sentences_are_written_in_their_script_and_without_stray_spaces(language: str) -> None:
    script = _SCRIPTS.get(language, re.compile(r"[A-Za-z]"))
    sentences = {key: _VALUE.sub("", sentence) for key, sentence in catalogue(language).items()}
    words = {key: sentence for key, sentence in sentences.items() if re.search(r"\w{3}", sentence)}
    foreign = {key for key, sentence in words.items() if not script.search(sentence)}
    assert foreign <= _NAMES
    assert {
        key for key, sentence in catalogue(language).items() if "  " in sentence or sentence.strip() != sentence
    } <= {
        "mail.list",
        "when.list",
    }


@pytest.mark.parametrize("language", LOCALES)
def test_sentences_are_free_of_markup_and_of_exclamation(language: str) -> None:
    wrong = {key for key, sentence in catalogue(language).items() if re.search(r"[<>!！]|Oops", sentence)}
    assert wrong == set()


@pytest.mark.parametrize(
    ("locale", "count", "expected"),
    [
        ("en", 1, "1 time"),
        ("en", 2, "2 times"),
        ("pl", 1, "1 godzina"),
        ("pl", 3, "3 godziny"),
        ("pl", 5, "5 godzin"),
        ("pl", 22, "22 godziny"),
        ("zh-Hant", 5, "5 個時間"),
        ("de", 1, "1 Zeit"),
        ("de", 2, "2 Zeiten"),
        ("es", 1000, "1.000 horas"),
        ("fr", 0, "0 horaire"),
        ("fr", 2, "2 horaires"),
        ("ja", 5, "5件の空き"),
        ("ar", 0, "لا مواعيد"),
        ("ar", 1, "موعد واحد"),
        ("ar", 2, "موعدان"),
        ("ar", 3, "3 مواعيد"),
        ("ar", 11, "11 موعدًا"),
        ("ar", 100, "100 موعد"),
        ("ar-EG", 103, "١٠٣ مواعيد"),
        ("ar-MA", 103, "103 مواعيد"),
    ],
)
def test_say_counts_as_the_language_does(locale: str, count: int, expected: str) -> None:
    assert say(locale, "page.times", count=count) == expected


def test_say_takes_a_regional_tag() -> None:
    assert say("en-US", "booked.heading") == "You are booked"


def test_say_leaves_a_value_as_it_is_even_if_it_looks_like_a_placeholder() -> None:
    assert say("en", "manage.write", name="{name} {0}") == "Something else? Write to {name} {0}"


def test_say_with_an_unknown_key_is_our_mistake() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        say("en", "page.nowhere")


def test_say_with_a_missing_value_is_our_mistake() -> None:
    with pytest.raises(KeyError, match="name"):
        say("en", "manage.write")


def test_say_html_escapes_and_isolates_every_value() -> None:
    spoken = say_html("en", "manage.write", name="<b>Ines</b>")
    assert spoken == Markup("Something else? Write to <bdi>&lt;b&gt;Ines&lt;/b&gt;</bdi>")


def test_what_runs_from_right_to_left_isolates_every_value() -> None:
    """Unicode UAX 9: between them stands what has a direction of its own."""
    assert say("ar", "manage.write", name="Ines 3") == "أمر آخر؟ يمكنك مراسلة \u2068Ines 3\u2069"
    assert say("ar", "form.guest", number=3) == "البريد الإلكتروني للشخص 3"
    assert say_html("ar", "manage.write", name="Ines 3") == Markup("أمر آخر؟ يمكنك مراسلة <bdi>Ines 3</bdi>")
    assert say("ar", "mail.sender", host="Ines", company="Fernhill") == "Ines عبر Fernhill"
    assert say("ar", "manage.write", name="https://x.example") == "أمر آخر؟ يمكنك مراسلة https://x.example"
    assert say("de", "manage.write", name="Ines 3") == "Etwas anderes? Schreiben Sie an Ines 3"


def test_say_html_keeps_markup_that_is_given_as_such() -> None:
    assert say_html("en", "manage.was", when=Markup("<s>9:00</s>")) == Markup("was <s>9:00</s>")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-TW", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"), ("pl-PL", "pl"), ("ar-EG", "ar"), ("sv-SE", "en")],
)
def test_language_of_a_tag(tag: str, language: str) -> None:
    assert language_of(tag) == language
