import pytest
from starlette.datastructures import Headers

from server.settings import Settings
from server.web.graphql.cross_site import is_allowed_origin, media_type_of


@pytest.mark.parametrize(
    ("allowed", "origin", "expected"),
    [
        ((), "https://meet.example.com", True),
        ((), "https://app.example.com", False),
        ((), "http://meet.example.com", False),
        ((), "null", False),
        (("https://app.example.com",), "https://app.example.com", True),
        (("https://app.example.com",), "https://app.example.com.evil.example", False),
        (("*",), "https://anybody.example", True),
    ],
)
def test_is_allowed_origin(chosen: Settings, allowed: tuple[str, ...], origin: str, expected: bool) -> None:
    assert is_allowed_origin(origin, chosen.model_copy(update={"allowed_origins": allowed})) is expected


def test_media_type_of_leaves_parameters_out() -> None:
    assert media_type_of(Headers({"content-type": "Application/JSON ; charset=utf-8"})) == "application/json"
    assert media_type_of(Headers({})) == ""
