from server.database.placeholders import placeholders


def test_placeholders_count_on_behind_those_before_them() -> None:
    assert placeholders("abc") == "$1, $2, $3"
    assert placeholders([7, 8], after=4) == "$5, $6"


def test_placeholders_of_nothing_let_nothing_through() -> None:
    assert placeholders([]) == "NULL"
