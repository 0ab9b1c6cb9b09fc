"""Rules against a call: true, false or unknown, with a confidence and what it rests on.

Confidence is that of the value found: ``all`` takes the least, ``any`` the greatest, ``at_least``
the n-th greatest; an absence is (1 − the strongest near miss) × the share of the call heard. A
false rule mirrors this: ``all`` fails by its surest failing part, ``any`` by its least sure one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from callqa.measures import MEASURES
from callqa.records import (
    FOUND,
    AbsenceEvidence,
    Detection,
    Evidence,
    MetadataEvidence,
    SpanEvidence,
)
from callqa.score.heard import (
    QUOTES,
    Heard,
    in_time,
    is_near,
    precedes,
    quoted,
    within,
)
from callqa.score.rules import (
    After,
    All,
    AnyOf,
    AtLeast,
    AtLeastDistinct,
    Before,
    Each,
    FirstWithin,
    Has,
    Limits,
    MeasureIs,
    MetadataIs,
    NoneOf,
    Number,
    Ratio,
    Rule,
)
from callqa.score.words import describe

WHOLE_CALL = "the whole call"


@dataclass(frozen=True)
class Outcome:
    """``value`` is None when the call cannot tell. ``because`` holds the parts that decided."""

    value: bool | None
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    because: tuple[Rule, ...] = ()


def evaluate(rule: Rule, heard: Heard) -> Outcome:
    """What a rule says of a call."""
    match rule:
        case Has():
            return _has(rule, heard)
        case All(rules):
            return _all([evaluate(r, heard) for r in rules])
        case AnyOf(rules):
            return _any([evaluate(r, heard) for r in rules], rule)
        case NoneOf(rules):
            return _none([evaluate(r, heard) for r in rules], rule)
        case AtLeast():
            return _at_least(rule, heard)
        case AtLeastDistinct():
            return _at_least_distinct(rule, heard)
        case Ratio():
            return _ratio(rule, heard)
        case Each():
            return _each(rule, heard)
        case Before() | After():
            return _ordered(rule, heard)
        case FirstWithin():
            return _first_within(rule, heard)
        case MeasureIs():
            return _measure(rule, heard)
        case MetadataIs():
            return _metadata(rule, heard)


# ---------------------------------------------------------------- combining


def _all(parts: Sequence[Outcome]) -> Outcome:
    failed = [p for p in parts if p.value is False]
    if failed:
        return _joined(False, max(p.confidence for p in failed), failed)
    unknown = [p for p in parts if p.value is None]
    if unknown:
        return _joined(None, 0.0, unknown)
    return _joined(True, min(p.confidence for p in parts), parts)


def _any(parts: Sequence[Outcome], rule: Rule) -> Outcome:
    held = sorted((p for p in parts if p.value), key=lambda p: -p.confidence)
    if held:
        return _joined(True, held[0].confidence, held)
    unknown = [p for p in parts if p.value is None]
    if unknown:
        return _joined(None, 0.0, unknown)
    return replace(_joined(False, min(p.confidence for p in parts), parts), because=(rule,))


def _none(parts: Sequence[Outcome], rule: Rule) -> Outcome:
    one = _any(parts, rule)
    if one.value is None:
        return one
    return replace(one, value=not one.value, because=(rule,))


def _joined(value: bool | None, confidence: float, parts: Sequence[Outcome]) -> Outcome:
    """Parts as one outcome; their evidence takes turns, so that a short list keeps each part."""
    turns = chain.from_iterable(zip_longest(*(p.evidence for p in parts)))
    evidence = tuple(e for e in turns if e is not None)
    because = tuple(dict.fromkeys(r for p in parts for r in p.because))
    return Outcome(value, confidence, evidence, because)


def _at_least_distinct(rule: AtLeastDistinct, heard: Heard) -> Outcome:
    needed = rule.n.of(heard.profile)
    if needed is None:
        return Outcome(None, because=(rule,))
    n = round(needed)
    parts = [evaluate(r, heard) for r in rule.rules]
    held = sorted((p for p in parts if p.value), key=lambda p: -p.confidence)
    if len(held) >= n:
        return _joined(True, held[n - 1].confidence if n else 1.0, held)
    failed = sorted((p for p in parts if p.value is False), key=lambda p: -p.confidence)
    spare = len(parts) - n  # so many parts may fail before the rule does
    if spare >= len(failed):
        return _joined(None, 0.0, [p for p in parts if p.value is None])
    sure = failed[spare].confidence if spare >= 0 else 1.0
    return replace(_joined(False, sure, failed), because=(rule,))


# ---------------------------------------------------------------- moments


def _has(rule: Has, heard: Heard) -> Outcome:
    found = heard.moments(rule)
    if found:
        return _present(found, found[0].confidence, rule)
    return _absent(rule, rule, heard)


def _at_least(rule: AtLeast, heard: Heard) -> Outcome:
    needed = rule.n.of(heard.profile)
    if needed is None:
        return Outcome(None, because=(rule,))
    n = round(needed)
    found = heard.moments(rule.of)
    if len(found) >= n:
        return _present(found, found[n - 1].confidence if n else 1.0, rule, most=max(n, QUOTES))
    return _absent(rule.of, rule, heard)


def _ratio(rule: Ratio, heard: Heard) -> Outcome:
    part, whole = heard.moments(rule.of), heard.moments(rule.to)
    if not whole:
        return _absent(rule.to, rule, heard)
    value = within(len(part) / len(whole), rule.limits, heard.profile)
    if value is None:
        return Outcome(None, because=(rule,))
    counted = part or whole
    confidence = sum(d.confidence for d in counted) / len(counted)
    return replace(_present(counted, confidence, rule), value=value)


def _each(rule: Each, heard: Heard) -> Outcome:
    anchors = sorted(heard.moments(rule.anchor), key=in_time)
    if not anchors:
        return _absent(rule.anchor, rule, heard)
    within_s = rule.within_s.of(heard.profile) if rule.within_s else None
    moments = heard.moments(rule.has)
    parts = []
    for anchor in anchors:
        near = [(d, is_near(anchor, d, within_s, rule.turns)) for d in moments]
        close = [d for d, is_close in near if is_close]
        if close:
            both = min(anchor.confidence, close[0].confidence)
            parts.append(_present([anchor, close[0]], both, rule))
        elif near and all(is_close is None for _, is_close in near):
            parts.append(Outcome(None, because=(rule,)))
        else:
            parts.append(_missing_at(anchor, rule.has, rule, heard, "near"))
    return _all(parts)


def _ordered(rule: Before | After, heard: Heard) -> Outcome:
    """Some moment before (or after) some anchor; the surest such pair decides."""
    anchors, moments = heard.moments(rule.anchor), heard.moments(rule.has)
    if not anchors:
        return _absent(rule.anchor, rule, heard)
    is_before = isinstance(rule, Before)
    order = [
        (d, anchor, precedes(d, anchor) if is_before else precedes(anchor, d))
        for d in moments
        for anchor in anchors
    ]
    right = [(d, anchor) for d, anchor, is_right in order if is_right]
    if right:
        best, anchor = max(right, key=lambda pair: min(d.confidence for d in pair))
        others = dict.fromkeys(d.id for d, _ in right if d is not best)
        more = [d for d in moments if d.id in others]
        sure = min(best.confidence, anchor.confidence)
        return _present([best, anchor, *more], sure, rule)
    if any(is_right is None for _, _, is_right in order):
        return Outcome(None, because=(rule,))
    edge = (max if is_before else min)(anchors, key=in_time)
    return _missing_at(edge, rule.has, rule, heard, "before" if is_before else "after")


def _first_within(rule: FirstWithin, heard: Heard) -> Outcome:
    """Due within seconds of the opening's start, or within first turns where times lack."""
    limit, start = rule.seconds.of(heard.profile), heard.starts_s
    found = sorted(heard.moments(rule.has), key=in_time)
    by_time = limit is not None and start is not None
    if by_time:
        end = round(start + limit, 3)  # type: ignore[operator]
        due = [d for d in found if d.start_s is not None and d.start_s < end]
        searched = f"the first {limit:g} seconds"
    elif rule.turns is not None and heard.own_turns:
        first = heard.own_turns[: rule.turns]
        due = [d for d in found if d.turn is not None and d.turn <= first[-1]]
        searched = f"the first {len(first)} turns of the agent"
    else:
        return Outcome(None, because=(rule,))
    if due:
        return _present(due, max(d.confidence for d in due), rule)
    if heard.misses_opening:
        return Outcome(None, because=(rule,))
    outcome = _absent(rule.has, rule, heard, searched=searched, late=found[0] if found else None)
    if not by_time:
        return outcome
    # Only a duty with a time limit carries the range's end: its absence alone may contradict.
    timed = tuple(e.model_copy(update={"start_s": start, "end_s": end}) for e in outcome.evidence)
    return replace(outcome, evidence=timed)


