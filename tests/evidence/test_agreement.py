"""Agreement beyond chance, against published worked examples."""

import random

import pytest

from callqa.evidence.agreement import Pair, agreement, by_criterion, drift


def table(cells, at=""):
    """Pairs from a table: rows are the first judge's levels, columns the second's."""
    return [
        Pair("1a", str(i), str(j), at)
        for i, row in enumerate(cells)
        for j, count in enumerate(row)
        for _ in range(count)
    ]


# Gwet, Handbook of Inter-Rater Reliability (2014), 100 ectopic pregnancies by two abstractors; the
# figures as in the vignette of Gwet's R package irrCAC 1.0 (CRAN), data cont3x3abstractors.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def test_a_published_example_with_three_levels():
    found = agreement(table(ABSTRACTORS))
    assert found.n == 100
    assert found.observed.value == pytest.approx(0.89)
    assert found.kappa.value == pytest.approx(0.7964094, abs=1e-7)
    assert (found.kappa.low, found.kappa.high) == pytest.approx((0.680, 0.913), abs=0.003)
    assert found.ac1.value == pytest.approx(0.8493305, abs=1e-7)
    assert (found.ac1.low, found.ac1.high) == pytest.approx((0.764, 0.935), abs=0.002)


def test_where_almost_all_have_one_level_kappa_falls_and_ac1_does_not():
    # Gwet 2002, “Kappa statistic is not satisfactory for assessing the extent of agreement between
    # raters”, Statistical Methods for Inter-Rater Reliability Assessment 1:1–5: 118, 5, 2, 0.
    found = agreement(table([[118, 5], [2, 0]]))
    assert found.observed.value == pytest.approx(0.944)
    assert found.kappa.value == pytest.approx(-0.0234, abs=5e-5)
    assert found.ac1.value == pytest.approx(0.9408, abs=5e-5)
    assert found.prevalence == pytest.approx({"0": 0.972, "1": 0.028})


def test_judges_who_always_agree():
    found = agreement(table([[5, 0], [0, 5]]))
    assert (found.kappa.value, found.ac1.value) == (1.0, 1.0)


def test_no_interval_claims_certainty():
    """Without any spread the large-sample variance is zero, and says nothing."""
    always = agreement(table([[5, 0], [0, 5]]))
    assert (always.kappa.low, always.ac1.low) == (None, None)
    assert always.observed.low < 0.8
    one_sided = agreement(table([[1, 0], [2, 0]]))  # the second judge gave one level throughout
    assert (one_sided.kappa.value, one_sided.kappa.low) == (0.0, None)


def test_the_intervals_hold_the_truth_about_as_often_as_they_say():
    """By simulation: 400 times 100 pairs from a known table (no published one is needed)."""
    shares = [[0.55, 0.05, 0.02], [0.06, 0.17, 0.03], [0.01, 0.03, 0.08]]
    cells = [(i, j) for i in range(3) for j in range(3)]
    weights = [shares[i][j] for i, j in cells]
    same = sum(shares[i][i] for i in range(3))
    rows = [sum(shares[i]) for i in range(3)]
    columns = [sum(r[j] for r in shares) for j in range(3)]
    by_chance = sum(a * b for a, b in zip(rows, columns, strict=True))
    kappa = (same - by_chance) / (1 - by_chance)
    middle = [(a + b) / 2 for a, b in zip(rows, columns, strict=True)]
    chance = sum(p * (1 - p) for p in middle) / 2
    ac1 = (same - chance) / (1 - chance)
    inside = {"kappa": 0, "ac1": 0}
    draw = random.Random(20250304)
    for _ in range(400):
        some = draw.choices(cells, weights, k=100)
        found = agreement([Pair("1a", str(i), str(j)) for i, j in some])
        inside["kappa"] += found.kappa.low <= kappa <= found.kappa.high
        inside["ac1"] += found.ac1.low <= ac1 <= found.ac1.high
    assert all(368 <= n <= 394 for n in inside.values()), inside  # 92% to 98.5%


def test_one_level_throughout_leaves_kappa_without_a_meaning():
    found = agreement(table([[9]]))
    assert found.kappa.value is None
    assert found.ac1.value == 1.0
    assert found.prevalence == {"0": 1.0}


def test_no_pairs_give_no_figures():
    found = agreement([])
    assert (found.n, found.observed.value, found.kappa.value, found.ac1.value) == (
        0, None, None, None,
    )  # fmt: skip


def test_a_single_pair_has_no_interval_of_ac1():
    found = agreement([Pair("1a", "yes", "no")])
    assert found.ac1.value == -1.0
    assert found.ac1.low is None


def test_the_interval_narrows_with_more_pairs():
    few, many = agreement(table(ABSTRACTORS)), agreement(table(ABSTRACTORS) * 9)
    assert many.kappa.high - many.kappa.low == pytest.approx(
        (few.kappa.high - few.kappa.low) / 3, rel=1e-6
    )


def test_each_criterion_by_itself():
    pairs = [Pair("1a", "yes", "yes"), Pair("1b", "yes", "no"), Pair("1a", "no", "no")]
    found = by_criterion(pairs)
    assert [(c, a.n, a.observed.value) for c, a in found.items()] == [
        ("1a", 2, 1.0), ("1b", 1, 0.0),
    ]  # fmt: skip


def test_drift_is_clear_only_when_the_interval_says_so():
    steady = table([[45, 5], [5, 45]], at="2024-01-10") + table([[44, 6], [5, 45]], at="2024-02-03")
    worse = table([[25, 25], [25, 25]], at="2024-03-01")
    first, second, third = drift(steady + worse)
    assert (first.period, first.change.value, first.is_clear) == ("2024-01", None, False)
    assert not second.is_clear
    assert third.is_clear
    assert third.change.value == pytest.approx(0.5 - 0.895)
    assert third.change.low < third.change.value < third.change.high < 0


def test_newcombes_published_example():
    # Newcombe 1998, table II (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    before = table([[48, 32]], at="2023")
    now = table([[56, 14]], at="2024")
    _, then = drift(before + now, period=4)
    assert (then.change.low, then.change.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
