"""Figures of agents, teams and periods from daily sums: counts, shares with intervals, case mix.

Unit is an agent's part in a call: a call that two agents take part in counts once for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import polars as pl

from callqa.evidence.figures import MINIMUM, share
from callqa.evidence.situations import COMPLAINT, TYPES
from callqa.evidence.tallies import COUNTED, STALE, Sort
from callqa.records import STATUSES, Status

Period = Literal["day", "week", "month"]
Who = Literal["agent", "team"]
Voice = Literal["standing", "proposed"]
Meanings = Mapping[tuple[str, str], Status]  # of a level that a person may enter, by set
ASSESSED: tuple[Status, ...] = ("evidenced", "partly", "contradicted", "not_evidenced")
LEFT_OUT: tuple[Sort, ...] = tuple(s for s in get_args(Sort) if s != COUNTED)
UNTOLD = "untold"  # the words do not tell what a call is about
_EVERY = {"day": "1d", "week": "1w", "month": "1mo"}


@dataclass(frozen=True)
class Days:
    """Sums by day as ``callqa.store.days`` gives them; ``day`` is null where it is unknown.

    ``calls``: agent, team, day, sort, situation, calls, timed, length_ms (of the ``timed``).
    ``marks``: agent, team, day, criteria, criterion, decided (see ``tallies.Mark``), and how many
    results the machine proposes of each status.
    ``agent`` and ``team`` are empty where unknown, and absent where they were summed away.
    ``titles`` are of criteria, by criteria set and id; ``meanings`` say which status a level
    stands for, by criteria set and level.
    """

    calls: pl.DataFrame
    marks: pl.DataFrame
    titles: Mapping[tuple[str, str], str] = field(default_factory=dict)
    meanings: Meanings = field(default_factory=dict)

    def of(self, agent: str) -> Days:
        """One agent's days."""
        own = pl.col("agent") == agent
        calls, marks = self.calls.filter(own), self.marks.filter(own)
        return Days(calls, marks, self.titles, self.meanings)


def decided_status(meanings: Meanings) -> pl.Expr:
    """A person's decision as a status; null where there is none, or none that can be read so."""
    said = pl.when(pl.col("decided").is_in(STATUSES)).then(pl.col("decided"))
    for (criteria, level), status in meanings.items():
        meant = (pl.col("criteria") == criteria) & (pl.col("decided") == level)
        said = said.when(meant).then(pl.lit(status))  # type: ignore[assignment]
    return said.otherwise(None)


def rates(
    days: Days,
    *,
    by: Sequence[Who] = (),
    period: Period | None = None,
    voice: Voice = "standing",
    minimum: int = MINIMUM,
) -> pl.DataFrame:
    """A row a criterion, and whatever ``by`` and ``period`` tell apart, in their order.

    Args:
        period: None adds up all days; otherwise the column ``period`` holds its first day, a
            Monday or the first of a month, and null for calls whose day is unknown.
        voice: ``standing`` counts a person's decision where there is one and the proposal where
            there is none; ``proposed`` counts what the machine proposes.

    Returns:
        the columns of ``by``, ``period``, criteria, criterion, a count by status, ``assessed``
        (neither not_applicable nor not_assessable), ``rate`` (evidenced of assessed) with the
        bounds ``low`` and ``high`` of Wilson's 95% interval, null with fewer than ``minimum``
        assessed; ``decided`` by people, and ``stale``: judged, but changed since.
    """
    keys = [*by, *(["period"] if period else []), "criteria", "criterion"]
    marks = _in_periods(days.marks, period).with_columns(
        pl.sum_horizontal(STATUSES).alias("results"),
        said=decided_status(days.meanings) if voice == "standing" else pl.lit(None, pl.String),
    )
    n, said, judged = pl.col("results"), pl.col("said"), ~pl.col("decided").is_in(["", STALE])
    counted = (
        marks.group_by(keys)
        .agg(
            *((pl.col(s).filter(said.is_null()).sum() + n.filter(said == s).sum()).alias(s)
              for s in STATUSES),
            n.filter(judged).sum().alias("decided"),
            n.filter(pl.col("decided") == STALE).sum().alias("stale"),
        )
        .with_columns(pl.sum_horizontal(ASSESSED).alias("assessed"))
        .sort(keys)
    )  # fmt: skip
    return counted.with_columns(*_shares(counted["evidenced"], counted["assessed"], minimum))


def case_mix(
    days: Days,
    *,
    by: Sequence[Who] = (),
    period: Period | None = None,
    minimum: int = MINIMUM,
) -> pl.DataFrame:
    """What the calls were that figures rest on, and what was left out; keys as for ``rates``.

    Returns:
        the columns of ``by``, ``period``, ``conversations`` (whole and in English: they count),
        how many of each type of situation, ``untold``, ``complaint_share`` with ``low`` and
        ``high``, ``mean_length_s`` (null with fewer than ``minimum``), and how many calls were
        left out for each reason, ``left_out`` together.
    """
    keys = [*by, *(["period"] if period else [])]
    n, counts = pl.col("calls"), pl.col("sort") == COUNTED
    about = pl.col("situation")
    grouped = _in_periods(days.calls, period).with_columns(all=pl.lit(0)).group_by(keys or ["all"])
    mix = grouped.agg(
        n.filter(counts).sum().alias("conversations"),
        *(n.filter(counts & (about == kind)).sum().alias(kind) for kind in TYPES),
        n.filter(counts & ~about.is_in(TYPES)).sum().alias(UNTOLD),
        pl.col("timed").filter(counts).sum(),
        pl.col("length_ms").filter(counts).sum(),
        n.filter(~counts).sum().alias("left_out"),
        *(n.filter(pl.col("sort") == why).sum().alias(why) for why in LEFT_OUT),
    ).sort(keys or ["all"])
    mean = pl.col("length_ms") / pl.col("timed") / 1000
    return mix.with_columns(
        pl.when(pl.col("timed") >= max(1, minimum)).then(mean).alias("mean_length_s"),
        *(s.alias("complaint_share") if s.name == "rate" else s
          for s in _shares(mix[COMPLAINT], mix["conversations"], minimum)),
    ).drop("timed", "length_ms", *(["all"] if not keys else []))  # fmt: skip


def _in_periods(frame: pl.DataFrame, period: Period | None) -> pl.DataFrame:
    if period is None:
        return frame
    return frame.with_columns(pl.col("day").dt.truncate(_EVERY[period]).alias("period"))


def _shares(k: pl.Series, n: pl.Series, minimum: int) -> list[pl.Series]:
    found = [share(a, b, minimum) for a, b in zip(k, n, strict=True)]
    return [
        pl.Series("rate", [f.value for f in found], dtype=pl.Float64),
        pl.Series("low", [f.low for f in found], dtype=pl.Float64),
        pl.Series("high", [f.high for f in found], dtype=pl.Float64),
    ]