# ---------------------------------------------------------------- numbers and fields


def _measure(rule: MeasureIs, heard: Heard) -> Outcome:
    measure = heard.call.measures.get(rule.name)
    value = within(measure.value, rule.limits, heard.profile) if measure else None
    if measure is None or value is None:
        return Outcome(None, because=(rule,))
    span = SpanEvidence(
        measure=rule.name,
        value=measure.value,
        limit=_deciding(measure.value, rule.limits, heard),
        confidence=heard.share,
        why=f"{MEASURES[rule.name]} ({measure.unit})",
    )
    return Outcome(value, heard.share, (span,), (rule,))


def _metadata(rule: MetadataIs, heard: Heard) -> Outcome:
    found = getattr(heard.call.metadata, rule.field)
    if found is None:
        return Outcome(None, because=(rule,))
    if rule.limits is None:
        value: bool | None = found in rule.values
    elif isinstance(found, int | float):
        value = within(float(found), rule.limits, heard.profile)
    else:
        value = None
    if value is None:
        return Outcome(None, because=(rule,))
    evidence = MetadataEvidence(
        field=rule.field, value=str(found), why=describe(rule, heard.profile)
    )
    return Outcome(value, 1.0, (evidence,), (rule,))


def _deciding(value: float, limits: Limits, heard: Heard) -> float | None:
    """The limit that a value breaks, or else the one it keeps."""

    def bound(number: Number | None) -> float | None:
        return number.of(heard.profile) if number else None

    most, least = bound(limits.at_most), bound(limits.at_least)
    if (over := bound(limits.above)) is not None:
        least = over if least is None else max(over, least)
    if least is not None and (value < least or most is None):
        return least
    return most


