"""Precision, recall, F1, their intervals, and κ, on cases small enough to know."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.understanding.calibration import bins, expected_error
from benchmarks.understanding.figures import figure, folds_f1, kappa


def counts(*calls: tuple[int, int, int]) -> np.ndarray:
    return np.array(calls, dtype=np.int64)


def test_the_point_is_that_of_all_calls_together() -> None:
    f = figure(counts((3, 1, 0), (1, 0, 2)))
    assert (f.tp, f.fp, f.fn) == (4, 1, 2)
    assert f.precision == pytest.approx(4 / 5)
    assert f.recall == pytest.approx(4 / 6)
    assert f.f1 == pytest.approx(8 / 11)


def test_calls_that_are_all_alike_leave_no_doubt() -> None:
    f = figure(counts(*[(3, 1, 1)] * 12))
    assert f.f1_interval == pytest.approx((0.75, 0.75))


def test_whole_calls_are_drawn_not_turns() -> None:
    """Two calls, one all found and one all missed: one draw in four holds the same one twice."""
    f = figure(counts((500, 0, 0), (0, 0, 500)))
    assert f.recall == 0.5
    assert f.recall_interval == (0.0, 1.0)
    assert f.precision_interval == (0.0, 1.0)  # a draw without any detection


def test_the_interval_is_the_binomial_one_where_each_call_has_one_turn() -> None:
    f = figure(counts(*[(1, 0, 0)] * 80, *[(0, 0, 1)] * 20))
    spread = 1.96 * math.sqrt(0.8 * 0.2 / 100)
    assert f.recall_interval == pytest.approx((0.8 - spread, 0.8 + spread), abs=0.015)


def test_nothing_to_find_and_nothing_found_is_zero_and_no_fault() -> None:
    assert figure(counts((0, 0, 0))).f1 == 0.0


def test_folds_are_scored_apart() -> None:
    values = folds_f1(counts((1, 0, 0), (0, 1, 1), (1, 0, 0)), np.array([0, 1, 0]))
    assert values.tolist() == [1.0, 0.0]


def test_kappa_of_a_textbook_table() -> None:
    """Both yes 20, first only 5, second only 10, both no 15: 0.70 seen, 0.50 by chance."""
    first = [True] * 25 + [False] * 25
    second = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert kappa(first, second) == pytest.approx(0.4)
    assert kappa(first, first) == 1.0


def test_kappa_without_variety_is_unknown() -> None:
    assert math.isnan(kappa([True, True], [True, True]))
    assert math.isnan(kappa([], []))


def test_confidence_that_is_kept_has_no_error() -> None:
    sure = np.full(10, 0.8)
    right = np.array([1.0] * 8 + [0.0] * 2)
    assert expected_error(sure, right) == pytest.approx(0.0)
    assert expected_error(sure, np.ones(10)) == pytest.approx(0.2)


def test_full_confidence_falls_in_the_last_bin() -> None:
    (last,) = bins(np.array([1.0, 0.95]), np.array([1.0, 0.0]))
    assert (last.low, last.count, last.precision) == (0.9, 2, 0.5)
