"""How likely a person is to decide otherwise than the machine, from how people decided before.

``doubts.csv`` holds, for each criterion and status that the machine proposed, how many readings a
person made and how many of them came out otherwise (``python -m benchmarks.judging --write``). A
criterion that was seldom proposed so leans on all criteria of that status and confidence
(empirical Bayes: Efron & Morris 1975): with few readings of its own it is as doubtful as they are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from callqa.records import CriterionResult

EVERY = "*"  # in the table: all criteria together, by status and band of confidence
BANDS = (0.55, 0.7, 0.85)  # confidence below the first is band 0, and so on
_LEANS = 4.0  # readings of all criteria together that count beside a criterion's own
_DECIDED = frozenset({"evidenced", "partly", "contradicted", "not_evidenced", "not_applicable"})
_EVEN = (1.0, 2.0)  # otherwise, of readings, where nothing is known

Key = tuple[str, str, str]  # set or EVERY, criterion or band, status


def band(confidence: float | None) -> str:
    """Which band a confidence is in; one of its own where there is none."""
    return "none" if confidence is None else str(sum(confidence >= b for b in BANDS))


def keys(result: CriterionResult) -> tuple[Key, Key]:
    """A result's own row of the table, and the row of all criteria that it leans on."""
    own = (result.criteria, result.criterion, result.status)
    return own, (EVERY, band(result.confidence), result.status)


def doubt(result: CriterionResult) -> float:
    """The chance that a person decides otherwise; 0 where the machine does not decide."""
    if result.status not in _DECIDED:
        return 0.0
    table = _table()
    own, every = (table.get(key, (0.0, 0.0)) for key in keys(result))
    shared = (every[0] + _EVEN[0]) / (every[1] + _EVEN[1])
    return (own[0] + _LEANS * shared) / (own[1] + _LEANS)


def expected_errors(results: Iterable[CriterionResult]) -> float:
    """How many of a call's results a person is expected to decide otherwise."""
    return sum(map(doubt, results))


@cache
def _table() -> dict[Key, tuple[float, float]]:
    """(set, criterion, status) → how many came out otherwise, of how many."""
    text = files("callqa.evidence").joinpath("doubts.csv").read_text("utf-8")
    return {
        (r["criteria"], r["criterion"], r["status"]): (float(r["otherwise"]), float(r["readings"]))
        for r in csv.DictReader(text.splitlines())
    }
