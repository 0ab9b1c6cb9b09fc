"""The contract of a detector, and the view of a call that it is given.

A detector is one module of this package that defines ``DETECTOR``. It names the labels it emits
and the labels it needs; the engine finds it, orders it after what it needs, and hands it the
call, the organisation's profile and everything found so far. Labels that start with ``cue.``
travel between detectors and are dropped at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Doc

from callqa.intervals import silences
from callqa.profile import Profile
from callqa.records import (
    Attribute,
    Detection,
    Metadata,
    Role,
    Span,
    Turn,
    TurnProsody,
    detection_id,
)
from callqa.text import Plain


@dataclass(frozen=True, eq=False)
class TurnView:
    """A turn with its speaker's role, its spaCy doc and its plain words."""

    turn: Turn
    role: Role
    doc: Doc
    plain: Plain

    @property
    def index(self) -> int:
        """The turn's number, from 0."""
        return self.turn.index

    @property
    def text(self) -> str:
        """The turn's words as they stand in the transcript."""
        return self.turn.text

    @property
    def start_s(self) -> float | None:
        """Seconds from the start of the call; None without sound."""
        return self.turn.start_s

    @property
    def end_s(self) -> float | None:
        """Seconds from the start of the call; None without sound."""
        return self.turn.end_s


@dataclass(frozen=True, eq=False)
class CallView:
    """What a detector may see: turns with roles, metadata, prosody measures; never audio."""

    call_id: str
    turns: Sequence[TurnView]
    metadata: Metadata = field(default_factory=Metadata)
    prosody: Mapping[int, TurnProsody] = field(default_factory=dict)
    duration_s: float | None = None  # None without sound
    speech: Mapping[str, Sequence[Span]] = field(default_factory=dict)  # by participant

    def by(self, role: Role) -> list[TurnView]:
        """The turns of one role, in order. A second agent counts as an agent."""
        also = "second_agent" if role == "agent" else role
        return [t for t in self.turns if t.role in (role, also)]

    @cached_property
    def silences(self) -> list[Span]:
        """Stretches in which nobody speaks, longest first kept in time order; [] without sound."""
        if self.duration_s is None:
            return []
        spoken = [s for spans in self.speech.values() for s in spans]
        if not spoken:
            spoken = [
                Span(start_s=t.start_s, end_s=t.end_s)
                for t in self.turns
                if t.start_s is not None and t.end_s is not None
            ]
        return silences(spoken, self.duration_s)

    def is_opening(self, view: TurnView, *, turns: int = 3, seconds: float = 45.0) -> bool:
        """Whether a turn is among its role's first turns (and, with sound, first seconds)."""
        early = [t.index for t in self.by(view.role)][:turns]
        if view.index not in early:
            return False
        return view.start_s is None or view.start_s <= seconds

    def is_closing(self, view: TurnView, *, turns: int = 4) -> bool:
        """Whether a turn is among its role's last turns; the first of several never is."""
        mine = [t.index for t in self.by(view.role)]
        return view.index in (mine[-turns:] if len(mine) <= 1 else mine[1:][-turns:])

    def detection(
        self,
        label: str,
        view: TurnView,
        start_char: int,
        end_char: int,
        *,
        confidence: float,
        why: str,
        rule: str,
        attributes: Mapping[str, Attribute] | None = None,
        parts: Iterable[str] = (),
    ) -> Detection:
        """A detection on ``view.text[start_char:end_char]``, snapped outwards to whole words."""
        words = [w for w in view.turn.words if w.start_char < end_char and w.end_char > start_char]
        if words:
            start_char = min(start_char, words[0].start_char)
            end_char = max(end_char, words[-1].end_char)
        first = words[0].id if words else f"{view.index}@{start_char}"
        last = words[-1].id if words else f"{view.index}@{end_char}"
        starts = [w.start_s for w in words if w.start_s is not None]
        ends = [w.end_s for w in words if w.end_s is not None]
        return Detection(
            id=detection_id(label, view.turn.participant, first, last),
            label=label,
            participant=view.turn.participant,
            role=view.role,
            turn=view.index,
            start_char=start_char,
            end_char=end_char,
            first_word=first if words else None,
            last_word=last if words else None,
            start_s=starts[0] if starts else view.start_s,
            end_s=ends[-1] if ends else view.end_s,
            quote=view.text[start_char:end_char],
            confidence=round(max(0.0, min(1.0, confidence)), 4),
            why=why,
            rule=rule,
            attributes=dict(attributes or {}),
            parts=tuple(parts),
        )

    def span(
        self,
        label: str,
        span: Span,
        *,
        participant: str,
        role: Role,
        turn: int | None,
        confidence: float,
        why: str,
        rule: str,
        attributes: Mapping[str, Attribute] | None = None,
        parts: Iterable[str] = (),
    ) -> Detection:
        """A detection on a stretch of time that has no words of its own (a silence)."""
        return Detection(
            id=detection_id(label, participant, f"{span.start_s:.2f}s", f"{span.end_s:.2f}s"),
            label=label,
            participant=participant,
            role=role,
            turn=turn,
            start_s=round(span.start_s, 3),
            end_s=round(span.end_s, 3),
            confidence=round(max(0.0, min(1.0, confidence)), 4),
            why=why,
            rule=rule,
            attributes=dict(attributes or {}),
            parts=tuple(parts),
        )


class Found(Mapping[str, Sequence[Detection]]):
    """Everything found so far, by label, in order of turn and character."""

    def __init__(self, detections: Iterable[Detection] = ()) -> None:
        self._by: dict[str, list[Detection]] = {}
        self.add(detections)

    def add(self, detections: Iterable[Detection]) -> None:
        """Take in more, keeping the order."""
        for d in detections:
            self._by.setdefault(d.label, []).append(d)
        for group in self._by.values():
            group.sort(key=lambda d: (d.turn if d.turn is not None else -1, d.start_char or 0))

    def __getitem__(self, label: str) -> Sequence[Detection]:
        """The detections of a label; an empty list where there are none."""
        return self._by.get(label, [])

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._by)

    def __len__(self) -> int:
        return len(self._by)

    def all(self) -> list[Detection]:
        """Everything, label by label."""
        return [d for group in self._by.values() for d in group]

    def in_turn(self, label: str, turn: int) -> list[Detection]:
        """Those of a label that lie in one turn."""
        return [d for d in self[label] if d.turn == turn]

    def overlapping(self, label: str, other: Detection) -> list[Detection]:
        """Those of ``label`` that share characters with ``other``."""
        return [
            d
            for d in self.in_turn(label, other.turn if other.turn is not None else -1)
            if (d.start_char or 0) < (other.end_char or 0)
            and (d.end_char or 0) > (other.start_char or 0)
        ]


DetectFunction = Callable[[CallView, Profile, Found], Iterable[Detection]]


@dataclass(frozen=True)
class Detector:
    """One detector: ``name`` is its module's, ``labels`` what it emits, ``needs`` what it reads.

    A label in ``needs`` may end in ``*`` (``cue.refusal*``). ``version`` changes whenever the
    same input may give another output.
    """

    name: str
    labels: tuple[str, ...]
    detect: DetectFunction
    needs: tuple[str, ...] = ()
    version: str = "1"
