"""What a record must hold before it is stored: nothing is claimed that its call does not carry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from callqa.errors import EvidenceError
from callqa.records import (
    AbsenceEvidence,
    CallRecord,
    CriterionResult,
    Detection,
    MetadataEvidence,
    QuoteEvidence,
    SpanEvidence,
    Status,
    Turn,
)

_CAPS: dict[str, frozenset[Status]] = {
    "part": frozenset({"evidenced"}),
    "record": frozenset({"evidenced", "partly", "contradicted", "not_evidenced"}),
    "knowledge": frozenset({"evidenced", "partly", "contradicted", "not_evidenced"}),
    "person": frozenset({"evidenced", "partly", "contradicted", "not_evidenced"}),
}


def verify(record: CallRecord) -> None:
    """Check every quote, span, metadata field and class of a record against its own call.

    Raises:
        EvidenceError: the first claim that the call does not carry; the message names the
            detection or criterion and the turn, never the words.
    """
    check = _Check(record)
    for detection in record.detections:
        check.detection(detection)
    for result in record.results:
        check.result(result)


class _Check:
    def __init__(self, record: CallRecord) -> None:
        self.record = record
        self.turns = {t.index: t for t in record.transcript.turns}
        self.words = {t.index: {w.id for w in t.words} for t in record.transcript.turns}
        self.detections = {d.id: d for d in record.detections}
        self.people = {p.id for p in record.participants}

    def fail(self, what: str) -> NoReturn:
        raise EvidenceError(
            f"{what}.",
            remedy="Analyse the call again; the record was made from another transcript.",
            call=self.record.call_id,
            stage="verify",
        )

    def detection(self, d: Detection) -> None:
        what = f"Detection {d.id} ({d.label})"
        if d.turn is None or d.start_char is None:
            if d.quote:
                self.fail(f"{what} quotes words without a place in a turn")
            if d.start_s is None:
                self.fail(f"{what} has neither words nor a time")
            return
        turn = self.quote(what, d.turn, d.start_char, d.end_char, d.quote)
        if turn.participant != d.participant or d.participant not in self.people:
            self.fail(f"{what} is of a participant who does not speak turn {d.turn}")
        self.word_ids(what, d.turn, (d.first_word, d.last_word))

    def quote(self, what: str, index: int, start: int | None, end: int | None, quote: str) -> Turn:
        """The turn that carries these words at this place."""
        turn = self.turns.get(index)
        if turn is None:
            self.fail(f"{what} quotes turn {index}, which does not exist")
        if start is None or end is None or not 0 <= start < end <= len(turn.text):
            self.fail(f"{what} quotes characters {start} to {end}, which turn {index} lacks")
        if turn.text[start:end] != quote:
            self.fail(f"{what} quotes words that turn {index} does not have at its place")
        return turn

    def word_ids(self, what: str, turn: int, ids: Iterable[str | None]) -> None:
        for id in ids:
            if id is not None and id not in self.words[turn]:
                self.fail(f"{what} names word {id}, which turn {turn} does not have")

    def result(self, result: CriterionResult) -> None:
        what = f"Criterion {result.criterion} of {result.criteria}"
        if result.status in _CAPS.get(result.criterion_class, frozenset()):
            kind = result.criterion_class
            self.fail(f"{what} cannot be {result.status}: its class is {kind!r}")
        for e in result.evidence:
            if isinstance(e, QuoteEvidence):
                self.quoted(what, e)
            elif isinstance(e, SpanEvidence):
                self.span(what, e)
            elif isinstance(e, MetadataEvidence):
                self.metadata(what, e)
            elif isinstance(e, AbsenceEvidence) and e.nearest not in (None, *self.detections):
                self.fail(f"{what} names a near miss {e.nearest} that the call does not have")
        if result.status in ("evidenced", "contradicted") and not _carries(result):
            self.fail(f"{what} is {result.status} without evidence other than an absence")

    def quoted(self, what: str, e: QuoteEvidence) -> None:
        self.quote(what, e.turn, e.start_char, e.end_char, e.quote)
        d = self.detections.get(e.detection)
        place = (e.label, e.turn, e.start_char, e.end_char)
        if d is None or place != (d.label, d.turn, d.start_char, d.end_char):
            self.fail(f"{what} quotes detection {e.detection}, which is not in the call like that")

    def span(self, what: str, e: SpanEvidence) -> None:
        """A measure with its value, or a detection that is a stretch of time."""
        measure = self.record.measures.get(e.measure)
        if measure is not None:
            if measure.value != e.value:
                self.fail(f"{what} gives {e.measure} another value than was measured")
            return
        spans = {(d.label, d.start_s, d.end_s) for d in self.record.detections}
        if (e.measure, e.start_s, e.end_s) not in spans:
            self.fail(f"{what} rests on {e.measure}, which was not measured in this call")

    def metadata(self, what: str, e: MetadataEvidence) -> None:
        found = getattr(self.record.metadata, e.field, None)
        if found is None or str(found) != e.value:
            self.fail(f"{what} gives the metadata field {e.field} a value it does not have")


def _carries(result: CriterionResult) -> bool:
    """More than an absence; or a duty whose time has passed, which only speaks against."""
    if any(not isinstance(e, AbsenceEvidence) for e in result.evidence):
        return True
    return result.status == "contradicted" and any(
        isinstance(e, AbsenceEvidence) and e.end_s is not None for e in result.evidence
    )
