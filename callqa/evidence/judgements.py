"""What people decide on criteria, beside what the machine proposes; neither replaces the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import get_args

from pydantic import ValidationError

from callqa.errors import UsageError
from callqa.evidence.mending import without_secrets
from callqa.records import (
    STATUSES,
    CallRecord,
    Correction,
    CorrectionKind,
    CriterionResult,
    Judgement,
    JudgeRole,
    Record,
    Status,
)


class Voice(Record):
    """One person's latest word on a criterion; stale where what it judged has changed since."""

    judgement: Judgement
    stale: bool


class Standing(Record):
    """A criterion with the machine's proposal and every person's latest word.

    ``machine`` is None where the current results no longer hold the criterion.
    """

    criteria: str
    criterion: str
    participant: str
    title: str = ""
    machine: Status | None
    people: tuple[Voice, ...] = ()


def standing(record: CallRecord, judgements: Iterable[Judgement]) -> tuple[Standing, ...]:
    """Machine and people side by side, in the order of the results; then what lost its result."""
    latest: dict[tuple[str, str, str], dict[str, Judgement]] = {}
    for j in sorted(judgements, key=lambda j: datetime.fromisoformat(j.at)):
        people = latest.setdefault((j.criteria, j.criterion, j.participant), {})
        people.pop(j.by, None)  # so that the order is that of the latest words
        people[j.by] = j
    found = [
        Standing(
            criteria=r.criteria,
            criterion=r.criterion,
            participant=r.participant,
            title=r.title,
            machine=r.status,
            people=_voices(latest.pop(_key(r), {}).values(), r.content_hash),
        )
        for r in record.results
    ]
    lost = [
        Standing(criteria=key[0], criterion=key[1], participant=key[2], machine=None,
                 people=_voices(people.values(), None))
        for key, people in latest.items()
    ]  # fmt: skip
    return (*found, *lost)


def _voices(judgements: Iterable[Judgement], hash: str | None) -> tuple[Voice, ...]:
    return tuple(Voice(judgement=j, stale=j.result_hash != hash) for j in judgements)


def _key(result: CriterionResult) -> tuple[str, str, str]:
    return result.criteria, result.criterion, result.participant


def judged(
    record: CallRecord,
    criterion: str,
    level: str,
    *,
    by: str,
    reason: str,
    scales: dict[str, Sequence[str]],
    criteria: str | None = None,
    participant: str | None = None,
    role: str = "assessor",
    at: str | None = None,
    blind: bool = False,
) -> Judgement:
    """A judgement of the result that these words point at.

    Args:
        level: a status, or a word of the criteria set's scale; where only people enter levels
            (every criterion of the set is of class ``person``), a word of the scale alone.
        scales: by criteria set; a set that is not in it is judged by status.
        criteria: needed where two sets have the criterion; ``participant`` where two agents do.
        at: ISO 8601; now, unless given.

    Raises:
        UsageError: no or more than one result is meant, the level is not of the scale, or name,
            reason or time are missing or cannot be used.
    """
    result = _meant(record, criterion, criteria, participant)
    _check_level(record, result, level, scales.get(result.criteria, ()))
    if role not in get_args(JudgeRole):
        raise UsageError(
            f"There is no role {role!r} in judging.",
            remedy=f"Known: {', '.join(get_args(JudgeRole))}.",
        )
    own = [j for j in record.judgements if (j.criteria, j.criterion, j.participant) == _key(result)]
    if role == "verifier" and any(j.by == by.strip() and j.role != "verifier" for j in own):
        raise UsageError(
            f"{by} has judged {result.criterion} already, and nobody verifies their own judgement.",
            remedy="Let another person verify it.",
        )
    try:
        return Judgement(
            call_id=record.call_id, by=by, reason=without_secrets(reason), at=at or now(),
            result_id=result.id, result_hash=result.content_hash, proposed=result.status,
            criteria=result.criteria, criterion=result.criterion, participant=result.participant,
            level=level, role=role, blind=blind,
        )  # fmt: skip
    except ValidationError as error:
        raise incomplete("judgement", error) from error


def corrected(
    call_id: str,
    kind: CorrectionKind,
    payload: dict[str, str],
    *,
    by: str,
    reason: str,
    at: str | None = None,
) -> Correction:
    """A correction in a person's name.

    Raises:
        UsageError: name, reason, time or a part of the payload is missing or cannot be used.
    """
    try:
        return Correction(
            call_id=call_id, kind=kind, payload=payload, by=by, reason=without_secrets(reason),
            at=at or now(),
        )  # fmt: skip
    except ValidationError as error:
        raise incomplete("correction", error) from error


def now() -> str:
    """The time as judgements keep it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def incomplete(what: str, error: ValidationError) -> UsageError:
    """The refusal of a word that is not signed, not reasoned or not dated."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else "it"
    names = {"by": "the name of who makes it", "reason": "a reason", "at": "a time (ISO 8601)"}
    if field in names:
        return UsageError(f"A {what} needs {names[field]}.", remedy="Nothing was kept.")
    return UsageError(f"This {what} cannot be used: {first['msg']}.", remedy="Nothing was kept.")


def _check_level(
    record: CallRecord, result: CriterionResult, level: str, scale: Sequence[str]
) -> None:
    classes = {r.criterion_class for r in record.results if r.criteria == result.criteria}
    if scale and classes == {"person"}:
        if level not in scale:
            raise UsageError(
                f"{level!r} is no level of {result.criteria}, whose levels people alone enter: "
                f"{', '.join(scale)}."
            )
        return
    levels = dict.fromkeys([*scale, *STATUSES])
    if level not in levels:
        raise UsageError(
            f"{level!r} is no level of {result.criteria}.", remedy=f"Known: {', '.join(levels)}."
        )


def _meant(
    record: CallRecord, criterion: str, criteria: str | None, participant: str | None
) -> CriterionResult:
    found = [r for r in record.results if criteria is None or r.criteria == criteria]
    if not found:
        known = dict.fromkeys(r.criteria for r in record.results)
        raise UsageError(
            f"The call {record.call_id} is not scored against {criteria!r}.",
            remedy=f"It is scored against: {', '.join(known) or 'nothing'}.",
        )
    known = dict.fromkeys(r.criterion for r in found)
    found = [r for r in found if r.criterion == criterion]
    if not found:
        raise UsageError(
            f"There is no criterion {criterion!r} here.", remedy=f"Known: {', '.join(known)}."
        )
    sets = dict.fromkeys(r.criteria for r in found)
    if len(sets) > 1:
        raise UsageError(
            f"{criterion!r} is a criterion of {', '.join(sets)}.", remedy="Say which: --criteria."
        )
    people = [r.participant for r in found]
    if participant is not None:
        found = [r for r in found if r.participant == participant]
    if len(found) != 1:
        what = f"There is no result for {participant!r}" if not found else "More than one is judged"
        raise UsageError(
            f"{what} in this call.", remedy=f"Say which with --participant: {', '.join(people)}."
        )
    return found[0]
