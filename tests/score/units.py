"""Scoring a call made by hand against the units that are shipped."""

from functools import cache
from pathlib import Path

from callqa.profile import Profile
from callqa.records import CallRecord, CriterionResult
from callqa.score import CriteriaSet, ScoreInput, chosen_sets, load_criteria, score
from tests.builders import LABELS

CRITERIA = Path(__file__).resolve().parents[2] / "criteria"


@cache
def units() -> tuple[CriteriaSet, ...]:
    return tuple(chosen_sets(load_criteria(CRITERIA, LABELS)))


@cache
def unit(id: str) -> CriteriaSet:
    (one,) = load_criteria(CRITERIA, LABELS, [id])
    return one


def results(record: CallRecord, profile: Profile | None = None) -> list[CriterionResult]:
    return score(ScoreInput.of(record), units(), profile or Profile())


def result(
    record: CallRecord, criterion: str, participant: str = "agent", of: str | None = None
) -> CriterionResult:
    """The result of one criterion: “1a” is SQA's, “7.8” NOCN's; ``of`` names another set."""
    sets = (unit(of),) if of else units()
    found = [
        r
        for r in score(ScoreInput.of(record), sets, Profile())
        if r.criterion == criterion and r.participant == participant
    ]
    assert len(found) == 1, f"{criterion} for {participant}: {len(found)} results"
    return found[0]
