"""A workspace's daily sums follow what is scored, corrected, judged and scored again."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from callqa.evidence.aggregates import case_mix, rates
from callqa.evidence.judgements import corrected
from callqa.pipeline import load_tools
from callqa.records import Metadata
from callqa.settings import load_settings
from callqa.workspace import Workspace, find_sources
from tests.test_kpis import ANGRY

SQA = "sqa_dn8j11"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = Workspace(load_tools(load_settings(workspace=tmp_path / "w")))
    for n in range(2):
        score(space, tmp_path, n)
    return space


def score(space: Workspace, folder: Path, n: int) -> None:
    path = folder / f"c{n}.json"
    path.write_text(json.dumps({"call_id": f"c{n}", "turns": ANGRY}))
    (source,), _ = find_sources([path])
    known = Metadata(agent_id="A7", team="north", started_at="2025-03-04T09:00:00Z")
    assert space.process(source, known).record


def counts(space: Workspace, criterion: str, agent: str = "A7") -> dict[str, int]:
    of = (pl.col("criteria") == SQA) & (pl.col("criterion") == criterion)
    rows = rates(space.days(agent=agent), minimum=1).filter(of).to_dicts()
    return rows[0] if rows else {}


def calls(space: Workspace) -> dict[str, int]:
    mix = case_mix(space.days(), by=["agent"])
    return dict(mix.select("agent", "conversations").iter_rows())


def test_calls_count_once_however_often_they_are_processed(
    space: Workspace, tmp_path: Path
) -> None:
    before = space.days()
    score(space, tmp_path, 0)
    space.rescore("c1")
    after = space.days()
    assert calls(space) == {"A7": 2}
    assert after.marks.equals(before.marks)
    assert after.calls.equals(before.calls)


def test_sums_are_those_of_the_records(space: Workspace) -> None:
    wanted = [r.status for c in ("c0", "c1") for r in space.record(c).results
              if (r.criteria, r.criterion) == (SQA, "4a")]  # fmt: skip
    found = counts(space, "4a")
    assert {s: n for s, n in found.items() if s in wanted} == {
        s: wanted.count(s) for s in set(wanted)
    }
    assert sum(wanted.count(s) for s in set(wanted)) == 2


def test_a_call_given_to_another_agent_counts_for_them_alone(space: Workspace) -> None:
    moved = corrected("c0", "assign_agent", {"agent_id": "B2"}, by="Ada", reason="rota")
    space.correct("c0", [moved])
    assert calls(space) == {"A7": 1, "B2": 1}
    back = corrected("c0", "undo", {"correction": moved.id}, by="Ada", reason="wrong rota")
    space.correct("c0", [back])
    assert calls(space) == {"A7": 2}


def test_a_decision_in_the_words_of_the_scale_stands(space: Workspace) -> None:
    before = counts(space, "4e")
    assert before["not_assessable"] == 2
    space.judge("c0", "4e", "achieved", by="Ada", reason="file seen", criteria=SQA)
    after = counts(space, "4e")
    assert (after["evidenced"], after["not_assessable"], after["decided"]) == (1, 1, 1)


def test_titles_come_with_the_sums(space: Workspace) -> None:
    assert space.days().titles[SQA, "4a"].startswith("Identify reason")
    assert space.frames().days.titles == space.days().titles
