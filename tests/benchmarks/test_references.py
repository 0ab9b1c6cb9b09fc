"""The references by which listening is measured."""

from __future__ import annotations

from benchmarks.listen import Said, sounding
from callqa.records import Span


def span(start_s: float, end_s: float) -> Span:
    return Span(start_s=start_s, end_s=end_s)


def test_a_role_sounds_where_its_side_speaks_within_its_turns() -> None:
    said = [
        Said("agent", span(1, 5), ()),
        Said("customer", span(5, 7), ()),
        Said("second_agent", span(7, 9), ()),
    ]
    sides = {"0": [span(1.1, 2), span(3, 7.5), span(8, 20)], "1": [span(4.9, 6)]}
    assert sounding(said, sides, "1") == {
        "agent": [span(1.1, 2), span(3, 5)],
        "customer": [span(5, 6)],
        "second_agent": [span(7, 7.5), span(8, 9)],
    }
