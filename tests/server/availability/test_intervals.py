from hypothesis import given
from hypothesis import strategies as st

from server.availability.intervals import Span, clipped, common, edges, edges_in_step, joined, merged, without

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)


def seconds(spans: list[Span]) -> set[int]:
    return {second for start, end in spans for second in range(start, end)}


def is_tidy(spans: list[Span]) -> bool:
    """In order, with something in each, and something between them."""
    borders = [border for span in spans for border in span]
    return all(before < after for before, after in zip(borders, borders[1:], strict=False))


@given(spans=SPANS)
def test_merged_spans_hold_the_same_seconds_and_are_tidy(spans: list[Span]) -> None:
    assert seconds(merged(spans)) == seconds(spans)
    assert is_tidy(merged(spans))


@given(spans=SPANS)
def test_spans_as_two_lists_in_step_are_the_same_spans_in_any_order(spans: list[Span]) -> None:
    for given_spans in (spans, sorted(spans)):
        starts, ends = [start for start, _ in given_spans], [end for _, end in given_spans]
        assert edges_in_step(starts, ends) == edges(spans)


@given(left=SPANS, right=SPANS)
def test_common_time_is_in_both(left: list[Span], right: list[Span]) -> None:
    both = common(merged(left), merged(right))
    assert seconds(both) == seconds(left) & seconds(right)
    assert is_tidy(both)


@given(left=SPANS, right=SPANS)
def test_time_without_spans_is_in_neither_of_them(left: list[Span], right: list[Span]) -> None:
    rest = without(merged(left), merged(right))
    assert seconds(rest) == seconds(left) - seconds(right)
    assert is_tidy(rest)


@given(spans=SPANS, start=st.integers(0, 30), end=st.integers(0, 30))
def test_clipped_spans_stay_within(spans: list[Span], start: int, end: int) -> None:
    if start < end:
        assert seconds(clipped(merged(spans), start, end)) == seconds(spans) & set(range(start, end))


def test_joined_spans_are_one_where_they_touch() -> None:
    assert joined([(1, 2), (2, 3), (3, 5), (6, 7)]) == [(1, 5), (6, 7)]
