"""Interval algebra on spans of seconds: union, gaps, overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callqa.records import Span


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


def total(spans: Iterable[Span]) -> float:
    """Seconds covered, overlaps counted once."""
    return sum(s.length_s for s in union(spans))
