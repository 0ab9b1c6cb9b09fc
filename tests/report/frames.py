"""Frames of a few calls of one agent, a call of another, and a file that failed."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from callqa.evidence.aggregates import Days
from callqa.evidence.tallies import sort_of, tallies
from callqa.records import STATUSES, CallRecord
from tests.report.records import record

CALLS = {
    "call_id": pl.String, "name": pl.String, "agent_id": pl.String, "team": pl.String,
    "queue": pl.String, "direction": pl.String, "started_at": pl.String,
    "duration_s": pl.Float64, "kind": pl.String, "sort": pl.String, "layout": pl.String,
    "attention": pl.Float64, "why": pl.String, "look_at_s": pl.Float64, "state": pl.String,
    "reason": pl.String,
}  # fmt: skip
TOTALS = {
    "call_id": pl.String, "criteria": pl.String, "group": pl.String, "title": pl.String,
    "evidenced": pl.Int64, "partly": pl.Int64, "contradicted": pl.Int64,
    "not_evidenced": pl.Int64, "not_applicable": pl.Int64, "not_assessable": pl.Int64,
}  # fmt: skip
LABELS = {"call_id": pl.String, "role": pl.String, "label": pl.String, "count": pl.Int64}
MEASURES = {
    "call_id": pl.String, "measure": pl.String, "value": pl.Float64, "unit": pl.String,
    "count": pl.Int64,
}  # fmt: skip


class Site(NamedTuple):
    calls: pl.DataFrame
    totals: pl.DataFrame
    labels: pl.DataFrame
    measures: pl.DataFrame
    days: Days


def records(n: int = 5, agent: str = "A-12") -> list[CallRecord]:
    """Whole conversations."""
    made = (record(f"larch-{417 + i:04d}", agent=agent) for i in range(n))
    return [r.model_copy(update={"completeness": ()}) for r in made]


def site(calls: list[CallRecord], *, failed: tuple[str, str] | None = None) -> Site:
    """The frames that a store would give for these records."""
    rows: list[dict[str, object]] = []
    totals: list[dict[str, object]] = []
    labels: list[tuple[str, str, str, int]] = []
    measures: list[tuple[str, str, float, str, int | None]] = []
    for n, r in enumerate(calls):
        m = r.metadata
        top = max(r.flags, key=lambda f: f.weight)
        rows.append(
            {"call_id": r.call_id, "name": r.recordings[0].name, "agent_id": m.agent_id,
             "team": m.team, "queue": m.queue, "direction": m.direction,
             "started_at": f"2025-03-{n + 3:02d}T09:14:00+00:00", "duration_s": r.duration_s,
             "kind": r.kind, "sort": sort_of(r), "layout": "stereo",
             "attention": 5.5 - n, "why": top.why,
             "look_at_s": top.start_s, "state": "done", "reason": ""}
        )  # fmt: skip
        totals += [{"call_id": r.call_id, **t.model_dump()} for t in r.totals]
        found = {(d.role, d.label) for d in r.detections}
        labels += [
            (r.call_id, role, label, sum(d.label == label and d.role == role for d in r.detections))
            for role, label in sorted(found)
        ]
        measures += [(r.call_id, k, v.value, v.unit, v.count) for k, v in r.measures.items()]
    if failed:
        rows.append(
            dict.fromkeys(CALLS) | {"call_id": failed[0], "name": failed[0], "attention": 0.0,
                                    "state": "failed", "reason": failed[1]}
        )  # fmt: skip
    return Site(
        pl.DataFrame(rows, schema=CALLS),
        pl.DataFrame(totals, schema=TOTALS),
        pl.DataFrame(labels, schema=LABELS, orient="row"),
        pl.DataFrame(measures, schema=MEASURES, orient="row"),
        days(calls),
    )


def days(calls: list[CallRecord]) -> Days:
    """The daily sums of these records."""
    found = [one for r in calls for one in tallies(r)]
    who = {"agent": pl.String, "team": pl.String, "day": pl.String}
    cases = [
        (t.agent, t.team, t.day, t.sort, t.situation, 1, int(t.length_ms is not None),
         t.length_ms or 0) for t in found
    ]  # fmt: skip
    marks = [
        (t.agent, t.team, t.day, m.criteria, m.criterion, m.decided,
         *(int(m.proposed == s) for s in STATUSES)) for t in found for m in t.marks
    ]  # fmt: skip
    case = who | {"sort": pl.String, "situation": pl.String, "calls": pl.Int64,
                  "timed": pl.Int64, "length_ms": pl.Int64}  # fmt: skip
    mark = who | dict.fromkeys(("criteria", "criterion", "decided"), pl.String)
    mark |= dict.fromkeys(STATUSES, pl.Int64)
    dated = pl.col("day").str.to_date(strict=False)
    return Days(
        pl.DataFrame(cases, schema=case, orient="row").with_columns(dated),
        pl.DataFrame(marks, schema=mark, orient="row").with_columns(dated),
        {("sqa_dn8j11", "1b"): "Identify customer needs"},
    )
