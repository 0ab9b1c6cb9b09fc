"""Interval algebra, drawn as time lines."""

from callqa.intervals import overlap, silences, total, union
from callqa.records import Span


def spans(line: str) -> list[Span]:
    """``"##--##"`` as spans of one second a character."""
    out, start = [], None
    for i, c in enumerate([*line, "-"]):
        if c == "#" and start is None:
            start = i
        elif c != "#" and start is not None:
            out.append(Span(start_s=start, end_s=i))
            start = None
    return out


def test_silences_are_what_nobody_covers() -> None:
    agent, customer = spans("##-----#--"), spans("-##--#----")
    assert silences([*agent, *customer], 10) == [
        Span(start_s=3, end_s=5),
        Span(start_s=6, end_s=7),
        Span(start_s=8, end_s=10),
    ]


def test_overlap_is_where_both_are() -> None:
    assert overlap(spans("####--##"), spans("--####-#")) == spans("--##---#")


def test_union_joins_what_lies_close() -> None:
    assert union(spans("##-##"), join_s=1.0) == [Span(start_s=0, end_s=5)]
    assert union(spans("##-##"), join_s=0.5) == spans("##-##")
    assert total([*spans("###"), *spans("-###")]) == 4.0
