"""A call as it bears on one assessed participant: which moments count, and where they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import ge, gt, le

from callqa.profile import Profile
from callqa.records import (
    FOUND,
    AbsenceEvidence,
    CallRecord,
    Detection,
    Evidence,
    Kind,
    Measure,
    Metadata,
    Participant,
    QuoteEvidence,
    SpanEvidence,
    Turn,
)
from callqa.score.rules import Has, Limits, Pick, Test

QUOTES = 3  # quotes that one selection contributes
AGENTS = ("agent", "second_agent")
CALLERS = ("customer", "third_party")
OPENING, CLOSING = "opening.", "closing."

# What the caller says or is; every other label counts only as the assessed agent's own doing.
_CALLERS_LABELS = frozenset({"identity.provided", "resolution.accepted"})
_CALLERS_FAMILIES = ("complaint.", "need.", "situation.")
_AGENTS_LABELS = frozenset({"need.adaptation_offered", "complaint.abuse_warned"})


@dataclass(frozen=True, eq=False)
class ScoreInput:
    """What scoring may see of a call. ``heard_share`` is the usable share of it, 0 to 1."""

    call_id: str
    has_sound: bool
    duration_s: float | None = None
    kind: Kind = "conversation"
    language: str = "en"
    completeness: Sequence[str] = ()
    heard_share: float | None = None
    participants: Sequence[Participant] = ()
    turns: Sequence[Turn] = ()
    detections: Sequence[Detection] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=Metadata)

    @classmethod
    def of(cls, record: CallRecord) -> ScoreInput:
        """The part of a call's record that scoring reads."""
        heard = record.measures.get("heard_share")
        return cls(
            call_id=record.call_id,
            has_sound=record.has_sound,
            duration_s=record.duration_s,
            kind=record.kind,
            language=record.transcript.language,
            completeness=record.completeness,
            heard_share=heard.value if heard else None,
            participants=record.participants,
            turns=record.transcript.turns,
            detections=record.detections,
            measures=record.measures,
            metadata=record.metadata,
        )


@dataclass(frozen=True, eq=False)
class Heard:
    """One call, one assessed participant, one profile."""

    call: ScoreInput
    who: Participant
    profile: Profile

    @cached_property
    def share(self) -> float:
        """Share of the call that was heard; a transcript counts as whole."""
        return 1.0 if self.call.heard_share is None else min(1.0, max(0.0, self.call.heard_share))

    @cached_property
    def own_turns(self) -> list[int]:
        """Indices of the assessed participant's turns, in order."""
        return [t.index for t in self.call.turns if t.participant == self.who.id]

    @cached_property
    def starts_s(self) -> float | None:
        """When the participant's opening begins: the first word that is not a system's.

        A second agent's begins with their own first word.
        """
        roles = {p.id: p.role for p in self.call.participants}
        second = self.who.role == "second_agent"
        for turn in self.call.turns:
            mine = turn.participant == self.who.id
            if mine or (not second and roles.get(turn.participant) != "system"):
                return turn.start_s
        return None

    @property
    def misses_opening(self) -> bool:
        """Whether the recording starts too late to hold this participant's opening."""
        return self.who.role == "agent" and "starts_mid_speech" in self.call.completeness

    @cached_property
    def _by_label(self) -> dict[str, list[Detection]]:
        by: dict[str, list[Detection]] = {}
        for d in sorted(self.call.detections, key=lambda d: (-d.confidence, d.id)):
            by.setdefault(d.label, []).append(d)
        return by

    def matching(self, selection: Has) -> list[Detection]:
        """All detections of a selection, near misses included, most confident first."""
        found: dict[str, Detection] = {}
        for pick in selection.picks:
            for label in pick.labels:
                for d in self._by_label.get(label, ()):  # most confident first
                    if self._counts(d, pick):
                        found.setdefault(d.id, d)
        return sorted(found.values(), key=lambda d: (-d.confidence, d.turn or 0, d.id))

    def moments(self, selection: Has) -> list[Detection]:
        """Found detections, most confident first; the same words count once."""
        places: dict[object, Detection] = {}
        for d in self.matching(selection):
            if d.confidence >= FOUND:
                places.setdefault(_place(d), d)
        return list(places.values())

    def _counts(self, d: Detection, pick: Pick) -> bool:
        if not any(test.name == "role" for test in pick.where) and not self._is_right_voice(d):
            return False
        return all(self._passes(d, test) for test in pick.where)

    def _is_right_voice(self, d: Detection) -> bool:
        callers = d.label in _CALLERS_LABELS or d.label.startswith(_CALLERS_FAMILIES)
        if callers and d.label not in _AGENTS_LABELS:
            return d.role in CALLERS
        if d.start_char is None:  # a silence belongs to nobody else's words
            return d.participant == self.who.id or d.role not in AGENTS
        return d.participant == self.who.id

    def _passes(self, d: Detection, test: Test) -> bool:
        if test.name == "role":
            own = d.role not in AGENTS or d.participant == self.who.id
            return d.role in test.values and own
        value = d.attributes.get(test.name)
        if test.limits is not None:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return is_number and within(float(value), test.limits, self.profile) is True  # type: ignore[arg-type]
        if isinstance(value, list):
            return any(v in test.values for v in value)
        return any(type(value) is type(v) and value == v for v in test.values)

    def is_cut_off(self, selection: Has) -> bool:
        """Whether these words may have been said outside the recording."""
        labels = [label for pick in selection.picks for label in pick.labels]
        if self.misses_opening and all(label.startswith(OPENING) for label in labels):
            return True
        misses_end = "ends_mid_speech" in self.call.completeness
        return misses_end and all(label.startswith(CLOSING) for label in labels)


