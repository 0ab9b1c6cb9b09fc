"""Refusals that leave the customer nowhere: no other way follows, at once or in the next turn."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.cues import AGENTS, any_in_turn, next_by, relabel, view_of
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "negative.refusal"
_REPAIRS = (
    "cue.alternative",
    "positive.solution",
    "positive.options",
    "handling.transfer",
    "telephony.call_back",
)
_SOFTENERS = (" afraid ", " unfortunately ", " sorry ", " because ", " apologize ")


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """Refusals of the agent without an alternative; ``softened`` when regret or a reason came."""
    for cue in earlier["cue.refusal"]:
        view = view_of(call, cue)
        here = any_in_turn(earlier, _REPAIRS, view.index)
        if any(not _overlap(d, cue) for d in here):
            continue
        later = next_by(call, view, roles=AGENTS)
        if later is not None and any_in_turn(earlier, _REPAIRS, later.index):
            continue
        softened = any(word in view.plain.text for word in _SOFTENERS)
        yield relabel(
            call, cue, LABEL, "negative_refusal/no_alternative",
            why="refuses, and no other way is offered in this turn or the agent's next",
            confidence=0.7 if softened else 0.83,
            attributes={"softened": softened},
        )  # fmt: skip


def _overlap(a: Detection, b: Detection) -> bool:
    return (a.start_char or 0) < (b.end_char or 0) and (a.end_char or 0) > (b.start_char or 0)


DETECTOR = Detector(
    name="negative_refusal", labels=(LABEL,), needs=("cue.refusal", *_REPAIRS), detect=detect
)
