"""How far two judges agree: people among themselves, and the machine beside them.

Raw agreement, Cohen's κ and Gwet's AC1, each with a 95% interval, beside the prevalence of every
level: κ is low where almost all calls have one level, however well judges agree; AC1 is not.
"""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan, sqrt

from callqa.evidence.figures import share

_Z = 1.959964


@dataclass(frozen=True)
class Pair:
    """Two judges' levels of one result. ``at`` is an ISO date, for drift."""

    criterion: str
    first: str
    second: str
    at: str = ""


@dataclass(frozen=True)
class Estimate:
    """A value from 1 (agreement) downwards with its 95% interval; None where it has no meaning."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Agreement:
    """How far two judges agree on n results."""

    n: int
    observed: Estimate
    kappa: Estimate
    ac1: Estimate
    prevalence: dict[str, float]  # of each level, over both judges


@dataclass(frozen=True)
class Drift:
    """Agreement of a period beside all periods before it."""

    period: str
    agreement: Agreement
    change: Estimate  # of observed agreement since before; None for the first period

    @property
    def is_clear(self) -> bool:
        """Whether the change's interval leaves zero out."""
        low, high = self.change.low, self.change.high
        return low is not None and high is not None and (low > 0 or high < 0)


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """Agreement over pairs of levels, which are names without an order.

    Interval of the observed share: Wilson 1927. Of κ: Fleiss, Cohen & Everitt 1969, Psychological
    Bulletin 72:323–327. Of AC1: Gwet 2008, British Journal of Mathematical and Statistical
    Psychology 61:29–48, as for subjects drawn from a large population.
    """
    levels = [(p.first, p.second) for p in pairs]
    n = len(levels)
    if not n:
        return Agreement(0, Estimate(None), Estimate(None), Estimate(None), {})
    agreed = share(sum(a == b for a, b in levels), n, minimum=1)
    counts = Counter(level for pair in levels for level in pair)
    return Agreement(
        n=n,
        observed=Estimate(agreed.value, agreed.low, agreed.high),
        kappa=_kappa(levels),
        ac1=_ac1(levels),
        prevalence={level: counts[level] / (2 * n) for level in sorted(counts)},
    )


def by_criterion(pairs: Iterable[Pair]) -> dict[str, Agreement]:
    """Agreement on each criterion."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.criterion].append(pair)
    return {c: agreement(group) for c, group in sorted(groups.items())}


def drift(pairs: Iterable[Pair], period: int = 7) -> list[Drift]:
    """Agreement period by period, each beside all before it.

    The change has Newcombe's hybrid score interval (1998, Statistics in Medicine 17:873–890,
    method 10).

    Args:
        period: characters of the date that make a period: 4 a year, 7 a month, 10 a day.
    """
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.at[:period]].append(pair)
    before: list[Pair] = []
    found = []
    for name, group in sorted(groups.items()):
        now = agreement(group)
        found.append(Drift(name, now, _change(now, agreement(before))))
        before += group
    return found


def _change(now: Agreement, before: Agreement) -> Estimate:
    p, q = now.observed, before.observed
    if p.value is None or q.value is None or p.low is None or q.low is None:
        return Estimate(None)
    assert p.high is not None
    assert q.high is not None
    down = sqrt((p.value - p.low) ** 2 + (q.high - q.value) ** 2)
    up = sqrt((p.high - p.value) ** 2 + (q.value - q.low) ** 2)
    difference = p.value - q.value
    return Estimate(difference, difference - down, difference + up)


# ---------------------------------------------------------------- beyond chance


def _kappa(levels: Sequence[tuple[str, str]]) -> Estimate:
    """Cohen's κ; None where both judges gave one and the same level throughout."""
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*levels, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of one level only: told as None below
        value = float(cohen_kappa_score(first, second))
    if isnan(value):
        return Estimate(None)
    n = len(levels)
    rows, columns = Counter(first), Counter(second)
    expected = sum(rows[k] * columns[k] for k in rows) / n**2
    cells = Counter(levels)
    same = sum(cells[k, k] / n * (1 - (rows[k] + columns[k]) / n * (1 - value)) ** 2 for k in rows)
    apart = (1 - value) ** 2 * sum(
        count / n * ((columns[a] + rows[b]) / n) ** 2 for (a, b), count in cells.items() if a != b
    )
    level = (value - expected * (1 - value)) ** 2
    variance = max(0.0, same + apart - level) / (n * (1 - expected) ** 2)
    return _with_interval(value, variance)


def _ac1(levels: Sequence[tuple[str, str]]) -> Estimate:
    """Gwet's AC1; 1 where one level was given throughout, and None for a single pair's interval."""
    n = len(levels)
    counts = Counter(level for pair in levels for level in pair)
    if len(counts) == 1:
        return Estimate(1.0)
    prevalence = {k: c / (2 * n) for k, c in counts.items()}
    spread = len(counts) - 1
    expected = sum(p * (1 - p) for p in prevalence.values()) / spread
    observed = sum(a == b for a, b in levels) / n
    value = (observed - expected) / (1 - expected)
    if n == 1:
        return Estimate(value)
    squares = 0.0
    for a, b in levels:
        own = ((a == b) - expected) / (1 - expected)
        chance = ((1 - prevalence[a]) + (1 - prevalence[b])) / 2 / spread
        squares += (own - 2 * (1 - value) * (chance - expected) / (1 - expected) - value) ** 2
    return _with_interval(value, squares / (n * (n - 1)))


def _with_interval(value: float, variance: float) -> Estimate:
    """No interval where the variance vanishes: it would claim certainty from a handful of pairs."""
    if variance < 1e-12:
        return Estimate(value)
    half = _Z * sqrt(variance)
    return Estimate(value, max(-1.0, value - half), min(1.0, value + half))
