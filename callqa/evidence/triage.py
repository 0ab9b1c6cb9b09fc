"""Reasons to listen: which calls need a human ear first, and where in them to begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callqa.evidence.doubt import doubt, expected_errors
from callqa.records import (
    FOUND,
    AbsenceEvidence,
    CallRecord,
    CriterionResult,
    Detection,
    Flag,
    QuoteEvidence,
    SpanEvidence,
)

UNSURE = 0.5  # a decision that people overrule as often as not is worth a second opinion
PER_ERROR = 5.0  # what a decision that is expected to be overruled adds to a call's weight
# What it costs to leave a wrong decision alone: a claim against somebody costs most.
_STAKES = {"contradicted": 1.5, "evidenced": 1.1}
ROLE_SURE = 0.7
HEARD_ENOUGH = 0.8
LIMITS = 1.0  # quality flags below this only inform

# What the caller said that a person should know of: label → (code, weight, sentence).
_SAID = {
    "complaint.injury": ("injury", 90.0, "The caller speaks of an injury."),
    "complaint.property_damage": ("damage", 80.0, "The caller speaks of damage to property."),
    "complaint.threat_to_leave": ("leaving", 76.0, "The caller says that they may leave."),
    "complaint.escalation_requested": (
        "escalation", 75.0, "The caller asks for someone more senior.",
    ),
    "complaint.repeat_contact": ("repeat", 72.0, "The caller has been in touch about this before."),
    "complaint.stated": ("complaint", 70.0, "The caller complains."),
    "complaint.abuse": ("abuse", 60.0, "The caller is abusive."),
    "need.vulnerability": ("vulnerability", 50.0, "The caller may be vulnerable."),
}  # fmt: skip
_CALLERS = ("customer", "third_party", "unknown")


def flags(record: CallRecord) -> tuple[Flag, ...]:
    """Why a person should listen to this call, the weightiest reason first.

    Weights fall in the order: contradicted criteria (100 and up), complaint, abuse,
    vulnerability, an uncertain agent, poor sound, unexplained silence, doubtful decisions (five
    for each that a person is expected to overrule).
    """
    found = [
        *_contradicted(record.results),
        *_said(record.detections),
        *_who_is_who(record),
        *_sound(record),
        *_silence(record),
        *_doubtful(record.results),
    ]
    return tuple(sorted(found, key=lambda f: (-f.weight, f.start_s or 0.0, f.code)))


def attention(record: CallRecord) -> float:
    """How much a call needs an ear: the weights of its reasons together; larger is sooner."""
    return sum(f.weight for f in record.flags)


def pressing(result: CriterionResult) -> float:
    """How much a decision needs a second opinion: how doubtful it is, and what is at stake."""
    return doubt(result) * _STAKES.get(result.status, 1.0)


def looked_at(record: CallRecord) -> bool:
    """Whether a person has judged something here that has not changed since."""
    now = {r.id: r.content_hash for r in record.results}
    return any(now.get(j.result_id) == j.result_hash for j in record.judgements)


def _contradicted(results: Iterable[CriterionResult]) -> list[Flag]:
    """One flag for all contradicted criteria; each further one adds to its weight."""
    against = sorted(
        (r for r in results if r.status == "contradicted"), key=lambda r: -(r.confidence or 0.0)
    )
    if not against:
        return []
    why = f"Something speaks against {_named(against)}."
    return [_flag("contradicted", why, 100.0 + len(against), _first_moment(against))]


def _said(detections: Iterable[Detection]) -> list[Flag]:
    first: dict[str, Detection] = {}
    for d in sorted(detections, key=lambda d: (d.turn or 0, d.start_char or 0)):
        if d.label in _SAID and d.role in _CALLERS and d.confidence >= FOUND:
            first.setdefault(d.label, d)
    return [
        _flag(code, why, weight, first[label].start_s)
        for label, (code, weight, why) in _SAID.items()
        if label in first
    ]


def _who_is_who(record: CallRecord) -> list[Flag]:
    if record.kind not in ("conversation", "unknown"):
        return []
    agents = [p for p in record.participants if p.role == "agent"]
    if not agents:
        return [_flag("no_agent", "Nobody could be told to be the agent.", 45.0)]
    least = min(p.role_confidence for p in agents)
    if least >= ROLE_SURE:
        return []
    return [_flag("role", f"Which voice is the agent's is uncertain ({least:.0%}).", 40.0)]


def _sound(record: CallRecord) -> list[Flag]:
    limits = [f for f in record.quality if f.weight >= LIMITS]
    found = [_flag(f"sound_{f.code}", f.why, 30.0, f.start_s) for f in limits]
    heard = record.measures.get("heard_share")
    if heard is not None and heard.value < HEARD_ENOUGH:
        found.append(_flag("heard", f"Only {heard.value:.0%} of the words are clear.", 30.0))
    return found


def _silence(record: CallRecord) -> list[Flag]:
    silent = [d for d in record.detections if d.label == "handling.unexplained_silence"]
    timed = [d for d in silent if d.start_s is not None and d.end_s is not None]
    if not timed:
        return []
    longest = max(timed, key=lambda d: (d.end_s or 0.0) - (d.start_s or 0.0))
    length = (longest.end_s or 0.0) - (longest.start_s or 0.0)
    why = f"Nobody says why it is silent for {length:.0f} seconds."
    return [_flag("silence", why, 20.0, longest.start_s)]


def _doubtful(results: Sequence[CriterionResult]) -> list[Flag]:
    unsure = sorted((r for r in results if doubt(r) >= UNSURE), key=lambda r: -pressing(r))
    if not unsure:
        return []
    why = f"People often decide otherwise on {_named(unsure)}."
    weight = PER_ERROR * expected_errors(results)
    return [_flag("doubtful", why, round(weight, 1), _first_moment(unsure))]


def _named(results: list[CriterionResult]) -> str:
    """The surest by name, the others by number: a reason has to fit a line."""
    names = list(dict.fromkeys(r.criterion for r in results))
    more = f", and {', '.join(names[1:])}" if len(names) > 1 else ""
    return f"{names[0]} ({results[0].title}){more}"


def _first_moment(results: list[CriterionResult]) -> float | None:
    """The earliest second that the evidence of these results points to."""
    timed = (QuoteEvidence, SpanEvidence, AbsenceEvidence)
    times = [
        e.start_s
        for r in results
        for e in r.evidence
        if isinstance(e, timed) and e.start_s is not None
    ]
    return min(times, default=None)


def _flag(code: str, why: str, weight: float, start_s: float | None = None) -> Flag:
    return Flag(code=code, why=why, weight=weight, start_s=start_s)