# ---------------------------------------------------------------- evidence


def _present(
    found: Iterable[Detection], confidence: float, rule: Rule, *, most: int = QUOTES
) -> Outcome:
    return Outcome(True, confidence, tuple(quoted(d) for d in list(found)[:most]), (rule,))


def _absent(
    looked_for: Has,
    rule: Rule,
    heard: Heard,
    *,
    searched: str = WHOLE_CALL,
    late: Detection | None = None,
) -> Outcome:
    """Nothing (or not enough) found: unknown where the recording may have cut it off."""
    if heard.is_cut_off(looked_for):
        return Outcome(None, because=(rule,))
    weak = next((d for d in heard.matching(looked_for) if d.confidence < FOUND), None)
    confidence = (1.0 - (weak.confidence if weak else 0.0)) * heard.share
    nearest = late or weak
    absence = AbsenceEvidence(
        looked_for=describe(rule if isinstance(rule, AtLeast) else looked_for, heard.profile),
        searched=searched,
        nearest=nearest.id if nearest else None,
        confidence=round(confidence, 4),
    )
    return Outcome(False, confidence, (absence,), (rule,))


def _missing_at(anchor: Detection, has: Has, rule: Rule, heard: Heard, where: str) -> Outcome:
    """An anchor without what should stand beside it: the anchor is quoted with the absence."""
    if heard.is_cut_off(has):
        return Outcome(None, because=(rule,))
    outcome = _absent(has, rule, heard, searched=f"{where} {_anchor_words(anchor)}")
    return replace(outcome, evidence=(quoted(anchor), *outcome.evidence))


def _anchor_words(anchor: Detection) -> str:
    if anchor.start_s is not None:
        minutes, seconds = divmod(int(anchor.start_s), 60)
        return f"the moment at {minutes}:{seconds:02d}"
    return f"turn {anchor.turn}"
