"""Silences that nobody announced. Needs sound: without times there is nothing to find."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found
from callqa.profile import Profile
from callqa.records import Detection, Span

LABEL = "handling.unexplained_silence"
ANNOUNCED_WITHIN_S = 10.0  # a word about the wait counts this long before it
_ANNOUNCES = (
    "handling.hold_requested",
    "handling.looking_up",
    "handling.progress_update",
    "handling.record_updating",
    "handling.transfer",
    "telephony.mute",
    "cue.customer_wait",
)


def detect(call: CallView, profile: Profile, earlier: Found) -> Iterable[Detection]:
    """Silences of ``profile.silence_s`` or more inside the call that no word led into.

    The stretch before the first and after the last turn belongs to nobody and is left out; so is
    a silence that the customer asked for (“hang on, I'll get a pen”).
    """
    agent = next((t for t in call.turns if t.role == "agent"), None)
    starts = [t.start_s for t in call.turns if t.start_s is not None]
    ends = [t.end_s for t in call.turns if t.end_s is not None]
    if agent is None or not starts or not ends:
        return
    for silence in call.silences:
        inside = silence.start_s > min(starts) and silence.end_s < max(ends)
        if not inside or silence.length_s < profile.silence_s or _announced(earlier, silence):
            continue
        before = [
            t.index for t in call.turns if t.end_s is not None and t.end_s <= silence.start_s + 0.5
        ]
        yield call.span(
            LABEL,
            silence,
            participant=agent.turn.participant,
            role="agent",
            turn=before[-1] if before else None,
            confidence=0.9 if call.speech else 0.8,
            why=f"{silence.length_s:.0f} s of silence that nobody announced",
            rule="silence/unannounced",
            attributes={"seconds": round(silence.length_s, 1)},
        )


def _announced(earlier: Found, silence: Span) -> bool:
    return any(
        d.end_s is not None and -ANNOUNCED_WITHIN_S <= d.end_s - silence.start_s <= 1.0
        for label in _ANNOUNCES
        for d in earlier[label]
    )


DETECTOR = Detector(name="silence", labels=(LABEL,), needs=_ANNOUNCES, detect=detect)
