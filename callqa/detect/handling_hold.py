"""Whether the customer who is asked to wait is told why, or for how long."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.cues import AGENTS, any_in_turn, relabel, view_of
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "handling.hold_explained"
_REASONS = ("cue.hold_reason", "handling.looking_up")


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """For each request to wait, the nearest reason or length in this or a neighbouring turn."""
    for hold in earlier["handling.hold_requested"]:
        reason = _reason(call, earlier, hold)
        if reason is not None:
            yield relabel(
                call, reason, LABEL, "handling_hold/reason",
                why="says why, or for how long, the customer waits",
                confidence=min(reason.confidence, hold.confidence),
                parts=(hold.id,),
            )  # fmt: skip


def _reason(call: CallView, earlier: Found, hold: Detection) -> Detection | None:
    """The reason in the same turn, else in the agent's turn just before or after."""
    view = view_of(call, hold)
    own = [t.index for t in call.turns if t.role in AGENTS and t.role == view.role]
    at = own.index(view.index)
    for turn in (view.index, *own[at + 1 : at + 2], *own[max(0, at - 1) : at]):
        if abs(turn - view.index) <= 2:
            reasons = any_in_turn(earlier, _REASONS, turn)
            if reasons:
                return min(reasons, key=lambda d: abs((d.start_char or 0) - (hold.end_char or 0)))
    return None


DETECTOR = Detector(
    name="handling_hold",
    labels=(LABEL,),
    needs=("handling.hold_requested", *_REASONS),
    detect=detect,
)
