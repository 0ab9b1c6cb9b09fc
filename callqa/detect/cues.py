"""Small steps that many detectors share: from a cue to a detection, and around a turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from callqa.detect.base import CallView, Found, TurnView
from callqa.records import Attribute, Detection
from callqa.text import SENTENCE_END


def view_of(call: CallView, detection: Detection) -> TurnView:
    """The turn that a detection with words stands in."""
    assert detection.turn is not None, "a detection on silence stands in no turn"
    return call.turns[detection.turn]


def relabel(
    call: CallView,
    cue: Detection,
    label: str,
    rule: str,
    *,
    why: str | None = None,
    confidence: float | None = None,
    attributes: Mapping[str, Attribute] | None = None,
    parts: Iterable[str] = (),
) -> Detection:
    """The words of a cue, under the label that a detector decided on."""
    return call.detection(
        label,
        view_of(call, cue),
        cue.start_char or 0,
        cue.end_char or 0,
        confidence=cue.confidence if confidence is None else confidence,
        why=why or cue.why,
        rule=rule,
        attributes=attributes,
        parts=parts,
    )


def any_in_turn(found: Found, labels: Iterable[str], turn: int) -> list[Detection]:
    """The detections of several labels in one turn."""
    return [d for label in labels for d in found.in_turn(label, turn)]


def next_by(call: CallView, view: TurnView, *, roles: tuple[str, ...]) -> TurnView | None:
    """The next turn of one of these roles that says more than a word or two."""
    for later in call.turns[view.index + 1 :]:
        if later.role in roles and word_count(later) > 2:
            return later
    return None


def before(call: CallView, view: TurnView, *, roles: tuple[str, ...], turns: int) -> list[TurnView]:
    """The last ``turns`` turns of these roles before a turn, nearest first."""
    earlier = [t for t in call.turns[: view.index] if t.role in roles]
    return earlier[::-1][:turns]


def word_count(view: TurnView) -> int:
    """Plain words of a turn, sentence marks left out."""
    return sum(1 for token in view.plain.tokens if token != SENTENCE_END)


def previous_token(view: TurnView, detection: Detection, back: int = 1) -> str:
    """The plain word before a detection, or "" at the start of its sentence."""
    tokens = view.plain.tokens_in(detection.start_char or 0, detection.end_char or 0)
    at = tokens[0] - back if tokens else -1
    if at < 0 or SENTENCE_END in view.plain.tokens[at : tokens[0]]:
        return ""
    return view.plain.tokens[at]


AGENTS = ("agent", "second_agent")
CUSTOMER = ("customer",)
