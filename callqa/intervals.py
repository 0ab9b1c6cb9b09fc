"""Interval algebra on spans of seconds: union, gaps, overlap, and who began it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from callqa.records import Overlap, Span

_AT_ONCE_S = 0.1  # who begins so little later did not come in: both began


def union(spans: Iterable[Span], *, join_s: float = 0.0) -> list[Span]:
    """Merge spans that overlap or lie within ``join_s`` of each other.

    >>> [(s.start_s, s.end_s) for s in union([Span(start_s=2, end_s=3), Span(start_s=0, end_s=2)])]
    [(0.0, 3.0)]
    """
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start_s, s.end_s)):
        if merged and span.start_s <= merged[-1].end_s + join_s:
            end = max(merged[-1].end_s, span.end_s)
            merged[-1] = Span(start_s=merged[-1].start_s, end_s=end)
        else:
            merged.append(span)
    return merged


def silences(spoken: Iterable[Span], duration_s: float) -> list[Span]:
    """The stretches of ``[0, duration_s)`` that no span covers, in time order."""
    gaps: list[Span] = []
    at = 0.0
    for span in union(spoken):
        if span.start_s > at:
            gaps.append(Span(start_s=at, end_s=span.start_s))
        at = max(at, span.end_s)
    if duration_s > at:
        gaps.append(Span(start_s=at, end_s=duration_s))
    return gaps


def overlap(a: Sequence[Span], b: Sequence[Span]) -> list[Span]:
    """Where both lists are active at once."""
    out: list[Span] = []
    left, right = union(a), union(b)
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i].start_s, right[j].start_s)
        end = min(left[i].end_s, right[j].end_s)
        if start < end:
            out.append(Span(start_s=start, end_s=end))
        if left[i].end_s <= right[j].end_s:
            i += 1
        else:
            j += 1
    return out


def overlaps(speech: Mapping[str, Sequence[Span]], *, least_s: float = 0.25) -> list[Overlap]:
    """Where two of several speak, in time order, with who came in while the other spoke.

    Shorter ones than ``least_s`` are left out: stretches of speech are padded by a tenth of a
    second on either side.

    >>> [o] = overlaps({"a": [Span(start_s=0, end_s=3)], "b": [Span(start_s=2, end_s=5)]})
    >>> o.start_s, o.end_s, o.begun_by
    (2.0, 3.0, 'b')
    """
    found = []
    for one, other in combinations(speech, 2):
        for both in overlap(speech[one], speech[other]):
            if both.length_s < least_s:
                continue
            since = {who: _since(union(speech[who]), both.start_s) for who in (one, other)}
            late = max(since, key=lambda who: since[who])
            at_once = abs(since[one] - since[other]) < _AT_ONCE_S
            begun_by = None if at_once else late
            found.append(
                Overlap(
                    start_s=both.start_s,
                    end_s=both.end_s,
                    between=(one, other),
                    begun_by=begun_by,
                )
            )
    return sorted(found, key=lambda o: (o.start_s, o.end_s))


def _since(spans: Sequence[Span], second: float) -> float:
    """When the span began that covers a second."""
    return next(s.start_s for s in spans if s.start_s <= second < s.end_s)


def total(spans: Iterable[Span]) -> float:
    """Seconds covered, overlaps counted once."""
    return sum(s.length_s for s in union(spans))
