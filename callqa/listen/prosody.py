"""How each turn was spoken: pitch, level, tilt and pace against the speaker's own median.

Pitch comes from SwiftF0, which holds up on telephone sound. Level and spectral tilt (energy of
1–3.4 kHz over 0.1–1 kHz; a raised voice lifts it) are taken from the voiced frames only. In one
shared channel, frames in which somebody else speaks are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.listen.audio import Sound
from callqa.listen.vad import RATE
from callqa.listen.weights import find
from callqa.records import Participant, Span, Transcript, Turn, TurnProsody

Floats = npt.NDArray[np.float32]

_HOP = 256  # SwiftF0's frame, 16 ms
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 500.0
_TURN_S = 0.4  # voiced seconds a turn needs
_SPEAKER_S = 3.0  # voiced seconds that make a baseline
_NOBODY = ("system", "unknown")


@dataclass(frozen=True, eq=False)
class _Voiced:
    """Voiced frames of a turn: pitch in semitones over 1 Hz, level in dB, tilt in dB; [frames]."""

    pitch: npt.NDArray[np.float64]
    level: npt.NDArray[np.float64]
    tilt: npt.NDArray[np.float64]

    @property
    def seconds(self) -> float:
        return self.pitch.size * _HOP / RATE


@cache
def _tracker() -> Any:
    find("swift-f0")  # verified before it is loaded
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1, spin=False)


def measure(
    sound: Sound, transcript: Transcript, participants: Sequence[Participant]
) -> tuple[TurnProsody, ...]:
    """Measures of every timed turn of a person; None where there is too little voice to tell."""
    channels = {p.id: p.channel for p in participants if p.id not in _NOBODY}
    turns = [
        t
        for t in transcript.turns
        if t.participant in channels and t.start_s is not None and t.end_s is not None
    ]
    voiced = {t.index: _voiced(sound, t, channels[t.participant], transcript) for t in turns}
    medians = {who: _median(who, turns, voiced) for who in channels}
    return tuple(_against(turn, voiced[turn.index], medians[turn.participant]) for turn in turns)


def _voiced(sound: Sound, turn: Turn, channel: int | None, transcript: Transcript) -> _Voiced:
    start_s, end_s = turn.start_s or 0.0, turn.end_s or 0.0
    first = int(start_s * RATE)
    shared = channel is None
    source = sound.samples[sound.listened_channel if channel is None else channel]
    part = source[first : max(int(end_s * RATE), first + 2 * _HOP)]
    if part.size < 2 * _HOP:
        return _Voiced(*(np.zeros(0) for _ in range(3)))
    found = _tracker().detect(part, RATE, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ)
    at = start_s + found.timestamps
    use = found.confidence >= 0.5
    if shared:
        use &= ~_others_speak(at, turn.participant, transcript.speech)
    frames = np.flatnonzero(use)
    return _Voiced(
        12 * np.log2(found.pitch_hz[frames]), found.loudness_db[frames], _tilt(part, frames)
    )


def _others_speak(
    at: npt.NDArray[np.float64], who: str, speech: Mapping[str, Sequence[Span]]
) -> npt.NDArray[np.bool_]:
    busy = np.zeros(at.size, bool)
    for span in (s for other, spans in speech.items() if other != who for s in spans):
        busy |= (at >= span.start_s) & (at < span.end_s)
    return busy


def _tilt(part: Floats, frames: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    padded = np.pad(part, (_HOP, 2 * _HOP))
    blocks = np.stack([padded[i * _HOP : (i + 2) * _HOP] for i in frames]) if frames.size else None
    if blocks is None:
        return np.zeros(0)
    power = np.square(np.abs(np.fft.rfft(blocks * np.hanning(2 * _HOP), axis=1))) + 1e-12
    hertz = np.fft.rfftfreq(2 * _HOP, 1 / RATE)
    high = power[:, (hertz >= 1000) & (hertz < 3400)].sum(axis=1)
    low = power[:, (hertz >= 100) & (hertz < 1000)].sum(axis=1)
    return np.asarray(10 * np.log10(high / low), np.float64)


def _median(
    who: str, turns: Sequence[Turn], voiced: Mapping[int, _Voiced]
) -> tuple[float, float, float] | None:
    own = [voiced[t.index] for t in turns if t.participant == who]
    if sum(v.seconds for v in own) < _SPEAKER_S:
        return None
    return (
        float(np.median(np.concatenate([v.pitch for v in own]))),
        float(np.median(np.concatenate([v.level for v in own]))),
        float(np.median(np.concatenate([v.tilt for v in own]))),
    )


def _against(turn: Turn, own: _Voiced, median: tuple[float, float, float] | None) -> TurnProsody:
    length_s = (turn.end_s or 0.0) - (turn.start_s or 0.0)
    pace = None
    if len(turn.words) >= 4 and length_s >= 1.0:
        pace = round(60 * len(turn.words) / length_s, 1)
    if median is None or own.seconds < _TURN_S:
        return TurnProsody(turn=turn.index, voiced_s=round(own.seconds, 3), words_per_minute=pace)
    low, high = np.percentile(own.pitch, [10, 90])
    return TurnProsody(
        turn=turn.index,
        voiced_s=round(own.seconds, 3),
        pitch_st=round(float(np.median(own.pitch)) - median[0], 2),
        pitch_range_st=round(float(high - low), 2),
        level_db=round(float(np.median(own.level)) - median[1], 2),
        tilt_db=round(float(np.median(own.tilt)) - median[2], 2),
        words_per_minute=pace,
    )
