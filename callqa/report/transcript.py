"""A transcript as a conversation: each turn's text cut where detections start and end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from callqa.records import CallRecord, Detection, Role, Turn
from callqa.report.names import FAMILIES, family_of


@dataclass(frozen=True)
class Piece:
    """A stretch of a turn's text under the same detections (none: plain words)."""

    text: str
    detections: tuple[Detection, ...] = ()

    @property
    def families(self) -> tuple[str, ...]:
        """The families of its detections, each once."""
        return tuple(dict.fromkeys(family_of(d.label) for d in self.detections))

    @property
    def ids(self) -> str:
        """The ids of its detections, for the page's script."""
        return " ".join(d.id for d in self.detections)


@dataclass(frozen=True)
class Said:
    """A turn as it is shown.

    ``silence_s`` is the quiet before it, where it is worth a line; ``between`` what was found
    there, in no turn.
    """

    turn: Turn
    role: Role
    pieces: tuple[Piece, ...]
    notes: tuple[Detection, ...]
    silence_s: float | None = None
    between: tuple[Detection, ...] = ()


_SILENCE_SHOWN_S = 5.0


_ANY_QUESTION = "question.asked"


def shown(detections: Iterable[Detection]) -> list[Detection]:
    """What a page may and should show.

    Signs of emotion only from a customer's voice; that something is a question only where
    nothing says of which kind.
    """
    kept = [d for d in detections if family_of(d.label) != "emotion" or d.role == "customer"]
    kinds = {
        (d.turn, d.start_char)
        for d in kept
        if family_of(d.label) == "question" and d.label != _ANY_QUESTION
    }
    return [d for d in kept if d.label != _ANY_QUESTION or (d.turn, d.start_char) not in kinds]


def families(detections: Iterable[Detection]) -> list[tuple[str, int]]:
    """Families found, in the order of a call, with how often."""
    count: dict[str, int] = {}
    for d in detections:
        count[family_of(d.label)] = count.get(family_of(d.label), 0) + 1
    order = [*FAMILIES, *sorted(set(count) - set(FAMILIES))]
    return [(f, count[f]) for f in order if f in count]


def conversation(record: CallRecord) -> list[Said]:
    """Every turn with its pieces and, beside it, what was found there."""
    by_turn: dict[int, list[Detection]] = {}
    in_none: dict[int, list[Detection]] = {}
    for d in shown(record.detections):
        if d.turn is not None:
            by_turn.setdefault(d.turn, []).append(d)
        elif record.transcript.turns:
            in_none.setdefault(_next_turn(record, d.start_s), []).append(d)
    said: list[Said] = []
    heard_until: float | None = None
    for turn in record.transcript.turns:
        here = sorted(by_turn.get(turn.index, []), key=lambda d: (d.start_char or 0, d.label))
        quiet = None
        if heard_until is not None and turn.start_s is not None:
            gap = turn.start_s - heard_until
            quiet = gap if gap >= _SILENCE_SHOWN_S else None
        if turn.end_s is not None:
            heard_until = max(heard_until or 0.0, turn.end_s)
        said.append(Said(turn, record.role_of(turn), cut(turn.text, here), tuple(here), quiet,
                         tuple(in_none.get(turn.index, ()))))  # fmt: skip
    return said


def _next_turn(record: CallRecord, second: float | None) -> int:
    """The turn that starts after a second; the last one where none does."""
    later = (
        t.index
        for t in record.transcript.turns
        if second is not None and t.start_s is not None and t.start_s >= second
    )
    return next(later, record.transcript.turns[-1].index)


def cut(text: str, detections: Sequence[Detection]) -> tuple[Piece, ...]:
    """The text in pieces, each with the detections that cover it.

    A detection on the whole turn (a sign in the voice, a silence) marks no words.
    """
    spans = [
        (d.start_char, d.end_char, d)
        for d in detections
        if d.start_char is not None and d.end_char is not None and d.start_char < d.end_char
        if family_of(d.label) != "emotion"
    ]
    edges = sorted({0, len(text), *(min(e, len(text)) for a, b, _ in spans for e in (a, b))})
    return tuple(
        Piece(text[a:b], tuple(d for start, end, d in spans if start < b and end > a))
        for a, b in pairwise(edges)
    )
