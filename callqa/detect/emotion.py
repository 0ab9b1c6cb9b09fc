"""Signs of emotion in the customer's voice, against the same voice's own middle in this call.

Never for agents: inferring a worker's emotions from the voice is prohibited in the EU (AI Act
Art. 5(1)(f)), and there is no switch that would compute it. What is found is a sign, not a
feeling. The baseline is the median over the customer's own turns, so it is robust only when most
of what they say is calm: a caller who is angry throughout shows no rise.

Three measures are summed, each in units of its usual spread between calm turns: pitch, level and
spectral tilt. Level moves with the telephone's distance and pitch with a question's ending, so
two of them must agree before anything is said. On acted sentences at telephone rate (RAVDESS,
each actor against their own calm sentences) the limits below, set on actors 1–6, find 46% of the
angry and all of the strongly angry sentences of actors 7–12 with none of their 72 calm ones;
sadness hardly shows, and fear and surprise raise the voice as anger does. “Strained” is not
emitted: these measures cannot tell it from surprise or laughter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.profile import Profile
from callqa.records import Detection, Span

LEAST_TURN_S = 0.6  # voiced speech in a turn, below which its measures wobble
LEAST_TURNS = 4
LEAST_VOICED_S = 15.0  # over the call
USUAL_PITCH_ST = 2.0  # spread between calm turns of one speaker, the least that is assumed
USUAL_LEVEL_DB = 3.0
USUAL_TILT_DB = 3.0
AGREES = 1.0  # spreads away from the middle at which one measure counts
RAISED = 4.0  # sum of the three at which a turn stands out
CALM = 1.0  # sum below which the voice is back at its middle
CALM_TURNS = 2
MAD_TO_SPREAD = 1.4826  # median absolute deviation → standard deviation, normal distribution


@dataclass(frozen=True)
class _Scored:
    view: TurnView
    score: float
    agree_up: int
    agree_down: int


def detect(call: CallView, _profile: Profile, _earlier: Found) -> Iterable[Detection]:
    """Raised, subdued and recovering stretches of the customer; nothing when heard too little."""
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
    columns = (
        _in_spreads([p.pitch_st for _, p in heard], USUAL_PITCH_ST),
        _in_spreads([p.level_db for _, p in heard], USUAL_LEVEL_DB),
        _in_spreads([p.tilt_db for _, p in heard], USUAL_TILT_DB),
    )
    scored = []
    for n, (view, _) in enumerate(heard):
        values = [column[n] for column in columns]
        scored.append(
            _Scored(
                view,
                sum(values),
                sum(v >= AGREES for v in values),
                sum(v <= -AGREES for v in values),
            )
        )
    return scored


def _in_spreads(values: Sequence[float | None], usual: float) -> list[float]:
    """Distances from the median in spreads of the middle half; 0 where nothing was measured."""
    known = [v for v in values if v is not None]
    if not known:
        return [0.0] * len(values)
    middle = median(known)
    spread = max(usual, MAD_TO_SPREAD * median(abs(v - middle) for v in known))
    return [0.0 if v is None else (v - middle) / spread for v in values]


def _signs(call: CallView, scored: Sequence[_Scored]) -> Iterator[Detection]:
    raised = [s.score >= RAISED and s.agree_up >= 2 for s in scored]
    subdued = [s.score <= -RAISED and s.agree_down >= 2 for s in scored]
    for start, end in _runs(raised):
        stretch = scored[start:end]
        yield _sign(call, "emotion.raised", "voice raised", stretch)
        after = scored[end : end + CALM_TURNS]
        if len(after) == CALM_TURNS and all(s.score < CALM for s in after):
            yield _sign(call, "emotion.recovering", "voice back to its usual", after)
    for start, end in _runs(subdued):
        yield _sign(call, "emotion.subdued", "voice lower and quieter", scored[start:end])


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Half-open stretches of neighbouring turns that are flagged."""
    start = None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            yield start, i
            start = None


def _sign(call: CallView, label: str, says: str, stretch: Sequence[_Scored]) -> Detection:
    first, last = stretch[0].view, stretch[-1].view
    start, end = first.start_s or 0.0, last.end_s or 0.0
    strength = max(abs(s.score) for s in stretch)
    confident = 0.6 if label == "emotion.recovering" else 0.5 + 0.05 * strength
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
        attributes={"turns": len(stretch), "strength": round(strength, 1)},
    )


DETECTOR = Detector(
    name="emotion",
    labels=("emotion.raised", "emotion.subdued", "emotion.recovering"),
    detect=detect,
)
