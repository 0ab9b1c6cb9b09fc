"""Detections → criterion results: criteria as data, in a closed rule language."""

from callqa.score.criteria import CriteriaSet, Criterion, Group, chosen_sets, load_criteria
from callqa.score.heard import ScoreInput
from callqa.score.scoring import score, totals

__all__ = [
    "CriteriaSet",
    "Criterion",
    "Group",
    "ScoreInput",
    "chosen_sets",
    "load_criteria",
    "score",
    "totals",
]
