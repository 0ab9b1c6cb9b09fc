"""What differs between two analyses of a call: which criterion, for whom, and on which words."""

from __future__ import annotations

from callqa.records import (
    CallRecord,
    CriterionResult,
    QuoteEvidence,
    Record,
    Role,
    SpanEvidence,
    Status,
)


class Ground(Record):
    """Something a result rests on: words at a second, or a measure."""

    what: str  # a label or a measure
    role: Role | None = None
    words: str = ""
    start_s: float | None = None


class Change(Record):
    """One criterion that stands otherwise than before. None: it was not, or is no longer, scored.

    ``gained`` and ``lost`` are the words and measures that it rests on now and rested on before.
    """

    call_id: str
    criteria: str
    criterion: str
    title: str
    participant: str
    before: Status | None
    after: Status | None
    gained: tuple[Ground, ...] = ()
    lost: tuple[Ground, ...] = ()
    why: str = ""


def changes(old: CallRecord, new: CallRecord) -> tuple[Change, ...]:
    """Criteria whose status or words differ, in the order of the new results, then the old.

    Whoever is assessed first in one is compared with whoever is assessed first in the other, so
    that swapped roles show what becomes of the agent's criteria.
    """
    before, after = _by_place(old), _by_place(new)
    out = []
    for key in dict.fromkeys([*after, *before]):
        a, b = before.get(key), after.get(key)
        one = b or a
        assert one is not None
        was, now = _grounds(a), _grounds(b)
        gained = tuple(g for k, g in now.items() if k not in was)
        lost = tuple(g for k, g in was.items() if k not in now)
        same = a is not None and b is not None and a.status == b.status
        if same and not gained and not lost:
            continue
        out.append(
            Change(
                call_id=new.call_id,
                criteria=one.criteria,
                criterion=one.criterion,
                title=one.title,
                participant=one.participant,
                before=a.status if a else None,
                after=b.status if b else None,
                gained=gained,
                lost=lost,
                why=b.why if b else "",
            )
        )
    return tuple(out)


def _by_place(record: CallRecord) -> dict[tuple[int, str, str], CriterionResult]:
    people = list(dict.fromkeys(r.participant for r in record.results))
    return {(people.index(r.participant), r.criteria, r.criterion): r for r in record.results}


def _grounds(result: CriterionResult | None) -> dict[tuple[object, ...], Ground]:
    """What a result rests on that was heard or measured; what was not there has no words."""
    found: dict[tuple[object, ...], Ground] = {}
    for e in result.evidence if result else ():
        if isinstance(e, QuoteEvidence):
            found[e.label, e.turn, e.start_char, e.quote] = Ground(
                what=e.label, role=e.role, words=e.quote, start_s=e.start_s
            )
        elif isinstance(e, SpanEvidence):
            found[e.measure, e.value] = Ground(
                what=e.measure, words=f"{e.value:g}", start_s=e.start_s
            )
    return found
