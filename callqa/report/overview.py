"""The overview of all calls, those that need an ear first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from callqa.evidence.aggregates import Days
from callqa.report import names
from callqa.report.page import render
from callqa.report.periods import cases
from callqa.report.wording import length

STATUSES = ("evidenced", "partly", "contradicted", "not_evidenced")


@dataclass(frozen=True)
class Column:
    """A criteria group, for the head of a column."""

    criteria: str
    group: str
    title: str

    @property
    def name(self) -> str:
        """Short, as “Outcome 3”."""
        return names.group_name(self.criteria, self.group)

    @property
    def set_name(self) -> str:
        """The qualification's or scorecard's name."""
        return names.set_name(self.criteria)


@dataclass(frozen=True)
class CallRow:
    """A call, and per column its totals; None where that group was not applied."""

    call: dict[str, Any]
    totals: tuple[dict[str, Any] | None, ...] = field(default=())


def columns(totals: pl.DataFrame) -> list[Column]:
    """The criteria groups there are, in the order of the totals."""
    heads = totals.unique(["criteria", "group"], maintain_order=True, keep="first")
    return [Column(r["criteria"], r["group"], r["title"]) for r in heads.to_dicts()]


def call_rows(calls: pl.DataFrame, totals: pl.DataFrame, heads: list[Column]) -> list[CallRow]:
    """A row a call, in the order of ``calls``."""
    by = {(t["call_id"], t["criteria"], t["group"]): t for t in totals.to_dicts()}
    return [
        CallRow(c, tuple(by.get((c["call_id"], h.criteria, h.group)) for h in heads))
        for c in calls.to_dicts()
    ]


def overview_page(calls: pl.DataFrame, totals: pl.DataFrame, days: Days) -> str:
    """One HTML page: calls by what needs an ear and why, then files that failed and why.

    Args:
        calls: a row a call or failed file: call_id, name, agent_id, team, queue, direction,
            started_at, duration_s, kind, layout, attention (larger is sooner), why, look_at_s,
            state ("done" or "failed"), reason.
        totals: a row a call and criteria group: call_id, criteria, group, title and how many
            criteria have each status.
        days: the daily sums of every agent.
    """
    done = calls.filter(pl.col("state") == "done").sort(
        ["attention", "call_id"], descending=[True, False], nulls_last=True
    )
    failed = calls.filter(pl.col("state") == "failed").sort("name")
    heads = columns(totals)
    named = set(done["agent_id"].drop_nulls())  # those who have a page
    parts = days.calls.filter(pl.col("agent").is_in(named)).group_by("agent")
    agents = parts.agg(pl.col("calls").sum()).sort("agent").iter_rows()
    return render(
        "overview.html",
        rows=call_rows(done, totals, heads),
        heads=heads,
        failed=failed.to_dicts(),
        agents=list(agents),
        waiting=done.filter(pl.col("attention") > 0).height,
        length=length(float(done["duration_s"].sum() or 0.0)),
        kinds=names.KINDS,
        cases=cases(days),
    )
