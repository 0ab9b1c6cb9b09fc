"""Figures of an agent and a period: those that calls can show, beside those that people enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import polars as pl

from callqa.requirements import Computed

MINIMUM = 10  # calls below which no figure is shown: one call would move it too far
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Calls:
    """Conversations of one agent in one period; frames as ``callqa.store.frames`` gives them.

    ``calls`` has a row a call (call_id); ``labels`` call_id, role, label, count; ``measures``
    call_id, measure, value; ``results`` call_id, criteria, status.
    """

    calls: pl.DataFrame
    labels: pl.DataFrame
    measures: pl.DataFrame
    results: pl.DataFrame


@dataclass(frozen=True)
class Figure:
    """A value with its 95% interval; both None where fewer than the minimum of calls count."""

    value: float | None
    low: float | None
    high: float | None
    n: int  # calls that it rests on
    unit: str  # "share", or the measure's name


def figure(what: Computed, calls: Calls, minimum: int = MINIMUM) -> Figure:
    """A computed figure, or the count alone where there are too few calls."""
    if what.median is not None:
        return _median(what.median, calls, minimum)
    if what.free_of is not None:
        return _free_of(what.free_of, calls, minimum)
    pool = _ids(calls.calls)
    if what.of:
        pool &= _with(calls.labels, what.of, what.of_by)
    hits = pool & _with(calls.labels, what.share, what.by)
    return share(len(hits), len(pool), minimum)


def share(k: int, n: int, minimum: int = MINIMUM) -> Figure:
    """k of n with Wilson's 95% interval (Wilson 1927, JASA 22:209–212)."""
    if n < max(1, minimum):
        return Figure(None, None, None, n, "share")
    p, z2 = k / n, _Z * _Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)) ** 0.5
    return Figure(p, max(0.0, middle - half), min(1.0, middle + half), n, "share")


def _median(measure: str, calls: Calls, minimum: int) -> Figure:
    """The median with its exact order-statistic interval (David & Nagaraja 2003, ch. 7.1)."""
    rows = calls.measures.filter(pl.col("measure") == measure)
    values = sorted(rows.filter(pl.col("call_id").is_in(list(_ids(calls.calls))))["value"])
    n = len(values)
    if n < max(1, minimum):
        return Figure(None, None, None, n, measure)
    from scipy.stats import binom

    below = int(binom.ppf(0.025, n, 0.5))
    low = values[max(0, below - 1)]
    high = values[min(n - 1, n - below)]
    middle = (values[(n - 1) // 2] + values[n // 2]) / 2
    return Figure(middle, low, high, n, measure)


def _free_of(criteria: str, calls: Calls, minimum: int) -> Figure:
    mine = calls.results.filter(
        (pl.col("criteria") == criteria) & pl.col("call_id").is_in(list(_ids(calls.calls)))
    )
    looked_at = mine.filter(~pl.col("status").is_in(["not_applicable", "not_assessable"]))
    pool = _ids(looked_at)
    against = _ids(mine.filter(pl.col("status") == "contradicted"))
    return share(len(pool - against), len(pool), minimum)


def _ids(frame: pl.DataFrame) -> set[str]:
    return set(frame["call_id"])


def _with(labels: pl.DataFrame, wanted: Sequence[str], role: str) -> set[str]:
    return _ids(labels.filter((pl.col("role") == role) & pl.col("label").is_in(list(wanted))))
