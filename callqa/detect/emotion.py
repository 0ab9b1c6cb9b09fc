"""Signs of emotion in the customer's voice, against the same voice's own middle in this call.

Never for agents: inferring a worker's emotions from the voice is prohibited in the EU (AI Act
Art. 5(1)(f)), and there is no switch that would compute it. What is found is a sign, not a
feeling. The baseline is the median over the customer's own turns, so it is robust only when most
of what they say is calm: a caller who is angry throughout shows no rise.

The score is ``arousal``'s: a plain sum of pitch, level and spectral tilt, of which two must agree
before anything is said. Its limit widens for a voice that swings all the time. “Strained” is not
emitted: these measures cannot tell it from surprise or laughter. Nor is “subdued”: a low and
quiet voice is as often calm as sad (`python -m benchmarks.emotion`). Nor do they tell joy from
anger; that is left to the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from callqa.detect.arousal import RAISED, arousal, is_raised
from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.profile import Profile
from callqa.records import Attribute, Detection, Span

LEAST_TURN_S = 0.6  # voiced speech in a turn, below which its measures wobble
LEAST_TURNS = 4
LEAST_VOICED_S = 15.0  # over the call
USUAL_SPREAD = 2.0  # of arousal between calm turns of one speaker
CALM = 2.0  # arousal below which a voice that was raised is back at its usual
CALM_TURNS = 2
MAD_TO_SPREAD = 1.4826  # median absolute deviation → standard deviation, normal distribution


@dataclass(frozen=True)
class _Scored:
    """A turn and its arousal from the speaker's usual, in a call where limits are so wide."""

    view: TurnView
    score: float
    raised: bool


def detect(call: CallView, _profile: Profile, _earlier: Found) -> Iterable[Detection]:
    """Raised and recovering stretches of the customer; nothing when heard too little."""
    by_customer: dict[str, list[TurnView]] = {}
    for view in call.turns:
        if view.role == "customer" and view.start_s is not None and view.end_s is not None:
            by_customer.setdefault(view.turn.participant, []).append(view)
    for views in by_customer.values():
        yield from _signs(call, _scored(call, views))


def _scored(call: CallView, views: Sequence[TurnView]) -> list[_Scored]:
    """The turns with enough voice, each with its score; [] below the least amounts."""
    heard = [
        (view, p)
        for view in views
        if (p := call.prosody.get(view.index)) is not None and p.voiced_s >= LEAST_TURN_S
    ]
    if len(heard) < LEAST_TURNS or sum(p.voiced_s for _, p in heard) < LEAST_VOICED_S:
        return []
    scores = [score for _, p in heard if (score := arousal(p)) is not None]
    if len(scores) < LEAST_TURNS:
        return []
    usual = median(scores)
    spread = MAD_TO_SPREAD * median(abs(score - usual) for score in scores)
    wide = max(1.0, spread / USUAL_SPREAD)
    return [
        _Scored(
            view,
            score - usual,
            is_raised(p, usual=usual, limit=wide * RAISED),
        )
        for view, p in heard
        if (score := arousal(p)) is not None
    ]


def _signs(call: CallView, scored: Sequence[_Scored]) -> Iterator[Detection]:
    for start, end in _runs([s.raised for s in scored]):
        stretch = scored[start:end]
        after = scored[end : end + CALM_TURNS]
        recovers = len(after) == CALM_TURNS and all(s.score < CALM for s in after)
        back_s = after[0].view.start_s if recovers else None
        yield _sign(call, "emotion.raised", "voice raised", stretch, back_s)
        if recovers:
            yield _sign(call, "emotion.recovering", "voice back to its usual", after)


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Half-open stretches of neighbouring turns that are flagged."""
    start = None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            yield start, i
            start = None


def _sign(
    call: CallView,
    label: str,
    says: str,
    stretch: Sequence[_Scored],
    recovery_s: float | None = None,
) -> Detection:
    first, last = stretch[0].view, stretch[-1].view
    start, end = first.start_s or 0.0, last.end_s or 0.0
    peak = max(stretch, key=lambda s: s.score)
    strength = abs(peak.score)
    confident = 0.6 if label == "emotion.recovering" else 0.4 + 0.04 * strength
    timeline: dict[str, Attribute] = {"onset_s": start, "peak_s": peak.view.start_s or start}
    if recovery_s is not None:
        timeline["recovery_s"] = recovery_s
    return call.span(
        label,
        Span(start_s=start, end_s=end),
        participant=first.turn.participant,
        role="customer",
        turn=first.index,
        confidence=min(0.8, confident),
        why=f"{says} from {int(start) // 60}:{int(start) % 60:02d}, "
        "against the customer's own usual voice in this call",
        rule="emotion/" + label.split(".")[1],
        attributes={"turns": len(stretch), "strength": round(strength, 1), **timeline},
    )


DETECTOR = Detector(
    name="emotion",
    labels=("emotion.raised", "emotion.recovering"),
    version="3",
    detect=detect,
)
