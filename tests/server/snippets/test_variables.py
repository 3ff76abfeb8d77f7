"""The variables of snippets."""

from __future__ import annotations

import pytest

from server.errors import ErrorCode, Refused
from server.snippets.variables import VARIABLES, Filled, filled, require_known


@pytest.mark.capability("S2-22")
def test_variables_are_filled_in_as_text_and_never_as_markup() -> None:
    values = {"contact.firstName": "<b>Tom</b> & Co", "host.name": 'Ines "x"'}
    body = "<p>{{contact.firstName}}, {{ host.name }}</p>"
    assert filled(body, values) == Filled('<p>&lt;b&gt;Tom&lt;/b&gt; &amp; Co, Ines "x"</p>', ())


def test_what_is_not_known_is_left_out_and_named_once() -> None:
    body = "{{meeting.when}} {{contact.firstName}} {{meeting.when}}!"
    assert filled(body, {"contact.firstName": "Tom"}) == Filled("Tom !", ("meeting.when",))


def test_a_value_does_not_bring_in_another_address() -> None:
    body = '<a href="https://x.example/{{contact.firstName}}">x</a>'
    found = filled(body, {"contact.firstName": '"><script>x</script>'})
    assert "<script" not in found.html
    assert found.html.startswith('<a href="https://x.example/')


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("{{contact.firstname}}", "did you mean {{contact.firstName}}?"),
        ("Hi {{ qqq }}", "there are contact.firstName,"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest_there_is(body: str, hint: str) -> None:
    with pytest.raises(Refused) as caught:
        require_known(body, "body")
    (complaint,) = caught.value.complaints
    assert (complaint.code, complaint.path) == (ErrorCode.VARIABLE_UNKNOWN, ("body",))
    assert hint in complaint.message


def test_every_variable_is_known() -> None:
    require_known(" ".join(f"{{{{{name}}}}}" for name in VARIABLES))
