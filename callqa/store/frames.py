"""The store as polars frames: what overview, agent pages and exports are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Select, func, select

from callqa.evidence.aggregates import Days
from callqa.evidence.tallies import sort_of
from callqa.evidence.triage import attention
from callqa.records import CallRecord
from callqa.store import schema as t
from callqa.store.days import days
from callqa.store.store import Store

_CALLS: dict[str, type[pl.DataType]] = {
    "call_id": pl.String, "name": pl.String, "agent_id": pl.String, "team": pl.String,
    "queue": pl.String, "direction": pl.String, "started_at": pl.String,
    "duration_s": pl.Float64, "kind": pl.String, "sort": pl.String, "layout": pl.String,
    "attention": pl.Float64, "why": pl.String, "look_at_s": pl.Float64, "state": pl.String,
    "reason": pl.String,
}  # fmt: skip
_TOTALS: dict[str, type[pl.DataType]] = {
    "call_id": pl.String, "criteria": pl.String, "group": pl.String, "title": pl.String,
    "evidenced": pl.Int64, "partly": pl.Int64, "contradicted": pl.Int64,
    "not_evidenced": pl.Int64, "not_applicable": pl.Int64, "not_assessable": pl.Int64,
}  # fmt: skip
_LABELS: dict[str, type[pl.DataType]] = {
    "call_id": pl.String,
    "role": pl.String,
    "label": pl.String,
    "count": pl.Int64,
}
_MEASURES: dict[str, type[pl.DataType]] = {
    "call_id": pl.String, "measure": pl.String, "value": pl.Float64, "unit": pl.String,
    "count": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Frames:
    """All current calls of a workspace.

    ``calls`` has a row a call and a row a failed source; ``totals`` a row a call and criteria
    group; ``labels`` a row a call, role and label; ``measures`` a row a call and measure;
    ``days`` the sums of every agent and day.
    """

    calls: pl.DataFrame
    totals: pl.DataFrame
    labels: pl.DataFrame
    measures: pl.DataFrame
    days: Days


def frames(store: Store) -> Frames:
    """Read the current analyses into frames."""
    calls: list[dict[str, object]] = []
    totals: list[dict[str, object]] = []
    for record in store.records():
        calls.append(_call_row(record))
        totals += [{"call_id": record.call_id, **total.model_dump()} for total in record.totals]
    calls += [
        dict.fromkeys(_CALLS)
        | {"call_id": e.source, "name": e.source.rsplit("/", 1)[-1], "state": e.state}
        | {"reason": e.reason, "attention": 0.0}
        for e in store.ledger("failed")
    ]
    current = select(func.max(t.analyses.c.id)).group_by(t.analyses.c.call_id)
    a = t.analyses.c
    labels = (
        select(a.call_id, t.labels.c.role, t.labels.c.label, t.labels.c.count)
        .join_from(t.labels, t.analyses)
        .where(t.labels.c.analysis.in_(current))
    )
    measures = (
        select(a.call_id, *(c for c in t.measures.c if c.name != "analysis"))
        .join_from(t.measures, t.analyses)
        .where(t.measures.c.analysis.in_(current))
    )
    return Frames(
        calls=pl.DataFrame(calls, schema=_CALLS),
        totals=pl.DataFrame(totals, schema=_TOTALS),
        labels=_frame(store, labels, _LABELS),
        measures=_frame(store, measures, _MEASURES),
        days=days(store),
    )


def _frame(
    store: Store, query: Select[tuple[object, ...]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    with store.reading() as db:
        rows = [tuple(row) for row in db.execute(query)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _call_row(record: CallRecord) -> dict[str, object]:
    top = max(record.flags, key=lambda f: f.weight, default=None)
    recording = record.recordings[0] if record.recordings else None
    m = record.metadata
    return {
        "call_id": record.call_id,
        "name": recording.name if recording else record.call_id,
        "agent_id": m.agent_id,
        "team": m.team,
        "queue": m.queue,
        "direction": m.direction,
        "started_at": m.started_at,
        "duration_s": record.duration_s,
        "kind": record.kind,
        "sort": sort_of(record),
        "layout": recording.layout if recording else "transcript",
        "attention": attention(record),
        "why": top.why if top else "",
        "look_at_s": top.start_s if top else None,
        "state": "done",
        "reason": "",
    }
