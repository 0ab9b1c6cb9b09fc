"""Criterion results: what the machine proposes for each assessed participant of a call."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from callqa.profile import Profile
from callqa.records import (
    AbsenceEvidence,
    CriterionResult,
    Evidence,
    GroupTotal,
    Participant,
    Status,
)
from callqa.score.engine import Outcome, evaluate
from callqa.score.heard import AGENTS, Heard, ScoreInput, is_solid
from callqa.score.rules import All, AnyOf, AtLeastDistinct, FirstWithin, NoneOf, Rule
from callqa.score.sets import CriteriaSet, Criterion
from callqa.score.telling import asked, cannot_tell, shown, told

MIN_TURNS = 2  # an agent who says less is not assessed
MIN_HEARD = 0.3  # with less of the call usable, nothing is claimed about it
NOBODY = ""  # participant of results for a call without an agent
_NOT_A_CONVERSATION = {
    "voicemail": "a voicemail",
    "ivr_only": "only an automatic menu",
    "abandoned": "an abandoned call",
    "no_speech": "without speech",
}
# Classes that no recording can settle, and why.
_BEYOND = {
    "record": "A recording cannot show this: a record has to.",
    "knowledge": "This is knowledge, which a call does not show; it is shown by answering "
    "questions.",
    "person": "A person judges this; nothing is proposed.",
}


@dataclass(frozen=True)
class _Judgement:
    status: Status
    why: str
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()


def score(view: ScoreInput, sets: Sequence[CriteriaSet], profile: Profile) -> list[CriterionResult]:
    """One result for each criterion and each agent who takes part in the call.

    A call without an agent gets results too, all ``not_assessable``, for participant ``""``.
    """
    results = []
    for who in _assessed(view):
        heard = Heard(view, who, profile)
        obstacle = _obstacle(view, who)
        for unit in sets:
            for criterion in unit.criteria:
                judgement = _judge(criterion, heard, obstacle)
                results.append(_result(view, who, unit, criterion, judgement))
    return results


def totals(
    results: Iterable[CriterionResult], sets: Sequence[CriteriaSet], participant: str | None = None
) -> list[GroupTotal]:
    """How many criteria of each group hold, for one participant: by default the first assessed.

    Groups that are in no total (knowledge) are left out.
    """
    results = list(results)
    if participant is None and results:
        participant = results[0].participant
    counts = Counter(
        (r.criteria, r.group, r.status) for r in results if r.participant == participant
    )
    statuses: tuple[Status, ...] = (
        "evidenced", "partly", "contradicted", "not_evidenced", "not_applicable", "not_assessable"
    )  # fmt: skip
    return [
        GroupTotal(
            criteria=unit.id,
            group=group.id,
            title=group.title,
            **{status: counts[unit.id, group.id, status] for status in statuses},
        )
        for unit in sets
        for group in unit.groups
        if group.in_total
    ]


def _assessed(view: ScoreInput) -> list[Participant]:
    spoken = Counter(t.participant for t in view.turns)
    agents = [p for p in view.participants if p.role in AGENTS and spoken[p.id] >= MIN_TURNS]
    return sorted(agents, key=lambda p: p.role) or [Participant(id=NOBODY)]


def _obstacle(view: ScoreInput, who: Participant) -> str | None:
    """Why nothing in this call can be assessed, or None."""
    if view.kind in _NOT_A_CONVERSATION:
        return f"This recording is {_NOT_A_CONVERSATION[view.kind]}, not a conversation."
    if not view.language.lower().startswith("en"):
        return f"The call is not in English ({view.language})."
    if who.id == NOBODY:
        return "No agent who says enough could be told apart in this call."
    if view.has_sound and view.heard_share is not None and view.heard_share < MIN_HEARD:
        return f"Only {view.heard_share:.0%} of the call could be heard well enough."
    return None


def _judge(criterion: Criterion, heard: Heard, obstacle: str | None) -> _Judgement:
    """The first status that holds, in the order of precedence."""
    if criterion.criterion_class in _BEYOND:
        return _beyond_hearing(criterion, heard, obstacle)
    if obstacle:
        return _Judgement("not_assessable", obstacle)
    assessable = _outcome(criterion.assessable_when, heard)
    if assessable and not assessable.value:
        return _Judgement("not_assessable", cannot_tell(assessable, heard))
    applies = _outcome(criterion.applies_when, heard)
    if applies and applies.value is None:
        return _Judgement("not_assessable", cannot_tell(applies, heard))
    if applies and not applies.value:
        why = f"Not called for here: nothing was heard of {asked(applies.because, heard)}."
        return _Judgement("not_applicable", why, applies.confidence, shown(applies.evidence))
    full = _outcome(criterion.evidenced, heard)
    if full and not full.value and heard.misses_opening and _is_of_opening(criterion.evidenced):
        why = "Cannot be judged, because the recording starts after the opening."
        return _Judgement("not_assessable", why)
    return _weigh(criterion, full, heard)


def _weigh(criterion: Criterion, full: Outcome | None, heard: Heard) -> _Judgement:
    against = _outcome(criterion.contradicted, heard)
    if against and against.value and _may_contradict(against.evidence):
        why = f"Speaks against it: {told(against.evidence)}."
        return _Judgement("contradicted", why, against.confidence, shown(against.evidence))
    if full and full.value and is_solid(full.evidence):
        why = f"Heard: {told(full.evidence)}."
        return _Judgement("evidenced", why, full.confidence, shown(full.evidence))
    if full and full.value is None:
        return _Judgement("not_assessable", cannot_tell(full, heard))
    some = _outcome(criterion.partly, heard)
    if some and some.value and is_solid(some.evidence):
        return _partly(some, full, heard)
    if full is None and some and some.value is None:
        return _Judgement("not_assessable", cannot_tell(some, heard))
    lacking = full if full and not full.value else some
    if lacking is None or lacking.value:
        return _Judgement("not_evidenced", "Nothing was heard that shows it.")
    why = f"Not heard: {asked(lacking.because, heard)}."
    return _Judgement("not_evidenced", why, lacking.confidence, shown(lacking.evidence))


def _partly(some: Outcome, full: Outcome | None, heard: Heard) -> _Judgement:
    said = f"Heard: {told(some.evidence)}"
    if full is None:
        why = f"{said}. A recording cannot show the rest."
    else:
        why = f"{said}. Still missing: {asked(full.because, heard)}."
    return _Judgement("partly", why, some.confidence, shown(some.evidence))


def _beyond_hearing(criterion: Criterion, heard: Heard, obstacle: str | None) -> _Judgement:
    """Never assessable from sound, though moments may bear on it and are attached."""
    why = _BEYOND[criterion.criterion_class]
    applies = None if obstacle else _outcome(criterion.applies_when, heard)
    if applies and applies.value is False:
        why = f"Not called for here: nothing was heard of {asked(applies.because, heard)}."
        return _Judgement("not_applicable", why, applies.confidence, shown(applies.evidence))
    support = None if obstacle else _outcome(criterion.supports, heard)
    if support and support.value:
        return _Judgement("not_assessable", f"{why} Moments that bear on it are listed.",
                          evidence=shown(support.evidence))  # fmt: skip
    return _Judgement("not_assessable", why)


def _outcome(rule: Rule | None, heard: Heard) -> Outcome | None:
    return evaluate(rule, heard) if rule is not None else None


def _is_of_opening(rule: Rule | None) -> bool:
    """Whether a rule rests on a duty of the opening."""
    match rule:
        case FirstWithin():
            return True
        case All(rules) | AnyOf(rules) | NoneOf(rules) | AtLeastDistinct(_, rules, _):
            return any(_is_of_opening(r) for r in rules)
    return False


def _may_contradict(evidence: Sequence[Evidence]) -> bool:
    """Something heard, or a duty whose time has passed (an absence that carries its end)."""
    return is_solid(evidence) or any(
        isinstance(e, AbsenceEvidence) and e.end_s is not None for e in evidence
    )


# ---------------------------------------------------------------- results


def _result(
    view: ScoreInput,
    who: Participant,
    unit: CriteriaSet,
    criterion: Criterion,
    judgement: _Judgement,
) -> CriterionResult:
    key = f"{view.call_id}|{who.id}|{unit.hash}|{criterion.id}"
    confidence = judgement.confidence
    return CriterionResult(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        criteria=unit.id,
        criteria_hash=unit.hash,
        criterion=criterion.id,
        group=criterion.group,
        title=criterion.title,
        criterion_class=criterion.criterion_class,
        participant=who.id,
        status=judgement.status,
        confidence=None if confidence is None else round(confidence, 4),
        why=judgement.why,
        needs=criterion.needs,
        evidence=judgement.evidence,
    )
