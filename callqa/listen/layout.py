"""Look before deciding: are these two sides of a call, one sound twice, or one side only?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callqa.listen.vad import FRAME, RATE, frame_power, spans
from callqa.records import Flag, Layout, Span

Floats = npt.NDArray[np.float32]

_SAME_SOUND = 0.95  # correlation above which two channels are one sound
_SILENT_DBFS = -65.0
_LEAST_SPEECH_S = 0.6
_LEAK_DB = 15.0  # how far below a side's own voice a leak of the other side lies


@dataclass(frozen=True)
class Look:
    """What the sound is. ``level_gap_db``: left minus right, None unless two channels."""

    layout: Layout
    speaking: int  # the channel to listen to when there is only one to listen to
    level_gap_db: float | None
    correlation: float | None
    telephone_band: bool | None
    speech_share: float


def look(samples: Floats, speech: Floats, correlation: float | None) -> Look:
    """Layout, levels and band of a recording.

    Args:
        samples: float32 [channels, n] at 16 kHz, one or two channels.
        speech: probability of speech, float32 [channels, frames].
        correlation: of the two channels as they were recorded; None where there is one.
    """
    active = np.asarray((speech > 0.5).any(axis=0))
    share = round(float(active.mean()), 4)
    band = telephone_band(samples, active)
    if correlation is None:
        return Look("mono", 0, None, None, band, share)
    levels = [level_db(channel) for channel in samples]
    gap = round(levels[0] - levels[1], 1)
    layout, speaking = _decide(levels, speech, same=is_one_sound(correlation))
    return Look(layout, speaking, gap, correlation, band, share)


def is_one_sound(correlation: float) -> bool:
    """Whether two channels hold the same, also when one is the other turned upside down."""
    return abs(correlation) >= _SAME_SOUND


def _decide(levels: list[float], speech: Floats, *, same: bool) -> tuple[Layout, int]:
    louder = int(np.argmax(levels))
    if same:
        return "dual_mono", louder
    spoken = [sum(s.length_s for s in spans(p)) for p in speech]
    silent = [
        level < _SILENT_DBFS or seconds < _LEAST_SPEECH_S
        for level, seconds in zip(levels, spoken, strict=True)
    ]
    if silent[0] != silent[1]:
        return "one_sided", silent.index(False)
    return "stereo", louder


def level_db(channel: Floats) -> float:
    """Level of the loud parts in dBFS (95th percentile of 32 ms frames); −120 for silence."""
    power = frame_power(channel)
    if not power.size:
        return -120.0
    return float(10 * np.log10(max(1e-12, float(np.percentile(power, 95)))))


def correlation(samples: Floats) -> float | None:
    """Correlation at the best lag within 5 ms, over the loudest minute; None for one channel."""
    if samples.shape[0] == 1:
        return None
    minute = samples[:, _loudest_minute(samples)]
    a, b = (channel - channel.mean() for channel in minute)
    scale = float(np.sqrt(np.sum(a * a, dtype=np.float64) * np.sum(b * b, dtype=np.float64)))
    if scale <= 1e-9:
        return 0.0
    reach = RATE // 200
    best = 0.0
    for lag in range(-reach, reach + 1):
        x = a[max(0, lag) : a.size + min(0, lag)]
        y = b[max(0, -lag) : b.size + min(0, -lag)]
        value = float(np.dot(x, y)) / scale
        best = value if abs(value) > abs(best) else best
    return round(best, 4)


def _loudest_minute(samples: Floats) -> slice:
    seconds = samples.shape[1] // RATE
    if seconds <= 60:
        return slice(None)
    power = [
        float(np.mean(np.square(samples[:, s * RATE : (s + 1) * RATE]))) for s in range(seconds)
    ]
    running = np.convolve(power, np.ones(60), mode="valid")
    first = int(np.argmax(running)) * RATE
    return slice(first, first + 60 * RATE)


def telephone_band(samples: Floats, active: npt.NDArray[np.bool_]) -> bool | None:
    """Whether speech has next to nothing above 4 kHz; None when there is no speech to tell by."""
    frames = min(samples.shape[1] // FRAME, active.shape[0])
    chosen = np.flatnonzero(active[:frames])
    if chosen.size < 10:
        return None
    chosen = chosen[:: max(1, chosen.size // 2000)]
    loudest = samples[int(np.argmax([level_db(c) for c in samples]))]
    blocks = loudest[: frames * FRAME].reshape(-1, FRAME)[chosen] * np.hanning(FRAME)
    power = np.square(np.abs(np.fft.rfft(blocks, axis=1))).mean(axis=0)
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    high = power[(hertz > 4300) & (hertz < 7500)].sum()
    low = power[(hertz > 300) & (hertz < 3400)].sum()
    return bool(high < 1e-3 * low)


def two_of_many(samples: Floats) -> tuple[Floats, Flag]:
    """More than two channels: the two that carry sound, or all of them mixed into one."""
    levels = np.array([level_db(channel) for channel in samples])
    loud = np.flatnonzero(levels > max(_SILENT_DBFS, float(levels.max()) - 40))
    if len(loud) <= 2:
        kept = np.sort(loud) if len(loud) else np.array([0])
        what = f"channels {', '.join(str(i + 1) for i in kept)} carry sound and were used"
        out = samples[kept]
    else:
        what = f"{len(loud)} carry sound; they were mixed into one and voices told apart by sound"
        out = samples[loud].mean(axis=0, keepdims=True)
    why = f"The recording has {samples.shape[0]} channels: {what}."
    return out, Flag(code="many_channels", why=why, weight=1.0)


def without_leak(speech: list[list[Span]], samples: Floats) -> list[list[Span]]:
    """Each side's spans of speech, without what leaked in from the other side.

    A span goes when it is far quieter than the side's own voice, quieter than the other side at
    that moment, and the other side speaks for most of it.
    """
    kept: list[list[Span]] = []
    for side, own in enumerate(speech):
        levels = [_span_db(samples[side], s) for s in own]
        voice = float(np.percentile(levels, 80)) if levels else 0.0
        kept.append(
            [
                span
                for span, level in zip(own, levels, strict=True)
                if not (
                    level < voice - _LEAK_DB
                    and level < _span_db(samples[1 - side], span) - _LEAK_DB
                    and _shared(span, speech[1 - side]) > 0.6
                )
            ]
        )
    return kept


def _span_db(channel: Floats, span: Span) -> float:
    part = channel[int(span.start_s * RATE) : int(span.end_s * RATE)]
    return 10 * float(np.log10(np.mean(np.square(part)) + 1e-12)) if part.size else -120.0


def _shared(span: Span, others: list[Span]) -> float:
    shared = sum(max(0.0, min(span.end_s, o.end_s) - max(span.start_s, o.start_s)) for o in others)
    return shared / max(1e-6, span.length_s)
