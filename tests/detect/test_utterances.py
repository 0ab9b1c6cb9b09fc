"""Invented utterances, right and nearly right: each family keeps the level it reached."""

from __future__ import annotations

import pytest

from benchmarks.understanding.utterances import families, judge, load, score
from callqa.detect.engine import Engine

FLOOR = 0.95  # of F1, over the rows that patterns were built on


@pytest.mark.parametrize("family", families())
def test_a_family_keeps_its_level(engine: Engine, family: str) -> None:
    counts, wrong = judge(engine, family, sealed=False)
    assert score(counts)[2] >= FLOOR, [(how, u.label, u.lines) for how, u in wrong]


@pytest.mark.parametrize("family", families())
def test_every_row_names_a_label_that_can_be_found(engine: Engine, family: str) -> None:
    for utterance in load(family):
        assert utterance.label.endswith(".*") or utterance.label in engine.labels, utterance
        assert utterance.label.startswith(family)
        assert all(line[:3] in ("A: ", "C: ") for line in utterance.lines)


@pytest.mark.parametrize("family", families())
def test_both_parts_hold_rows_to_find_and_rows_to_leave(family: str) -> None:
    for sealed in (False, True):
        part = [u for u in load(family) if u.sealed == sealed]
        assert 8 <= sum(u.absent for u in part) < len(part) - 8
