"""Precision, recall and F1 with bootstrap intervals, and the agreement of two passes.

Counts come call by call, as an array of shape (calls, 3): true positives, false positives, false
negatives. A call is the unit that is resampled, because turns of one call are not independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
Counts = NDArray[np.int64]
Values = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Figure:
    """Precision, recall and F1 with their 95% intervals, and what they rest on."""

    precision: float
    recall: float
    f1: float
    precision_interval: Interval
    recall_interval: Interval
    f1_interval: Interval
    tp: int
    fp: int
    fn: int


def prf(counts: NDArray[np.generic]) -> tuple[Values, Values, Values]:
    """Precision, recall and F1 of counts of shape (…, 3); 0 where there is nothing to divide by.

    >>> [float(x) for x in prf(np.array([3, 1, 0]))]
    [0.75, 1.0, 0.8571428571428571]
    """
    tp, fp, fn = (counts[..., i].astype(float) for i in range(3))
    return _ratio(tp, tp + fp), _ratio(tp, tp + fn), _ratio(2 * tp, 2 * tp + fp + fn)


def _ratio(part: Values, whole: Values) -> Values:
    return np.where(whole > 0, part / np.maximum(whole, 1), 0.0)


@lru_cache(maxsize=16)
def _draws(calls: int) -> NDArray[np.int64]:
    """How often each call is drawn in each resample, shape (RESAMPLES, calls)."""
    return np.random.default_rng(1).multinomial(calls, np.full(calls, 1 / calls), size=RESAMPLES)


def figure(counts: Counts) -> Figure:
    """The figure of one label from its counts by call, shape (calls, 3)."""
    total = counts.sum(axis=0)
    precision, recall, f1 = (float(x) for x in prf(total))
    drawn = [interval(values) for values in prf(_draws(len(counts)) @ counts)]
    tp, fp, fn = (int(x) for x in total)
    return Figure(precision, recall, f1, drawn[0], drawn[1], drawn[2], tp, fp, fn)


def interval(values: Values) -> Interval:
    """The middle 95% of values."""
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def folds_f1(counts: Counts, fold: NDArray[np.int64]) -> Values:
    """F1 of each fold, where ``fold`` numbers each call's fold."""
    return np.array([prf(counts[fold == k].sum(axis=0))[2] for k in np.unique(fold)])


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Cohen's κ of one yes-or-no label in two passes; NaN when both always say the same thing.

    >>> kappa([True, True, False, False], [True, False, False, False])
    0.5
    """
    a, b = np.array(first, dtype=bool), np.array(second, dtype=bool)
    if not len(a):
        return float("nan")
    observed = float((a == b).mean())
    expected = float(a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean()))
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")
