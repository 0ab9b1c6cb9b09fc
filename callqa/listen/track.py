"""A speaker's voice over time, a quarter of a second a step, in a byte a measure.

Pace at a step is what was said within two and a half seconds of it, over the speaker's own time
there; each word's syllables are spread evenly over the word.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callqa.listen.vad import RATE
from callqa.listen.voicing import HOP, Doubles, Manner, Voiced, mean_level, tilt
from callqa.records import ProsodyTrack, Span, TrackRow, Turn
from callqa.syllables import syllables

STEP_S = 0.25
_LEAST_FRAMES = 4  # voiced frames of 16 ms that a step needs
_PACE_STEPS = 21  # five seconds and a step
_PACE_S = 1.5  # of own time that a pace needs


@dataclass(frozen=True, eq=False)
class Spoken:
    """A turn with its voiced frames, the second of each [frames], and its pauses."""

    turn: Turn
    voiced: Voiced
    at_s: Doubles
    pauses: Sequence[Span]


def track(who: str, spoken: Sequence[Spoken], usual: Manner, duration_s: float) -> ProsodyTrack:
    """One speaker's track over the whole recording."""
    steps = max(1, int(np.ceil(duration_s / STEP_S)))
    own_s = _own_time([s.turn for s in spoken], steps)
    rows: dict[TrackRow, Doubles] = _voice(spoken, usual, own_s) | _pace(spoken, own_s)
    values = np.stack(
        [_bytes(rows[name], ProsodyTrack.SCALES[name]) for name in ProsodyTrack.SCALES]
    )
    return ProsodyTrack(
        participant=who, step_s=STEP_S, values=b64encode(values.tobytes()).decode("ascii")
    )


def _bytes(row: Doubles, scale: float) -> npt.NDArray[np.int8]:
    """A row with NaN where nothing was measured, as signed bytes."""
    scaled = np.clip(np.round(row / scale), ProsodyTrack.NONE + 1, 127)
    return np.where(np.isnan(row), ProsodyTrack.NONE, scaled).astype(np.int8)


def _own_time(turns: Sequence[Turn], steps: int) -> Doubles:
    """Seconds of each step that lie in the speaker's turns, float [steps]."""
    own = np.zeros(steps)
    edges = np.arange(steps) * STEP_S
    for turn in turns:
        start_s, end_s = turn.start_s or 0.0, turn.end_s or 0.0
        part = slice(int(start_s / STEP_S), int(end_s / STEP_S) + 1)
        inside = np.minimum(edges[part] + STEP_S, end_s) - np.maximum(edges[part], start_s)
        own[part] = np.minimum(STEP_S, own[part] + np.maximum(0.0, inside))
    return own


def _voice(spoken: Sequence[Spoken], usual: Manner, own_s: Doubles) -> dict[TrackRow, Doubles]:
    at = np.concatenate([s.at_s for s in spoken])
    order = np.argsort(at, kind="stable")
    step = np.minimum((at[order] / STEP_S).astype(int), own_s.size - 1)
    pitch, level, bands = (
        np.concatenate([getattr(s.voiced, what) for s in spoken])[order]
        for what in ("pitch", "level", "bands")
    )
    names: tuple[TrackRow, ...] = ("pitch_st", "level_db", "tilt_db", "voiced")
    rows = {name: np.full(own_s.size, np.nan) for name in names}
    rows["voiced"][own_s > 0] = 0.0
    found, first = np.unique(step, return_index=True)
    for at_step, part in zip(found, np.split(np.arange(step.size), first[1:]), strict=True):
        rows["voiced"][at_step] = min(1.0, part.size * HOP / RATE / STEP_S)
        if part.size >= _LEAST_FRAMES:
            rows["pitch_st"][at_step] = np.median(pitch[part]) - usual.pitch
            rows["level_db"][at_step] = mean_level(level[part]) - usual.level
            rows["tilt_db"][at_step] = tilt(bands[part]) - usual.tilt
    return rows


def _pace(spoken: Sequence[Spoken], own_s: Doubles) -> dict[TrackRow, Doubles]:
    words, sounds = np.zeros(own_s.size), np.zeros(own_s.size)
    for word in (w for s in spoken for w in s.turn.words):
        if word.start_s is None or word.end_s is None:
            continue
        count = syllables(word.text)
        middles = word.start_s + (np.arange(count) + 0.5) / max(1, count) * (
            word.end_s - word.start_s
        )
        np.add.at(sounds, np.minimum((middles / STEP_S).astype(int), own_s.size - 1), 1.0)
        middle = (word.start_s + word.end_s) / 2
        words[min(int(middle / STEP_S), own_s.size - 1)] += 1.0

    def around(row: Doubles) -> Doubles:
        reach = _PACE_STEPS // 2
        return np.convolve(row, np.ones(_PACE_STEPS))[reach : reach + own_s.size]

    near_s = around(own_s)
    enough = (own_s > 0) & (near_s >= _PACE_S)
    per_minute = 60 / np.where(enough, near_s, 1.0)
    return {
        "words_per_minute": np.where(enough, around(words) * per_minute, np.nan),
        "syllables_per_minute": np.where(enough, around(sounds) * per_minute, np.nan),
    }
