"""Which stretches of sound a pack needs, and what each piece of evidence says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callqa.records import CallRecord, CriterionResult, Evidence, QuoteEvidence
from callqa.report.names import ROLES, field_name, label_name, measure_name
from callqa.report.wording import clock, file_name, quantity

PADDING_S = 0.5


@dataclass(frozen=True)
class Clip:
    """A stretch of one call that one or more quotes rest on; seconds are those of the quotes."""

    number: int
    call_id: str
    label: str
    start_s: float
    end_s: float

    @property
    def file(self) -> str:
        """Its place in the pack: ``clips/03-call-7-opening-greeting-0207.wav``."""
        minutes, seconds = divmod(int(self.start_s), 60)
        label = file_name(self.label.replace(".", "-"))
        call = file_name(self.call_id)
        return f"clips/{self.number:02d}-{call}-{label}-{minutes:02d}{seconds:02d}.wav"

    def holds(self, call_id: str, quote: QuoteEvidence) -> bool:
        """Whether a quote is heard in this clip."""
        if call_id != self.call_id or quote.start_s is None or quote.end_s is None:
            return False
        return self.start_s <= quote.start_s and quote.end_s <= self.end_s


@dataclass(frozen=True)
class Item:
    """One piece of evidence under one criterion of one call; a line of the index."""

    number: int
    record: CallRecord
    result: CriterionResult
    evidence: Evidence
    clip: Clip | None

    @property
    def who(self) -> str:
        """Who said it, or how it is known."""
        match self.evidence.kind:
            case "quote":
                return ROLES[self.evidence.role]
            case "span":
                return "Measured"
            case "absence":
                return "Not found"
            case "metadata":
                return "On record"
            case "record":
                return "Attached"

    @property
    def words(self) -> str:
        """What it says, in a sentence; a quote's own words."""
        e = self.evidence
        match e.kind:
            case "quote":
                return e.quote
            case "span":
                measure = self.record.measures.get(e.measure)
                unit = measure.unit if measure else ""
                limit = f" (limit {quantity(e.limit, unit)})" if e.limit is not None else ""
                return f"{measure_name(e.measure)}: {quantity(e.value, unit)}{limit}"
            case "absence":
                return f"{e.looked_for}; searched: {e.searched}"
            case "metadata":
                return f"{field_name(e.field)}: {e.value}"
            case "record":
                return f"{e.name}, attached by {e.attached_by} on {e.attached_at}"

    @property
    def label(self) -> str:
        """What was found in a quote, in plain words."""
        return label_name(self.evidence.label) if self.evidence.kind == "quote" else ""

    @property
    def start_s(self) -> float | None:
        """Where it starts in the call."""
        return getattr(self.evidence, "start_s", None)

    @property
    def end_s(self) -> float | None:
        """Where it ends in the call."""
        return getattr(self.evidence, "end_s", None)

    @property
    def at(self) -> str:
        """From when to when, as a player shows it."""
        if self.start_s is None:
            return ""
        start, end = clock(self.start_s), clock(self.end_s)
        return f"{start}–{end}" if end and end != start else start


def clips(records: Sequence[CallRecord]) -> list[Clip]:
    """The stretches that quotes rest on, call by call in time order.

    Quotes that share sound share a clip, so that the same stretch is heard once.
    """
    found: list[Clip] = []
    for record in records:
        spans = sorted(
            (e.start_s, e.end_s, e.label)
            for r in record.results
            for e in r.evidence
            if isinstance(e, QuoteEvidence) and e.start_s is not None and e.end_s is not None
        )
        merged: list[tuple[float, float, str]] = []
        for start, end, label in spans:
            if merged and start < merged[-1][1]:
                first, until, kept = merged[-1]
                merged[-1] = (first, max(until, end), kept)
            else:
                merged.append((start, end, label))
        found += [
            Clip(len(found) + n, record.call_id, label, start, end)
            for n, (start, end, label) in enumerate(merged, start=1)
        ]
    return found


def items(records: Sequence[CallRecord], heard: Sequence[Clip]) -> list[Item]:
    """Every piece of evidence in the order of calls and results, with the clip it is heard in."""
    out: list[Item] = []
    for record in records:
        for result in record.results:
            for e in result.evidence:
                clip = (
                    next((c for c in heard if c.holds(record.call_id, e)), None)
                    if isinstance(e, QuoteEvidence)
                    else None
                )
                out.append(Item(len(out) + 1, record, result, e, clip))
    return out
