"""Where there is speech: Silero's probability per 32 ms, and spans by two thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.records import Span
from callqa.weights import find

RATE = 16_000
FRAME = 512  # samples
FRAME_S = FRAME / RATE
_BLOCK = 10_000  # frames: five minutes at a time
_CONTEXT = 64  # samples before a frame that the model sees with it

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class SpeechRule:
    """Speech starts above ``on``, ends after ``pause_s`` below ``off``.

    Telephone sound blurs word ends, so ``off`` is low; ``pad_s`` keeps soft consonants.
    """

    on: float = 0.4
    off: float = 0.25
    pause_s: float = 0.25
    shortest_s: float = 0.10
    pad_s: float = 0.12


@cache
def _model() -> Any:
    from faster_whisper.vad import SileroVADModel

    return SileroVADModel(str(find("silero-vad").path)).session


def speech_probability(samples: Floats) -> Floats:
    """Probability of speech.

    Args:
        samples: float32 [n] at 16 kHz.

    Returns:
        float32 [ceil(n / 512)]. Quiet sound is brought to a common level first, as the two
        sides of a call may differ by 30 dB.
    """
    frames = max(1, -(-samples.shape[0] // FRAME))
    gain = _gain(samples)
    state = {"h": np.zeros((1, 1, 128), np.float32), "c": np.zeros((1, 1, 128), np.float32)}
    out = np.zeros(frames, np.float32)
    for first in range(0, frames, _BLOCK):  # the model's memory goes from block to block
        count = min(_BLOCK, frames - first)
        part = samples[max(0, first * FRAME - _CONTEXT) : (first + count) * FRAME] * gain
        padded = np.zeros(_CONTEXT + count * FRAME, np.float32)
        before = min(_CONTEXT, first * FRAME)
        padded[_CONTEXT - before : _CONTEXT - before + part.shape[0]] = part
        windows = np.lib.stride_tricks.sliding_window_view(padded, _CONTEXT + FRAME)[::FRAME]
        found, state["h"], state["c"] = _model().run(None, {"input": windows, **state})
        out[first : first + count] = np.asarray(found, np.float32).reshape(-1)
    return out


def frame_power(samples: Floats) -> Floats:
    """Mean power of each whole 32 ms frame, float32 [n // 512], in blocks to stay small."""
    frames = samples.shape[0] // FRAME
    out = np.empty(frames, np.float32)
    for first in range(0, frames, _BLOCK):
        last = min(frames, first + _BLOCK)
        block = samples[first * FRAME : last * FRAME].reshape(-1, FRAME)
        out[first:last] = np.mean(np.square(block), axis=1)
    return out


def _gain(samples: Floats) -> np.float32:
    """Brings the loud parts (95th percentile of frame levels) to −20 dBFS, by 30 dB at most."""
    power = frame_power(samples)
    if not power.size:
        return np.float32(1.0)
    loud = float(np.percentile(np.sqrt(power), 95))
    if loud < 1e-4:  # −80 dBFS: nothing to bring up but noise
        return np.float32(1.0)
    return np.float32(np.clip(0.1 / loud, 0.3, 31.6))


def spans(probability: Floats, rule: SpeechRule | None = None) -> list[Span]:
    """Stretches of speech in seconds, in order, padded and never overlapping.

    >>> p = np.repeat(np.float32([0, 1, 0]), 31)
    >>> [(round(s.start_s, 2), round(s.end_s, 2)) for s in spans(p)]
    [(0.87, 2.1)]
    """
    rule = rule or SpeechRule()
    found: list[tuple[float, float]] = []
    start: int | None = None
    last = 0  # the frame after the last one that was not silent
    for i, p in enumerate(probability):
        if start is None:
            if p >= rule.on:
                start, last = i, i + 1
        elif p >= rule.off:
            last = i + 1
        elif (i - last) * FRAME_S >= rule.pause_s:
            found.append((start * FRAME_S, last * FRAME_S))
            start = None
    if start is not None:
        found.append((start * FRAME_S, last * FRAME_S))
    kept = [(a, b) for a, b in found if b - a >= rule.shortest_s]
    return _padded(kept, rule.pad_s, len(probability) * FRAME_S)


def _padded(kept: list[tuple[float, float]], pad_s: float, end_s: float) -> list[Span]:
    out = []
    for i, (a, b) in enumerate(kept):
        before = kept[i - 1][1] if i else -1e9
        after = kept[i + 1][0] if i + 1 < len(kept) else 1e9
        start = max(0.0, a - min(pad_s, (a - before) / 2))
        end = min(end_s, b + min(pad_s, (after - b) / 2))
        out.append(Span(start_s=round(start, 3), end_s=round(end, 3)))
    return out


def mean_probability(probability: Floats, span: Span) -> float:
    """The mean probability of speech over a span."""
    part = probability[int(span.start_s / FRAME_S) : int(np.ceil(span.end_s / FRAME_S))]
    return float(part.mean()) if part.size else 0.0
