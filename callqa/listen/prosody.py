"""How each turn was spoken: pitch, level, tilt and pace against the speaker's own usual.

Pitch comes from SwiftF0, which holds up on telephone sound. Level and spectral tilt (the slope of
the spectrum in dB an octave over 0.1–3.7 kHz; a raised voice flattens it) are taken from the
voiced frames only. A speaker's usual is the median of their turns, each counting by its voiced
seconds, so that neither many short answers nor one loud turn move it. In one shared channel,
frames in which somebody else speaks are left out.
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
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 1000.0  # a woman who shouts reaches 600 Hz and more
_BAND_HZ = np.array([100, 200, 300, 400, 500, 630, 800, 1000, 1270, 1600, 2000, 2500, 3150, 3700])
_TURN_S = 0.4  # voiced seconds a turn needs
_SPEAKER_S = 2.0  # voiced seconds that make a baseline
_NOBODY = ("system", "unknown")


@dataclass(frozen=True, eq=False)
class Voiced:
    """Voiced frames: semitones over 1 Hz, level in dB, tilt in dB an octave; each [frames]."""

    pitch: npt.NDArray[np.float64]
    level: npt.NDArray[np.float64]
    tilt: npt.NDArray[np.float64]

    @property
    def seconds(self) -> float:
        """How much voice there is."""
        return self.pitch.size * _HOP / RATE


@dataclass(frozen=True)
class Manner:
    """How a stretch was spoken, in absolute terms, or what is usual for a speaker."""

    pitch: float  # semitones over 1 Hz, median
    pitch_high: float  # the upper quartile: where stressed syllables reach
    level: float  # dB of the mean energy
    tilt: float  # dB an octave, median


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
    voiced = {t.index: _of_turn(sound, t, channels[t.participant], transcript) for t in turns}
    usual = {
        who: usual_manner([voiced[t.index] for t in turns if t.participant == who])
        for who in channels
    }
    return tuple(_against(turn, voiced[turn.index], usual[turn.participant]) for turn in turns)


def voiced_frames(samples: Floats) -> tuple[Voiced, npt.NDArray[np.float64]]:
    """The voiced frames of float32 [n] at 16 kHz, and the time of each in seconds."""
    if samples.size < 2 * _HOP:
        return Voiced(*(np.zeros(0) for _ in range(3))), np.zeros(0)
    loud = float(np.percentile(np.abs(samples), 99))
    gain = float(np.clip(0.3 / max(loud, 1e-6), 1.0, 30.0))  # the tracker takes quiet for silence
    found = _tracker().detect(samples * np.float32(gain), RATE, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ)
    frames = np.flatnonzero(found.confidence >= 0.5)
    voiced = Voiced(
        12 * np.log2(found.pitch_hz[frames]),
        found.loudness_db[frames] - 20 * np.log10(gain),
        _tilt(samples, frames),
    )
    return voiced, found.timestamps[frames]


def manner(voiced: Voiced) -> Manner | None:
    """How a stretch was spoken; None below 0.4 s of voice."""
    if voiced.seconds < _TURN_S:
        return None
    middle, high = np.percentile(voiced.pitch, [50, 75])
    level = 10 * np.log10(np.mean(10 ** (voiced.level / 10)))
    return Manner(float(middle), float(high), float(level), float(np.median(voiced.tilt)))


def usual_manner(own: Sequence[Voiced]) -> Manner | None:
    """A speaker's usual: medians over stretches, by voiced seconds; None below 2 s in all."""
    if sum(v.seconds for v in own) < _SPEAKER_S:
        return None
    known = [(m, v.seconds) for v in own if (m := manner(v)) is not None]
    if not known:
        return None
    weights = np.array([seconds for _, seconds in known])
    columns = np.array([(m.pitch, m.pitch_high, m.level, m.tilt) for m, _ in known]).T
    return Manner(*(_weighted_median(column, weights) for column in columns))


def relative(turn: int, own: Voiced, usual: Manner | None) -> TurnProsody:
    """A stretch against the speaker's usual; only its voiced seconds where that is not known."""
    how = manner(own)
    if usual is None or how is None:
        return TurnProsody(turn=turn, voiced_s=round(own.seconds, 3))
    low, high = np.percentile(own.pitch, [10, 90])
    return TurnProsody(
        turn=turn,
        voiced_s=round(own.seconds, 3),
        pitch_st=round(how.pitch - usual.pitch, 2),
        pitch_high_st=round(how.pitch_high - usual.pitch_high, 2),
        pitch_range_st=round(float(high - low), 2),
        level_db=round(how.level - usual.level, 2),
        tilt_db=round(how.tilt - usual.tilt, 2),
    )


# ---------------------------------------------------------------- the way there


def _of_turn(sound: Sound, turn: Turn, channel: int | None, transcript: Transcript) -> Voiced:
    start_s, end_s = turn.start_s or 0.0, turn.end_s or 0.0
    first = int(start_s * RATE)
    source = sound.samples[sound.listened_channel if channel is None else channel]
    voiced, at = voiced_frames(source[first : max(int(end_s * RATE), first + 2 * _HOP)])
    if channel is not None:
        return voiced
    alone = ~_others_speak(start_s + at, turn.participant, transcript.speech)
    return Voiced(voiced.pitch[alone], voiced.level[alone], voiced.tilt[alone])


def _others_speak(
    at: npt.NDArray[np.float64], who: str, speech: Mapping[str, Sequence[Span]]
) -> npt.NDArray[np.bool_]:
    busy = np.zeros(at.size, bool)
    for span in (s for other, spans in speech.items() if other != who for s in spans):
        busy |= (at >= span.start_s) & (at < span.end_s)
    return busy


def _tilt(part: Floats, frames: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """The slope of a straight line through the band levels against octaves."""
    if not frames.size:
        return np.zeros(0)
    padded = np.pad(part, (_HOP, 2 * _HOP))
    blocks = np.stack([padded[i * _HOP : (i + 2) * _HOP] for i in frames])
    power = np.square(np.abs(np.fft.rfft(blocks * np.hanning(2 * _HOP), axis=1))) + 1e-12
    edges = np.searchsorted(np.fft.rfftfreq(2 * _HOP, 1 / RATE), _BAND_HZ)
    levels = 10 * np.log10(np.add.reduceat(power, edges, axis=1)[:, :-1])
    octaves = np.log2(_BAND_HZ[:-1] * _BAND_HZ[1:]) / 2
    octaves -= octaves.mean()
    return np.asarray(levels @ octaves / (octaves @ octaves), np.float64)


def _weighted_median(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    half = reached[-1] / 2
    at = int(np.searchsorted(reached, half))
    if np.isclose(reached[at], half) and at + 1 < len(order):
        return float(values[order[at : at + 2]].mean())
    return float(values[order[at]])


def _against(turn: Turn, own: Voiced, usual: Manner | None) -> TurnProsody:
    length_s = (turn.end_s or 0.0) - (turn.start_s or 0.0)
    pace = None
    if len(turn.words) >= 4 and length_s >= 1.0:
        pace = round(60 * len(turn.words) / length_s, 1)
    return relative(turn.index, own, usual).model_copy(update={"words_per_minute": pace})
