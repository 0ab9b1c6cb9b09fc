"""How likely a decision is to be overruled, from readings that people made."""

import pytest

from callqa.evidence import doubt
from callqa.records import CriterionResult

TABLE = {
    ("unit", "1", "evidenced"): (18.0, 20.0),
    ("*", "3", "evidenced"): (8.0, 98.0),
    ("*", "0", "evidenced"): (48.0, 98.0),
}


@pytest.fixture(autouse=True)
def _table(monkeypatch):
    monkeypatch.setattr(doubt, "_table", lambda: TABLE)


def result(criterion="1", status="evidenced", confidence=0.9):
    return CriterionResult(
        id="r", criteria="unit", criteria_hash="h", criterion=criterion, group="g", title="t",
        criterion_class="audio", participant="p1", status=status, confidence=confidence, why="w",
    )  # fmt: skip


def test_a_criterion_is_as_doubtful_as_people_found_it():
    assert doubt.doubt(result()) == pytest.approx((18 + 4 * 0.09) / 24)


def test_one_that_was_never_read_leans_on_its_status_and_confidence():
    assert doubt.doubt(result("new")) == pytest.approx(0.09)
    assert doubt.doubt(result("new", confidence=0.4)) == pytest.approx(0.49)


def test_what_nobody_ever_read_is_even():
    assert doubt.doubt(result("new", "partly", None)) == pytest.approx(0.5)


def test_what_the_machine_does_not_decide_is_not_doubted():
    assert doubt.doubt(result(status="not_assessable", confidence=None)) == 0


def test_expected_errors_add_up():
    assert doubt.expected_errors([result("new"), result("new")]) == pytest.approx(0.18)
