"""From judgements to pairs of levels: a person beside the machine, and two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import get_args

from callqa.evidence.agreement import Pair
from callqa.records import Judgement, Status

SHOWN, NOT_SHOWN = "shown", "not shown"
_STATUSES = frozenset(get_args(Status))
_ASIDE = frozenset({"not_applicable", "not_assessable"})

Result = tuple[str, str, str, str]  # call, criteria set, criterion, participant


def beside_machine(
    judgements: Iterable[Judgement], enough: Mapping[str, frozenset[str]]
) -> list[Pair]:
    """Each person's latest word on a result (first) and what was proposed there (second).

    Results for which the machine proposed nothing are left out. Where people judged a criterion
    in words of its set's scale, both sides are told as shown or not shown.

    Args:
        enough: by criteria set, the levels of its scale that count as shown.
    """
    pairs = [
        Pair(_name(j), j.level, j.proposed, j.at)
        for people in latest(judgements).values()
        for j in people.values()
        if j.proposed != "not_assessable"
    ]
    return _alike(pairs, enough)


def among_people(
    judgements: Iterable[Judgement], enough: Mapping[str, frozenset[str]]
) -> list[Pair]:
    """Every two people's latest words on one result, in the order of their names.

    Where one judged by status and another in words of the scale, both are told as shown or not.
    """
    pairs = []
    for people in latest(judgements).values():
        for one, other in combinations(sorted(people.values(), key=lambda j: j.by), 2):
            at = max(one.at, other.at)
            pairs.append(Pair(_name(one), one.level, other.level, at))
    return _alike(pairs, enough)


def latest(judgements: Iterable[Judgement]) -> dict[Result, dict[str, Judgement]]:
    """Each person's latest word on each result."""
    found: dict[Result, dict[str, Judgement]] = defaultdict(dict)
    for j in sorted(judgements, key=lambda j: j.at):
        found[j.call_id, j.criteria, j.criterion, j.participant][j.by] = j
    return found


def _name(j: Judgement) -> str:
    return f"{j.criteria} {j.criterion}"


def _alike(pairs: list[Pair], enough: Mapping[str, frozenset[str]]) -> list[Pair]:
    """Two vocabularies never meet within a criterion: a word of each would be disagreement."""
    words: dict[str, set[str]] = defaultdict(set)
    for p in pairs:
        words[p.criterion] |= {p.first, p.second}
    mixed = {c for c, w in words.items() if w & _STATUSES and w - _STATUSES}
    return [_folded(p, enough) if p.criterion in mixed else p for p in pairs]


def _folded(pair: Pair, enough: Mapping[str, frozenset[str]]) -> Pair:
    shown = enough.get(pair.criterion.split(" ")[0], frozenset()) | {"evidenced"}

    def fold(level: str) -> str:
        return level if level in _ASIDE else SHOWN if level in shown else NOT_SHOWN

    return replace(pair, first=fold(pair.first), second=fold(pair.second))
