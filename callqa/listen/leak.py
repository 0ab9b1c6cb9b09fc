"""One side of a call heard faintly on the other: found as a copy of it, and taken out.

A headset, a hybrid or a mixing desk lets some of one side into the other. What leaks is the other
side's own waveform, filtered and a little late, so a short filter that predicts it is fitted by
least squares (Wiener, *Extrapolation, Interpolation, and Smoothing of Stationary Time Series*,
1949) where the other side is far louder, and tried on stretches that it was not fitted to. If it
predicts something there, the prediction is subtracted throughout, as an echo canceller does, and
frames that are little else are no speech of this side. A real voice that is merely quiet is not
predicted by the other one, so it stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callqa.listen.vad import FRAME, frame_power

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

_REACH = 512  # samples: 32 ms early or late
_PIECE = 4096  # samples that are looked at as one
_MOST_PIECES = 3000  # twelve minutes are enough to fit by
_LEAST_PIECES = 8  # two seconds
_BELOW = 10 ** (-10 / 10)  # a leak is at least 10 dB below what leaks
_LOUD = 10 ** (-25 / 10)  # of the other side's loud parts
_PREDICTED = 0.1  # share of the power that a filter must predict to be believed
_NOTHING_ELSE = 0.7  # share of a frame's power that is leak
_BLOCK = 10_000 * FRAME


@dataclass(frozen=True, eq=False)
class Leak:
    """What was taken out. frames: bool [2, n // 512], where a side held little else.

    level_db: by side, how far what leaked in lies from the other side; None where nothing did.
    """

    frames: npt.NDArray[np.bool_]
    level_db: tuple[float | None, float | None]


NONE = Leak(np.zeros((2, 0), bool), (None, None))


def take_out(samples: Floats) -> Leak:
    """Subtract what leaked from each side into the other, in place.

    Args:
        samples: float32 [2, n] at 16 kHz, not one sound twice.
    """
    found = {side: h for side in (0, 1) if (h := _filter(samples[side], samples[1 - side]))}
    frames = np.zeros((2, samples.shape[1] // FRAME), bool)
    for start, block, around in _blocks(samples) if found else ():
        part = slice(start // FRAME, (start + block.shape[1]) // FRAME)
        for side, h in found.items():
            frames[side, part] = _subtract(block[side], around[1 - side], h.taps)
    left, right = (found[side].level_db if side in found else None for side in (0, 1))
    return Leak(frames, (left, right))


def _blocks(samples: Floats) -> Iterator[tuple[int, Floats, Floats]]:
    """(start, block to change, the same as it was with 32 ms of sound on either side)."""
    before = np.zeros((2, _REACH), np.float32)
    for start in range(0, samples.shape[1], _BLOCK):
        block = samples[:, start : start + _BLOCK]
        after = samples[:, start + _BLOCK : start + _BLOCK + _REACH]
        room = np.zeros((2, _REACH - after.shape[1]), np.float32)
        around = np.concatenate([before, block, after, room], axis=1)
        before = around[:, -2 * _REACH : -_REACH]
        yield start, block, around


def _subtract(own: Floats, other: Floats, h: Doubles) -> npt.NDArray[np.bool_]:
    """Takes the predicted leak out of ``own``; which of its frames were little else."""
    from scipy.signal import oaconvolve

    predicted = oaconvolve(other, h.astype(np.float32), mode="valid")
    was = frame_power(own)
    own -= predicted
    return np.asarray(
        (frame_power(predicted) > _NOTHING_ELSE * was) & (frame_power(own) < was), np.bool_
    )


# ---------------------------------------------------------------- the filter


@dataclass(frozen=True, eq=False)
class _Filter:
    """taps [1025] predict the leak from the other side; level_db is that of the prediction."""

    taps: Doubles
    level_db: float


def _filter(own: Floats, other: Floats) -> _Filter | None:
    """What predicts this side's leak from ``other``; None where there is no leak."""
    from scipy.linalg import solve_toeplitz, toeplitz

    pieces = _pieces(own, other)
    if len(pieces) < _LEAST_PIECES:
        return None
    (auto, cross, _), (test_auto, test_cross, power) = (
        _correlations(own, other, pieces[part::2]) for part in (0, 1)
    )
    auto[0] *= 1.001  # keeps bands in which the other side is silent out of it
    h = np.asarray(solve_toeplitz(auto, cross), np.float64)
    predicted = float(h @ toeplitz(test_auto) @ h)
    left = power - 2 * float(h @ test_cross) + predicted
    gain = predicted / test_auto[0]
    if left >= (1 - _PREDICTED) * power or gain > _BELOW:
        return None
    return _Filter(h, round(10 * float(np.log10(gain)), 1))


def _pieces(own: Floats, other: Floats) -> npt.NDArray[np.intp]:
    """Starts of the pieces in which the other side is loud and this one far below it."""
    if not (count := own.size // _PIECE):
        return np.zeros(0, np.intp)
    own_power, other_power = (
        frame_power(side[: count * _PIECE]).reshape(count, -1).mean(axis=1) for side in (own, other)
    )
    loud = other_power > _LOUD * np.percentile(other_power, 95)
    chosen = np.flatnonzero(loud & (own_power < _BELOW * other_power) & (other_power > 1e-8))
    chosen = chosen[:: max(1, chosen.size // _MOST_PIECES)]
    return chosen * _PIECE


def _correlations(
    own: Floats, other: Floats, starts: npt.NDArray[np.intp]
) -> tuple[Doubles, Doubles, float]:
    """Of ``other`` with itself [1025] and with ``own`` [1025, the earliest first]; own power.

    Each piece counts by the inverse of its own power: where this side says something quietly
    itself, it has no say.
    """
    size = 2 * _PIECE
    auto, cross = np.zeros(_PIECE + 1, complex), np.zeros(_PIECE + 1, complex)
    counted = 0.0
    for start in starts:
        a, b = (side[start : start + _PIECE].astype(np.float64) for side in (own, other))
        power = float(a @ a)
        weight = 1 / (power + 1e-6 * float(b @ b))
        heard_a, heard_b = np.fft.rfft(a, size), np.fft.rfft(b, size)
        auto += weight * np.abs(heard_b) ** 2
        cross += weight * heard_a * np.conj(heard_b)
        counted += weight * power
    lags = np.fft.irfft(cross, size)
    both_ways = np.concatenate([lags[-_REACH:], lags[: _REACH + 1]])
    return np.fft.irfft(auto, size)[: 2 * _REACH + 1], both_ways, counted
