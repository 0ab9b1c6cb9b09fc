"""Figures over calls: counted, with an interval, and held back where calls are few."""

import polars as pl
import pytest
from scipy.stats import binomtest

from callqa.evidence.figures import Calls, figure, share
from callqa.requirements import Computed


def calls(n, labels=(), measures=(), results=()):
    return Calls(
        calls=pl.DataFrame({"call_id": [f"c{i}" for i in range(n)]}),
        labels=pl.DataFrame(
            labels, schema=["call_id", "role", "label", "count"], orient="row"
        ).cast({"count": pl.Int64, "call_id": pl.String, "role": pl.String, "label": pl.String}),
        measures=pl.DataFrame(
            measures, schema={"call_id": pl.String, "measure": pl.String, "value": pl.Float64},
            orient="row",
        ),
        results=pl.DataFrame(
            results, schema={"call_id": pl.String, "criteria": pl.String, "status": pl.String},
            orient="row",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(("k", "n"), [(0, 12), (7, 20), (20, 20)])
def test_a_share_has_wilsons_interval(k, n):
    found = share(k, n)
    wanted = binomtest(k, n).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilsons_interval_is_the_published_one(k, n, low, high):
    """Newcombe 1998, Statistics in Medicine 17:857–872, table I, method 3."""
    found = share(k, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00006)


def test_a_share_counts_calls_not_moments_and_only_the_right_voice():
    what = Computed(share=("question.probing",))
    labels = [
        ("c0", "agent", "question.probing", 5),
        ("c1", "customer", "question.probing", 1),
        ("c99", "agent", "question.probing", 1),
    ]
    found = figure(what, calls(10, labels))
    assert (found.value, found.n) == (0.1, 10)


def test_only_calls_of_a_kind():
    what = Computed(share=("positive.solution",), of=("complaint.stated",))
    labels = [("c0", "customer", "complaint.stated", 1), ("c1", "agent", "positive.solution", 1)]
    assert figure(what, calls(10, labels), minimum=1).n == 1
    assert figure(what, calls(10, labels), minimum=1).value == 0.0
    assert figure(what, calls(10, labels)).value is None


def test_a_median_with_its_order_statistic_interval():
    values = [(f"c{i}", "duration_s", float(i)) for i in range(1, 21)]
    found = figure(Computed(median="duration_s"), calls(30, measures=values))
    # Of 20 values the 6th and the 15th bound the median with at least 95%.
    assert (found.value, found.low, found.high, found.n) == (10.5, 6.0, 15.0, 20)


def test_too_few_calls_give_a_count_and_no_figure():
    found = figure(Computed(median="duration_s"), calls(3, measures=[("c1", "duration_s", 9.0)]))
    assert (found.value, found.low, found.n) == (None, None, 1)


def test_free_of_contradictions_among_calls_that_called_for_it():
    rows = [("c0", "w", "contradicted"), ("c0", "w", "evidenced"), ("c1", "w", "not_evidenced"),
            ("c2", "w", "not_applicable"), ("c3", "other", "contradicted")]  # fmt: skip
    found = figure(Computed(free_of="w"), calls(5, results=rows), minimum=1)
    assert (found.value, found.n) == (0.5, 2)


@pytest.mark.parametrize("given", [{}, {"median": "duration_s", "free_of": "w"}])
def test_a_figure_is_of_exactly_one_kind(given):
    with pytest.raises(ValueError, match="exactly one"):
        Computed(**given)
