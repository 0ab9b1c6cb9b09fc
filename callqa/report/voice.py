"""The customer's voice over time, where it was found to be raised: onset, peak and recovery.

Drawn only beside a sign of emotion, and so never for an agent: the curve is the same sum of
pitch, level and tilt that the sign rests on, smoothed over three seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from callqa.detect.arousal import LEVEL_DB, PITCH_ST, RAISED, TILT_DB
from callqa.records import CallRecord, Detection, ProsodyTrack
from callqa.report.wording import clock

HEIGHT = 52.0
_SMOOTHED_S = 3.0
_HIGHEST, _LOWEST = 1.5 * RAISED, -RAISED  # what lies beyond stays at the edge
_BREAK_S = 2.0  # without voice, the line is broken


@dataclass(frozen=True)
class Moment:
    """A point of the curve that has a name."""

    x: float
    at: float
    name: str
    title: str


@dataclass(frozen=True)
class Voice:
    """The curve as polylines, the height of the usual, and the moments."""

    y: float
    usual_y: float
    lines: tuple[str, ...]
    moments: tuple[Moment, ...]
    height: float = HEIGHT


def voice(record: CallRecord, x: Callable[[float], float], top: float) -> Voice | None:
    """The geometry of the curve below ``top``; None where no raised voice was found.

    Args:
        x: where a second of the call lies.
    """
    raised = [d for d in record.detections if d.label == "emotion.raised"]
    tracks = {t.participant: t for t in record.tracks}
    own = next((tracks[d.participant] for d in raised if d.participant in tracks), None)
    if own is None:
        return None

    def y(value: float) -> float:
        inside = min(max(value, _LOWEST), _HIGHEST)
        return round(top + HEIGHT * (_HIGHEST - inside) / (_HIGHEST - _LOWEST), 1)

    lines = tuple(
        " ".join(f"{x(at)},{y(value)}" for at, value in part) for part in _parts(curve(own))
    )
    moments = tuple(m for d in raised if d.participant == own.participant for m in _moments(d, x))
    return Voice(top, y(0.0), lines, moments)


def curve(track: ProsodyTrack) -> list[tuple[float, float]]:
    """(second, how much more roused than usual), for every step with voice near it."""
    rows = zip(
        track.row("pitch_st"), track.row("level_db"), track.row("tilt_db"), track.row("voiced"),
        strict=True,
    )  # fmt: skip
    weighted = [
        (0.0, 0.0)
        if pitch is None or level is None or tilt is None or not share
        else (share * (pitch / PITCH_ST + level / LEVEL_DB + tilt / TILT_DB), share)
        for pitch, level, tilt, share in rows
    ]
    reach = round(_SMOOTHED_S / track.step_s / 2)
    found = []
    for n, (_, here) in enumerate(weighted):
        near = weighted[max(0, n - reach) : n + reach + 1]
        weight = sum(w for _, w in near)
        if here and weight:
            found.append(((n + 0.5) * track.step_s, sum(s for s, _ in near) / weight))
    usual = median(value for _, value in found) if found else 0.0
    return [(at, value - usual) for at, value in found]


def _parts(points: Sequence[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    part: list[tuple[float, float]] = []
    for point in points:
        if part and point[0] - part[-1][0] > _BREAK_S:
            yield part
            part = []
        part.append(point)
    if part:
        yield part


def _moments(d: Detection, x: Callable[[float], float]) -> Iterator[Moment]:
    for name in ("onset", "peak", "recovery"):
        at = d.attributes.get(f"{name}_s")
        if isinstance(at, int | float):
            yield Moment(x(at), at, name, f"{name.capitalize()} of a raised voice, {clock(at)}")
