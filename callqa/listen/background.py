"""What is heard beside speech: how loud the noise is, and how long music or tones last."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callqa.listen.vad import FRAME, RATE, frame_power

Floats = npt.NDArray[np.float32]

_SPEECH, _NO_SPEECH = 0.6, 0.1  # probabilities that leave no doubt
_NOT_SPEECH = 0.3  # and one that leaves little
_LEAST_FRAMES = 31  # a second of each, to compare speech with what is no speech
_QUIETEST = 1e-10  # −100 dBFS stands for digital silence
_PIECE = 4 * FRAME  # 128 ms: long enough to tell the partials of a chord apart
_MOST_PIECES = 4000  # spread over a long recording
_NEIGHBOURS = 21  # bins of 7.8 Hz that a partial is compared with
_PARTIAL = 12.0  # times the median of its neighbours; noise passes it once in 4,000
_TONAL = 0.5  # share of the power that lies in partials
_HEARD = 10 ** (-55 / 10)


def noise_db(samples: Floats, speech: Floats) -> float | None:
    """How far noise lies below speech, in dB, on the worse side; None where it cannot be told.

    Args:
        samples: float32 [channels, n] at 16 kHz.
        speech: probability of speech, float32 [channels, frames].

    Medians of frame power where speech is beyond doubt and where there is none; what was
    muted to digital silence counts as 100 dB below full scale.
    """
    found = []
    for own, probability in zip(samples, speech, strict=True):
        power = frame_power(own)
        likely = probability[: power.size]
        said, rest = power[likely > _SPEECH], power[likely < _NO_SPEECH]
        if min(said.size, rest.size) >= _LEAST_FRAMES:
            quiet = max(_QUIETEST, float(np.median(rest)))
            found.append(10 * float(np.log10(max(_QUIETEST, float(np.median(said))) / quiet)))
    return round(min(found), 1) if found else None


def music_share(samples: Floats, speech: Floats) -> float:
    """Share of the recording in which a side holds music or tones and no speech.

    Told by partials that stand out of the spectrum, for most of its power; arguments as above.
    """
    count = samples.shape[1] // _PIECE
    if not count:
        return 0.0
    looked_at = np.arange(0, count, max(1, -(-count // _MOST_PIECES)))
    heard = np.zeros(looked_at.size, bool)
    for own, probability in zip(samples, speech, strict=True):
        likely = probability[: 4 * count].reshape(count, 4).max(axis=1)[looked_at]
        quiet = np.flatnonzero(likely < _NOT_SPEECH)
        heard[quiet] |= _tonal(own[: count * _PIECE].reshape(count, _PIECE)[looked_at[quiet]])
    return round(float(heard.mean()), 4)


def _tonal(pieces: Floats) -> npt.NDArray[np.bool_]:
    """Which of [pieces, 2048] samples are music or tones."""
    from scipy.ndimage import median_filter

    hertz = np.fft.rfftfreq(_PIECE, 1 / RATE)
    band = (hertz >= 200) & (hertz < 3600)
    window = np.hanning(_PIECE)
    power = np.square(np.abs(np.fft.rfft(pieces * window, axis=1)[:, band]))
    usual = median_filter(power, size=(1, _NEIGHBOURS), mode="nearest")
    whole = power.sum(axis=1)
    partials = np.where(power > _PARTIAL * usual, power, 0.0).sum(axis=1)
    loud = 2 * whole / np.sum(window**2) / _PIECE > _HEARD  # by Parseval, of the band alone
    return np.asarray(loud & (partials > _TONAL * whole), np.bool_)
