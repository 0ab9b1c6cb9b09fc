"""Daily sums as tables for people: criteria and kinds of call by month, each with its count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from callqa.evidence.aggregates import ASSESSED, LEFT_OUT, UNTOLD, Days, case_mix, rates
from callqa.evidence.situations import TYPES
from callqa.records import Status
from callqa.report import names
from callqa.report.wording import length, plural

MONTHS = 6  # the latest ones that a table has room for
_STATUSES: tuple[Status, ...] = (*ASSESSED, "not_applicable", "not_assessable")
Row = dict[str, Any]
Cell = tuple[str, str]  # what stands in it, and in small below that: interval, count
_NONE: Cell = ("–", "")


@dataclass(frozen=True)
class Table:
    """A table: its title, the heads of its columns, and rows of a name and their cells."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class SetTables:
    """A criteria set: shares by month, and counts of every status."""

    shares: Table
    counts: Table


@dataclass(frozen=True)
class Cases:
    """What the calls were, over all days and for the latest months with any."""

    months: tuple[date, ...]
    table: Table | None  # None without a conversation
    left_out: str  # in words; empty where nothing was left out


def cases(days: Days) -> Cases:
    """The case mix of the calls that are given."""
    mix, mixes = case_mix(days), case_mix(days, period="month")
    seen = mixes.filter(pl.col("period").is_not_null() & (pl.col("conversations") > 0))
    months = tuple(seen["period"].to_list()[-MONTHS:])
    whole = mix.to_dicts()[0] if mix.height else {}
    table = _cases(whole, _by_month(mixes), months) if whole.get("conversations") else None
    return Cases(months, table, _left_out(whole))


def criteria_tables(days: Days, months: Sequence[date]) -> tuple[SetTables, ...]:
    """Tables of every criteria set in which something was assessed, for these months."""
    all_in_all = rates(days)
    shown = all_in_all.filter(pl.col("assessed") > 0)
    monthly = _by_month(rates(days, period="month"), "criteria", "criterion")
    found = []
    for criteria in shown["criteria"].unique(maintain_order=True):
        rows = shown.filter(pl.col("criteria") == criteria).to_dicts()
        order = {key: n for n, key in enumerate(days.titles)}
        rows.sort(key=lambda r: order.get((r["criteria"], r["criterion"]), len(order)))
        title = names.set_name(criteria)
        shares = Table(
            title,
            ("Evidenced, partly, contradicted", "Evidenced", *map(_month, months)),
            tuple(
                (
                    _titled(r, days),
                    (
                        _counted(r),
                        _rate(r),
                        *(_rate(monthly.get((m, criteria, r["criterion"]))) for m in months),
                    ),
                )
                for r in rows
            ),
        )
        counts = Table(
            f"{title}: counts",
            (*(names.STATUSES[s] for s in _STATUSES), "Decided by people", "Changed since"),
            tuple(
                (_titled(r, days), tuple((str(r[c]), "") for c in (*_STATUSES, "decided", "stale")))
                for r in rows
            ),
        )
        found.append(SetTables(shares, counts))
    return tuple(found)


def _cases(whole: Row, monthly: dict[tuple[Any, ...], Row], months: Sequence[date]) -> Table:
    columns = [whole, *(monthly[(m,)] for m in months)]
    timed = whole["mean_length_s"] is not None

    def row(name: str, cell: Callable[[Row], Cell]) -> tuple[str, tuple[Cell, ...]]:
        return name, tuple(cell(c) for c in columns)

    return Table(
        "What the calls were about",
        ("All", *map(_month, months)),
        (
            row("Whole conversations", lambda c: (str(c["conversations"]), "")),
            row("Share with a complaint", lambda c: _share(c, "complaint_share", "conversations")),
            *([row("Mean length", lambda c: _length(c["mean_length_s"]))] if timed else []),
            *(
                row(names.situation_name(kind), lambda c, kind=kind: (str(c[kind]), ""))  # type: ignore[misc]
                for kind in (*TYPES, UNTOLD)
                if whole[kind]
            ),
        ),
    )


def _left_out(whole: Row) -> str:
    """What stays out of every figure, and why."""
    reasons = [(names.LEFT_OUT[why], whole.get(why, 0)) for why in LEFT_OUT]
    told = ", ".join(f"{n} {what}" for what, n in reasons if n)
    return f"Left out: {plural(whole['left_out'], 'call')} ({told})." if told else ""


def _by_month(frame: pl.DataFrame, *more: str) -> dict[tuple[Any, ...], Row]:
    return {tuple(r[k] for k in ("period", *more)): r for r in frame.to_dicts()}


def _titled(row: Row, days: Days) -> str:
    title = days.titles.get((row["criteria"], row["criterion"]), "")
    return f"{row['criterion']} {title}".strip()


def _counted(row: Row) -> Cell:
    """The counts behind a share; a recording can show some criteria only in part."""
    counts = ", ".join(str(row[s]) for s in ("evidenced", "partly", "contradicted"))
    return counts, f"of {row['assessed']}"


def _rate(row: Row | None) -> Cell:
    return _NONE if row is None else _share(row, "rate", "assessed")


def _share(row: Row, value: str, of: str) -> Cell:
    """A share with its interval and count, or why there is none."""
    n = row[of]
    if row[value] is None:
        return ("too few", f"n = {n}") if n else _NONE
    return f"{row[value]:.0%}", f"{100 * row['low']:.0f}–{row['high']:.0%} of {n}"


def _length(seconds: float | None) -> Cell:
    return _NONE if seconds is None else (length(seconds), "")


def _month(first: date) -> str:
    return f"{first:%b %Y}"
