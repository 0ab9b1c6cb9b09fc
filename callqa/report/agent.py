"""An agent's page for a team leader: what the calls show over time, with how many they are.

Shares by month come from daily sums. Figures of the latest calls are counts, medians and ranges
with the calls behind them; with fewer than ``MINIMUM`` calls one is not shown. No figure compares
people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import polars as pl
from markupsafe import Markup

from callqa.evidence.aggregates import Days
from callqa.evidence.figures import MINIMUM as FEWEST
from callqa.evidence.tallies import COUNTED
from callqa.report import charts, names
from callqa.report.overview import STATUSES, CallRow, Column, call_rows, columns
from callqa.report.page import render
from callqa.report.periods import cases, criteria_tables
from callqa.report.wording import number, plural

MINIMUM = 3
LATEST = 30  # calls that a chart has room for
_AGENT = ("agent", "second_agent")


@dataclass(frozen=True)
class Figure:
    """One figure. ``chart`` is None where there are too few calls for it."""

    title: str
    calls: int
    says: str = ""
    chart: Markup | None = None
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[dict[str, Any] | None, tuple[str, ...]], ...] = ()  # call, cells
    set_name: str = ""


def agent_page(
    agent_id: str,
    calls: pl.DataFrame,
    totals: pl.DataFrame,
    labels: pl.DataFrame,
    measures: pl.DataFrame,
    days: Days,
) -> str:
    """One HTML page about one agent's scored conversations.

    Args:
        calls, totals: as for :func:`callqa.report.overview.overview_page`.
        labels: call_id, role, label, count.
        measures: call_id, measure, value, unit, count.
        days: the daily sums of every agent.
    """
    own = calls.filter((pl.col("agent_id") == agent_id) & (pl.col("state") == "done"))
    ids = own.select("call_id")
    heads = columns(totals.join(ids, on="call_id", how="semi", maintain_order="left"))
    # What is not a whole conversation stays out of figures; the list shows it.
    counted = own.filter(pl.col("sort") == COUNTED).sort(["started_at", "name"], nulls_last=False)
    latest = counted.tail(LATEST)
    rows = call_rows(latest, totals, heads)
    own_days = days.of(agent_id)
    case = cases(own_days)
    return render(
        "agent.html",
        agent=agent_id,
        rows=call_rows(own.sort("started_at", descending=True, nulls_last=True), totals, heads),
        heads=heads,
        counted=counted.height,
        latest=latest.height,
        trends=[_trend(head, n, rows) for n, head in enumerate(heads)],
        figures=[
            _questions(latest, labels),
            _language(latest, labels, measures),
            _talk(latest, measures),
        ],
        kinds=names.KINDS,
        minimum=MINIMUM,
        cases=case,
        sets=criteria_tables(own_days, case.months),
        assessed=FEWEST,
    )


def _trend(head: Column, index: int, rows: Sequence[CallRow]) -> Figure:
    seen = [
        (row.call, total)
        for row in rows
        if (total := row.totals[index]) is not None and sum(total[s] for s in STATUSES)
    ]
    title = f"{head.name}: {head.title}"
    if len(seen) < MINIMUM:
        return Figure(title, len(seen), set_name=head.set_name)
    sums = {s: sum(total[s] for _, total in seen) for s in STATUSES}
    says = (
        f"{sums['evidenced']} evidenced, {sums['partly']} partly, {sums['contradicted']} "
        f"contradicted of {sum(sums.values())} observable"
    )
    return Figure(
        title,
        len(seen),
        says,
        charts.units(
            [total for _, total in seen],
            f"{head.name} by call: {says}. Table below.",
            _axis(call for call, _ in seen),
        ),
        tuple(names.STATUSES[s] for s in STATUSES),  # type: ignore[index]
        tuple((call, tuple(str(total[s]) for s in STATUSES)) for call, total in seen),
        head.set_name,
    )


def _questions(calls: pl.DataFrame, labels: pl.DataFrame) -> Figure:
    title = "Kinds of question"
    asked = _said(calls, labels).filter(pl.col("label").str.starts_with("question."))
    asked = asked.filter(pl.col("label") != "question.asked")
    if calls.height < MINIMUM:
        return Figure(title, calls.height)
    by = asked.group_by("label").agg(
        pl.col("count").sum(), pl.col("call_id").n_unique().alias("calls")
    ).sort(["count", "label"], descending=[True, False])  # fmt: skip
    counts = [(names.label_name(r["label"]), r["count"]) for r in by.to_dicts()]
    if not counts:
        return Figure(title, calls.height, "No question of the agent was found.")
    of = dict(by.select("label", "count").iter_rows())
    says = f"{of.get('question.open', 0)} open, {of.get('question.closed', 0)} closed"
    return Figure(
        title,
        calls.height,
        f"{says}; a question may be of several kinds",
        charts.bars(counts, f"Questions by kind: {says}. Table below."),
        ("Times", "In calls"),
        tuple(
            (None, (names.label_name(r["label"]), str(r["count"]), str(r["calls"])))
            for r in by.to_dicts()
        ),
    )


def _language(calls: pl.DataFrame, labels: pl.DataFrame, measures: pl.DataFrame) -> Figure:
    title = "Positive and negative language"
    turns = _values(measures, "turns_agent", "value")
    said = _said(calls, labels)
    rows = [c for c in calls.to_dicts() if turns.get(c["call_id"])]
    if len(rows) < MINIMUM:
        return Figure(title, len(rows))
    per = {
        family: _per_call(said.filter(pl.col("label").str.starts_with(f"{family}.")))
        for family in ("positive", "negative")
    }
    spoken = sum(turns[c["call_id"]] for c in rows)
    rates = {
        family: [100 * found.get(c["call_id"], 0) / turns[c["call_id"]] for c in rows]
        for family, found in per.items()
    }
    all_in_all = {
        family: 100 * sum(found.get(c["call_id"], 0) for c in rows) / spoken
        for family, found in per.items()
    }
    says = (
        f"{all_in_all['positive']:.0f} positive and {all_in_all['negative']:.0f} negative signs "
        f"in 100 turns of the agent ({plural(int(spoken), 'turn')})"
    )
    return Figure(
        title,
        len(rows),
        says,
        charts.series(len(rows), rates, unit="in 100 turns", share=False,
                      about=f"{says}. By call: table below.", axis=_axis(rows)),
        ("Positive", "Negative", "Turns"),
        tuple(
            (c, (str(per["positive"].get(c["call_id"], 0)),
                 str(per["negative"].get(c["call_id"], 0)), number(turns[c["call_id"]])))
            for c in rows
        ),
    )  # fmt: skip


def _talk(calls: pl.DataFrame, measures: pl.DataFrame) -> Figure:
    title = "Talk and silence"
    talk = _values(measures, "talk_share_agent", "value")
    silence = _values(measures, "silence_share", "value")
    rows = [c for c in calls.to_dicts() if c["call_id"] in talk or c["call_id"] in silence]
    if len(rows) < MINIMUM:
        return Figure(title, len(rows))
    lines = {
        "Agent’s share of talk": [talk.get(c["call_id"]) for c in rows],
        "Silence in the call": [silence.get(c["call_id"]) for c in rows],
    }
    says = "; ".join(f"{name}: {_middle(values)}" for name, values in lines.items())
    return Figure(
        title,
        len(rows),
        says,
        charts.series(len(rows), lines, unit="share", share=True,
                      about=f"{says}. By call: table below.", axis=_axis(rows)),
        tuple(lines),
        tuple((c, tuple(_percent(values[n]) for values in lines.values()))
              for n, c in enumerate(rows)),
    )  # fmt: skip


def _axis(calls: Iterable[dict[str, Any]]) -> str:
    """What the calls are in order of; calls without a date stand by name."""
    return "call, oldest first" if all(c["started_at"] for c in calls) else "call"


def _middle(values: Iterable[float | None]) -> str:
    """Median and range; nothing below the least number of calls."""
    known = [v for v in values if v is not None]
    if len(known) < MINIMUM:
        return f"too few calls (n = {len(known)})"
    return (
        f"median {_percent(median(known))}, from {_percent(min(known))} to {_percent(max(known))} "
        f"(n = {len(known)})"
    )


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.0f}%"


def _said(calls: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """What the agent's side said in these calls."""
    return labels.filter(pl.col("role").is_in(_AGENT)).join(
        calls.select("call_id"), on="call_id", how="semi"
    )


def _per_call(said: pl.DataFrame) -> dict[str, int]:
    return dict(said.group_by("call_id").agg(pl.col("count").sum()).iter_rows())


def _values(measures: pl.DataFrame, measure: str, column: str) -> dict[str, float]:
    """A measure's value or count by call, where it is known."""
    kept = measures.filter(pl.col("measure") == measure).drop_nulls(column)
    return {call: float(value) for call, value in kept.select("call_id", column).iter_rows()}
