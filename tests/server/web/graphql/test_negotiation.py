import pytest

from server.web.graphql.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, JSON, best_of, names

OFFERED = (JSON, GRAPHQL_RESPONSE, EVENT_STREAM)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL_RESPONSE),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_RESPONSE),
        ("application/graphql-response+json;q=0.2, application/json;q=0.9", JSON),
        ("application/json;q=0, */*", GRAPHQL_RESPONSE),
        ("text/event-stream", EVENT_STREAM),
        ("application/json, text/event-stream", JSON),
        ("text/event-stream;q=0.9, application/json;q=0.8", EVENT_STREAM),
        ("APPLICATION/JSON ; Q=1", JSON),
        ("application/json;q=nonsense, text/event-stream", EVENT_STREAM),
        ("text/html", None),
        ("*/*;q=0", None),
        ("nonsense", JSON),
    ],
)
def test_best_of(accept: str, chosen: str | None) -> None:
    assert best_of(accept, OFFERED) == chosen


def test_best_of_what_urql_sends_is_not_a_stream() -> None:
    json_types = "application/graphql-response+json, application/graphql+json, application/json"
    accept = f"{json_types}, text/event-stream, multipart/mixed"
    assert best_of(accept, (*OFFERED, "multipart/mixed")) == GRAPHQL_RESPONSE


def test_names_is_not_impressed_by_wildcards() -> None:
    assert names("text/event-stream", EVENT_STREAM)
    assert not names("*/*", EVENT_STREAM)
    assert not names("text/*", EVENT_STREAM)
    assert not names("text/event-stream;q=0", EVENT_STREAM)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("application/json; charset=utf-8", JSON),
        ("application/json; charset=UTF-8", JSON),
        ("application/json; charset=iso-8859-1", None),
        ("text/html;charset=iso-8859-1, application/json", JSON),
        ("application/graphql-response+json;charset=utf-16, application/json", JSON),
    ],
)
def test_what_is_wanted_in_another_character_set_counts_for_nothing(accept: str, chosen: str | None) -> None:
    assert best_of(accept, OFFERED) == chosen