def within(value: float, limits: Limits, profile: Profile) -> bool | None:
    """Whether a value keeps its limits; None where the profile lacks one."""
    results: list[bool] = []
    for limit, keeps in ((limits.at_most, le), (limits.at_least, ge), (limits.above, gt)):
        if limit is not None:
            bound = limit.of(profile)
            if bound is None:
                return None
            results.append(keeps(value, bound))
    return all(results)


def precedes(a: Detection, b: Detection) -> bool | None:
    """Whether ``a`` starts before ``b``; None where neither seconds nor turns can tell."""
    if a.start_s is not None and b.start_s is not None and a.turn != b.turn:
        return a.start_s < b.start_s
    if a.turn is not None and b.turn is not None:
        return (a.turn, a.start_char or 0) < (b.turn, b.start_char or 0)
    if a.start_s is not None and b.start_s is not None:
        return a.start_s < b.start_s
    return None


def is_near(a: Detection, b: Detection, within_s: float | None, turns: int | None) -> bool | None:
    """Whether two detections lie close together: by seconds, or by turns without them."""
    timed = None not in (a.start_s, a.end_s, b.start_s, b.end_s)
    if within_s is not None and timed:
        gap = max(b.start_s - a.end_s, a.start_s - b.end_s)  # type: ignore[operator]
        return gap <= within_s
    if turns is not None and a.turn is not None and b.turn is not None:
        return abs(a.turn - b.turn) <= turns
    return None


def in_time(d: Detection) -> tuple[float, int, int]:
    """A key that sorts detections as they were heard."""
    at = d.start_s if d.start_s is not None else float(d.turn or 0)
    return (at, d.turn or 0, d.start_char or 0)


def quoted(d: Detection) -> Evidence:
    """A detection as evidence: its words, or its stretch of time when it has none."""
    if d.turn is None or d.start_char is None or d.end_char is None:
        start, end = d.start_s or 0.0, d.end_s or 0.0
        return SpanEvidence(
            measure=d.label,
            value=round(end - start, 3),
            start_s=d.start_s,
            end_s=d.end_s,
            confidence=d.confidence,
            why=d.why,
        )
    return QuoteEvidence(
        detection=d.id,
        label=d.label,
        role=d.role,
        turn=d.turn,
        start_char=d.start_char,
        end_char=d.end_char,
        start_s=d.start_s,
        end_s=d.end_s,
        quote=d.quote,
        confidence=d.confidence,
        why=d.why,
    )


def is_solid(evidence: Sequence[Evidence]) -> bool:
    """Whether anything here is more than an absence."""
    return any(not isinstance(e, AbsenceEvidence) for e in evidence)


def _place(d: Detection) -> object:
    if d.start_char is None:
        return (d.label, d.start_s)
    return (d.turn, d.start_char, d.end_char)
