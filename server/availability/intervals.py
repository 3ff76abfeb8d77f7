"""Spans of whole seconds, half open: [start, end). Lists of them are sorted, disjoint and do not touch."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
Edges = tuple[Sequence[int], Sequence[int]]

_LONG_AGO = -(1 << 62)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as sorted spans that neither overlap nor touch; spans of no or negative length are nothing."""
    return list(zip(*edges(spans), strict=True))


def edges(spans: Iterable[Span]) -> Edges:
    """The merged spans as two lists, where each begins and where each ends; searching needs no more, and a thousand
    integers are lighter than a thousand pairs."""
    return _swept(sorted(spans))


def edges_in_step(starts: Sequence[int], ends: Sequence[int]) -> Edges:
    """As `edges`, of spans that come as two lists in step. Where they stand in the order of their starts already, as
    an index hands them over, no pair is made of them."""
    pairs = zip(starts, ends, strict=True)
    return _swept(pairs if list(starts) == sorted(starts) else sorted(pairs))


def _swept(spans: Iterable[Span]) -> Edges:
    begins: list[int] = []
    ends: list[int] = []
    last = _LONG_AGO
    for start, end in spans:
        if start > last:
            if start < end:
                begins.append(start)
                ends.append(last)
                last = end
        elif end > last:
            last = end
    ends.append(last)
    return begins, ends[1:]


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that are in order and do not overlap, as one where they touch."""
    result: list[Span] = []
    last = None
    for span in spans:
        if span[0] == last:
            result[-1] = (result[-1][0], span[1])
        else:
            result.append(span)
        last = span[1]
    return result


def clipped(spans: list[Span], start: int, end: int) -> list[Span]:
    """The part of spans in order that lies in [start, end)."""
    first, after = 0, len(spans)
    while first < after and spans[first][1] <= start:
        first += 1
    while first < after and spans[after - 1][0] >= end:
        after -= 1
    kept = spans[first:after]
    if kept:
        kept[0] = (max(kept[0][0], start), kept[0][1])
        kept[-1] = (kept[-1][0], min(kept[-1][1], end))
    return kept


def common(left: list[Span], right: list[Span]) -> list[Span]:
    """The time that lies in both lists."""
    result: list[Span] = []
    index = 0
    for start, end in left:
        while index < len(right) and right[index][1] <= start:
            index += 1
        while index < len(right) and right[index][0] < end:
            other_start, other_end = right[index]
            result.append((other_start if other_start > start else start, other_end if other_end < end else end))
            if other_end > end:
                break
            index += 1
    return result


def without(spans: Iterable[Span], gone: list[Span]) -> list[Span]:
    """The time of `spans` that lies in none of the spans that are gone."""
    result: list[Span] = []
    for span_start, end in spans:
        start = span_start
        for gone_start, gone_end in gone:
            if gone_start >= end:
                break
            if gone_end <= start:
                continue
            if gone_start > start:
                result.append((start, gone_start))
            start = gone_end
            if start >= end:
                break
        if start < end:
            result.append((start, end))
    return result
