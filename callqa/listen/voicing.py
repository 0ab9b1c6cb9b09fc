"""The voice in a stretch of sound: pitch, level and spectral tilt of its voiced frames.

Pitch comes from SwiftF0, which holds up on telephone sound. Level and spectral tilt (the slope of
the spectrum in dB an octave over 0.1–3.7 kHz; a raised voice flattens it) are taken from the
voiced frames only. A speaker's usual is the median of their stretches, each counting by its voiced
seconds, so that neither many short answers nor one loud turn move it.
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
    """Voiced frames: semitones over 1 Hz, level in dB, tilt in dB an octave; each [frames]."""

    pitch: Doubles
    level: Doubles
    tilt: Doubles

    @property
    def seconds(self) -> float:
        """How much voice there is."""
        return self.pitch.size * HOP / RATE

    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> Voiced:
        return Voiced(self.pitch[chosen], self.level[chosen], self.tilt[chosen])


@dataclass(frozen=True)
class Manner:
    """How a stretch was spoken, in absolute terms, or what is usual for a speaker."""

    pitch: float  # semitones over 1 Hz, median
    pitch_high: float  # the upper quartile: where stressed syllables reach
    level: float  # dB of the mean energy
    tilt: float  # dB an octave, median


@lru_cache(maxsize=1)
def _tracker(threads: int | None) -> Any:
    find("swift-f0")  # verified before it is loaded
    from swift_f0 import SwiftF0

    return SwiftF0(threads=threads, spin=False)


def voiced_frames(samples: Floats, *, threads: int | None = 1) -> tuple[Voiced, Doubles]:
    """The voiced frames of float32 [n] at 16 kHz, and the time of each in seconds."""
    if samples.size < 2 * HOP:
        return Voiced(*(np.zeros(0) for _ in range(3))), np.zeros(0)
    loud = float(np.percentile(np.abs(samples), 99))
    gain = float(np.clip(0.3 / max(loud, 1e-6), 1.0, 30.0))  # the tracker takes quiet for silence
    found = _tracker(threads).detect(
        samples * np.float32(gain), RATE, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ
    )
    frames = np.flatnonzero(found.confidence >= 0.5)
    voiced = Voiced(
        12 * np.log2(found.pitch_hz[frames]),
        found.loudness_db[frames] - 20 * np.log10(gain),
        _tilt(samples, frames),
    )
    return voiced, found.timestamps[frames]


def manner(voiced: Voiced) -> Manner | None:
    """How a stretch was spoken; None below 0.4 s of voice."""
    if voiced.seconds < _STRETCH_S:
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


def _tilt(part: Floats, frames: npt.NDArray[np.intp]) -> Doubles:
    """The slope of a straight line through the band levels against octaves."""
    if not frames.size:
        return np.zeros(0)
    padded = np.pad(part, (HOP, 2 * HOP))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, 2 * HOP)[frames * HOP]
    power = np.square(np.abs(np.fft.rfft(blocks * np.hanning(2 * HOP), axis=1))) + 1e-12
    edges = np.searchsorted(np.fft.rfftfreq(2 * HOP, 1 / RATE), _BAND_HZ)
    levels = 10 * np.log10(np.add.reduceat(power, edges, axis=1)[:, :-1])
    octaves = np.log2(_BAND_HZ[:-1] * _BAND_HZ[1:]) / 2
    octaves -= octaves.mean()
    return np.asarray(levels @ octaves / (octaves @ octaves), np.float64)


def _weighted_median(values: Doubles, weights: Doubles) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    half = reached[-1] / 2
    at = int(np.searchsorted(reached, half))
    if np.isclose(reached[at], half) and at + 1 < len(order):
        return float(values[order[at : at + 2]].mean())
    return float(values[order[at]])
