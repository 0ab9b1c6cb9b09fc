"""What a contact was about, told from its detections; a person may say otherwise."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from callqa.records import FOUND, CallRecord, Detection

_CALLERS = ("customer", "third_party")
COMPLAINT, ORDER, QUERY = "complaint", "order", "query"
# What makes any contact one of dissatisfaction, whatever else it is about.
_UNHAPPY = ("complaint.stated", "complaint.escalation_requested", "complaint.threat_to_leave",
            "complaint.repeat_contact")  # fmt: skip
_SOLD = ("sales.order_readback", "sales.payment")
_NEEDS = ("need.hearing", "need.speech", "need.language", "need.accessibility",
          "need.vulnerability")  # fmt: skip
TYPES = (COMPLAINT, "fault", "billing", ORDER, "delivery", "change_of_details", "cancellation",
         "appointment", QUERY)  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """A type of situation with the detection that told it; the most confident one."""

    type: str
    detection: str
    confidence: float


def situation(record: CallRecord) -> Situation | None:
    """What a call was mainly about; None where its words do not tell.

    A complaint comes before anything else. Otherwise the type that the caller spoke of most, then
    most surely, then first; then a sale; then a question of the caller that was answered.
    """
    found = [d for d in record.detections if d.confidence >= FOUND]
    callers = [d for d in found if d.role in _CALLERS]
    if unhappy := [d for d in callers if d.label in _UNHAPPY]:
        return _told(COMPLAINT, unhappy)
    by_type: dict[str, list[Detection]] = defaultdict(list)
    for d in callers:
        family, _, what = d.label.partition(".")
        if family == "situation":
            by_type[what].append(d)
    if by_type:
        what = max(by_type, key=lambda w: (len(by_type[w]), _surest(by_type[w]).confidence))
        return _told(what, by_type[what])
    if sold := [d for d in found if d.label in _SOLD]:
        return _told(ORDER, sold)
    asked = [d for d in callers if d.label == "question.asked"]
    answered = any(d.label == "resolution.information_given" for d in found)
    return _told(QUERY, asked) if asked and answered else None


def particular_need(record: CallRecord) -> Detection | None:
    """The surest moment at which the caller speaks of a need of their own."""
    found = [d for d in record.detections if d.label in _NEEDS and d.role in _CALLERS
             and d.confidence >= FOUND]  # fmt: skip
    return _surest(found) if found else None


def _told(what: str, found: list[Detection]) -> Situation:
    best = _surest(found)
    return Situation(what, best.id, best.confidence)


def _surest(found: list[Detection]) -> Detection:
    return max(found, key=lambda d: d.confidence)
