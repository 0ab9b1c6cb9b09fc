"""Interval algebra, drawn as time lines."""

from callqa.intervals import overlap, overlaps, silences, total, union
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


def test_who_comes_in_begins_the_overlap() -> None:
    found = overlaps({"agent": spans("####---####"), "customer": spans("--####-#---")})
    assert [(o.start_s, o.end_s, o.begun_by) for o in found] == [
        (2, 4, "customer"),
        (7, 8, None),
    ]
    assert found[0].between == ("agent", "customer")


def test_an_answer_within_a_long_turn_is_begun_by_who_answers() -> None:
    (found,) = overlaps({"agent": spans("---#"), "customer": spans("########")})
    assert (found.begun_by, found.length_s) == ("agent", 1)


def test_what_only_touches_is_no_overlap() -> None:
    close = {"a": [Span(start_s=0, end_s=2.1)], "b": [Span(start_s=1.9, end_s=4)]}
    assert overlaps(close) == []
    assert overlaps({"a": spans("##--"), "b": spans("--##")}) == []
    assert overlaps({"a": spans("##")}) == []


def test_three_voices_overlap_in_pairs() -> None:
    found = overlaps({"a": spans("####"), "b": spans("-##"), "c": spans("--##")})
    assert [(o.between, o.begun_by) for o in found] == [
        (("a", "b"), "b"),
        (("b", "c"), "c"),
        (("a", "c"), "c"),
    ]
