"""Corrections and judgements by invented people, as tests need them."""

from __future__ import annotations

from callqa.evidence.judgements import corrected
from callqa.records import CallRecord, Correction, CorrectionKind, Heard
from callqa.redact import redact_transcript
from tests.builders import agent, call, customer


def correction(
    kind: CorrectionKind, *, at: str = "2025-03-04T10:00:00Z", **payload: str
) -> Correction:
    return corrected("call-1", kind, payload, by="M. Okafor", reason="I listened", at=at)


def heard(record: CallRecord) -> Heard:
    return Heard(
        recording=record.recordings[0] if record.recordings else None,
        transcript=redact_transcript(record.transcript),
        participants=record.participants,
        kind=record.kind,
    )


def repair() -> CallRecord:
    return call(
        agent("Good morning, Brightwell, Sam here.", ("opening.greeting", "Good morning,")),
        customer("My heating is often and I want a fund.", "complaint.stated"),
        agent("I'm sorry about that. When did it stop?", ("positive.apology", "I'm sorry")),
    )
