"""What a result shows of its evidence, and says of it in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callqa.records import (
    AbsenceEvidence,
    Evidence,
    MetadataEvidence,
    QuoteEvidence,
    SpanEvidence,
)
from callqa.score.engine import Outcome
from callqa.score.heard import Heard
from callqa.score.rules import Rule
from callqa.score.words import describe, label_words, listed, measure_words, subject

MOST_EVIDENCE = 6


def asked(rules: Sequence[Rule], heard: Heard) -> str:
    """What rules ask for."""
    return "; ".join(dict.fromkeys(describe(r, heard.profile) for r in rules))


def cannot_tell(outcome: Outcome, heard: Heard) -> str:
    """Why an outcome is unknown."""
    if {"starts_mid_speech", "ends_mid_speech"} & set(heard.call.completeness):
        reason = "Cannot be judged: the recording is cut off. Not known"
    elif heard.call.has_sound:
        reason = "Cannot be judged. Not known in this call"
    else:
        reason = "Cannot be judged without sound. Not known from a transcript"
    unknown = dict.fromkeys(subject(r, heard.profile) for r in outcome.because)
    return f"{reason}: {'; '.join(unknown)}."


def told(evidence: Sequence[Evidence]) -> str:
    """Evidence in a breath: what was there, then what was not."""
    chosen = shown(evidence)
    present = [_tell(e) for e in chosen if not isinstance(e, AbsenceEvidence)]
    timed = [e for e in chosen if isinstance(e, AbsenceEvidence) and e.end_s is not None]
    absent = [e.looked_for for e in chosen if isinstance(e, AbsenceEvidence) and e.end_s is None]
    parts = [listed(present, "and")] if present else []
    parts += [f"not heard in {e.searched}: {e.looked_for}" for e in timed]
    if absent:
        parts.append(f"without {listed(absent, 'or')}")
    return ", ".join(parts)


def _tell(e: Evidence) -> str:
    if isinstance(e, QuoteEvidence):
        return label_words(e.label)
    if isinstance(e, SpanEvidence):
        if "." in e.measure:
            return f"{label_words(e.measure)} of {e.value:.0f} s"
        limit = f", limit {e.limit:g}" if e.limit is not None else ""
        return f"{measure_words(e.measure)} ({e.value:g}{limit})"
    if isinstance(e, MetadataEvidence):
        return f"{measure_words(e.field)} {e.value}"
    return ""


def shown(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """At most six pieces, each once: what was heard before what was not, in order of time."""
    unique: dict[object, Evidence] = {}
    for e in evidence:
        unique.setdefault(_same(e), e)
    chosen = sorted(unique.values(), key=lambda e: isinstance(e, AbsenceEvidence))[:MOST_EVIDENCE]
    return tuple(sorted(chosen, key=_when))


def _same(e: Evidence) -> object:
    if isinstance(e, QuoteEvidence):
        return (e.turn, e.start_char, e.end_char)
    return e.model_dump_json(exclude={"confidence", "why"})


def _when(e: Evidence) -> tuple[int, float, int]:
    """Quotes in the order of the call, then measures and metadata, then absences."""
    if isinstance(e, QuoteEvidence):
        return (0, float(e.turn), e.start_char)
    return (2 if isinstance(e, AbsenceEvidence) else 1, 0.0, 0)
