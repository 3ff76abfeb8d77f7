"""Who has an answer already (RFC 9110, 13.1.2)."""

import pytest

from server.web.etags import is_known


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ('"7"', True),
        ('W/"7"', True),
        ('"6" , W/"7","8"', True),
        ("*", True),
        ('"6"', False),
        ('"6", *', False),
        ("7", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("tag", ['"7"', 'W/"7"'])
def test_a_tag_is_known_where_it_is_held_weakened_or_among_others(held: str, expected: bool, tag: str) -> None:
    assert is_known({"if-none-match": held}, tag) is expected


def test_a_tag_is_not_known_to_whoever_holds_nothing() -> None:
    assert not is_known({}, '"7"')
