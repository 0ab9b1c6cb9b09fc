"""The voice in a stretch of sound: pitch, level and spectral tilt of its voiced frames.

Pitch comes from SwiftF0, which holds up on telephone sound. Level and spectral tilt (the slope of
the mean spectrum in dB an octave over 0.1–3.7 kHz; a raised voice flattens it) are taken from the
voiced frames only. A speaker's usual is the median of their stretches (the mean of the middle
third), each counting by its voiced seconds, so that neither many short answers nor one loud turn
move it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.listen.vad import RATE
from callqa.weights import find

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

HOP = 256  # SwiftF0's frame, 16 ms
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 1000.0  # a woman who shouts reaches 600 Hz and more
_BAND_HZ = np.array([100, 200, 300, 400, 500, 630, 800, 1000, 1270, 1600, 2000, 2500, 3150, 3700])
_STRETCH_S = 0.4  # voiced seconds a stretch needs
_SPEAKER_S = 2.0  # voiced seconds that make a baseline


@dataclass(frozen=True, eq=False)
class Voiced:
    """Voiced frames: semitones over 1 Hz and level in dB, [frames]; power by band, [frames, 13]."""

    pitch: Doubles
    level: Doubles
    bands: Floats

    @property
    def seconds(self) -> float:
        """How much voice there is."""
        return self.pitch.size * HOP / RATE

    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> Voiced:
        return Voiced(self.pitch[chosen], self.level[chosen], self.bands[chosen])


@dataclass(frozen=True)
class Manner:
    """How a stretch was spoken, in absolute terms, or what is usual for a speaker."""

    pitch: float  # semitones over 1 Hz, median
    pitch_high: float  # the upper quartile: where stressed syllables reach
    level: float  # dB of the mean energy
    tilt: float  # dB an octave, of the mean spectrum


@lru_cache(maxsize=1)
def _tracker(threads: int | None) -> Any:
    find("swift-f0")  # verified before it is loaded
    from swift_f0 import SwiftF0

    return SwiftF0(threads=threads, spin=False)


def voiced_frames(samples: Floats, *, threads: int | None = 1) -> tuple[Voiced, Doubles]:
    """The voiced frames of float32 [n] at 16 kHz, and the time of each in seconds."""
    if samples.size < 2 * HOP:
        return Voiced(np.zeros(0), np.zeros(0), _bands(samples, np.zeros(0, int))), np.zeros(0)
    loud = float(np.percentile(np.abs(samples), 99))
    gain = float(np.clip(0.3 / max(loud, 1e-6), 1.0, 30.0))  # the tracker takes quiet for silence
    found = _tracker(threads).detect(
        samples * np.float32(gain), RATE, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ
    )
    frames = np.flatnonzero(found.confidence >= 0.5)
    voiced = Voiced(
        12 * np.log2(found.pitch_hz[frames]),
        found.loudness_db[frames] - 20 * np.log10(gain),
        _bands(samples, frames),
    )
    return voiced, found.timestamps[frames]


def manner(voiced: Voiced) -> Manner | None:
    """How a stretch was spoken; None below 0.4 s of voice."""
    if voiced.seconds < _STRETCH_S:
        return None
    middle, high = np.percentile(voiced.pitch, [50, 75])
    return Manner(float(middle), float(high), mean_level(voiced.level), tilt(voiced.bands))


def mean_level(levels: Doubles) -> float:
    """The level in dB of the mean energy of levels in dB, [frames]."""
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))


def tilt(bands: Floats) -> float:
    """The slope of a straight line through the levels of the mean power, [frames, 13], by octaves.

    Loud frames, the middles of stressed vowels, count most.
    """
    levels = 10 * np.log10(bands.mean(axis=0, dtype=np.float64))
    octaves = np.log2(_BAND_HZ[:-1] * _BAND_HZ[1:]) / 2
    octaves -= octaves.mean()
    return float(levels @ octaves / (octaves @ octaves))


def usual_manner(own: Sequence[Voiced]) -> Manner | None:
    """A speaker's usual: medians over stretches, by voiced seconds; None below 2 s in all."""
    if sum(v.seconds for v in own) < _SPEAKER_S:
        return None
    known = [(m, v.seconds) for v in own if (m := manner(v)) is not None]
    if not known:
        return None
    weights = np.array([seconds for _, seconds in known])
    columns = np.array([(m.pitch, m.pitch_high, m.level, m.tilt) for m, _ in known]).T
    return Manner(*(_weighted_middle(column, weights) for column in columns))


def _bands(part: Floats, frames: npt.NDArray[np.intp]) -> Floats:
    """Power of each band in some frames."""
    padded = np.pad(part, (HOP, 2 * HOP))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, 2 * HOP)[frames * HOP]
    power = np.square(np.abs(np.fft.rfft(blocks * np.hanning(2 * HOP), axis=1))) + 1e-12
    edges = np.searchsorted(np.fft.rfftfreq(2 * HOP, 1 / RATE), _BAND_HZ)
    return np.add.reduceat(power, edges, axis=1)[:, :-1].astype(np.float32)


def _weighted_middle(values: Doubles, weights: Doubles) -> float:
    """The mean of the middle third of the weight: the median, but few values do not make it leap.

    >>> _weighted_middle(np.array([1.0, 2.0, 9.0, 4.0]), np.ones(4))
    3.0
    """
    order = np.argsort(values)
    ends = np.cumsum(weights[order]) / weights.sum()
    starts = np.concatenate([[0.0], ends[:-1]])
    within = np.clip(np.minimum(ends, 2 / 3) - np.maximum(starts, 1 / 3), 0.0, None)
    return float(values[order] @ within / within.sum())
