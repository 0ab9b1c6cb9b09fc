"""The telephone line: band, companding, noise, hold music, and how the sides are recorded."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_samples.voices import RATE_HZ as VOICE_HZ
from audio_samples.voices import Samples

LINE_HZ = 8_000
BAND_HZ = (300.0, 3400.0)
NOISE_DBFS = -55.0
MUSIC_DBFS = -24.0

_CODECS = {
    ".flac": ("flac", "s16"),
    ".wav": ("pcm_mulaw", "s16"),
    ".ogg": ("libopus", "s16"),
    ".mp3": ("libmp3lame", "s16p"),
    ".m4a": ("aac", "fltp"),
}


def at_level(speech: Samples, level_dbfs: float) -> Samples:
    """Speech with its root mean square, counted while it is loud, at a level.

    Peaks that would pass full scale are bent, not cut.
    """
    frame = VOICE_HZ // 50
    frames = speech[: len(speech) // frame * frame].reshape(-1, frame)
    power = (frames**2).mean(axis=1)
    active = power[power > power.max() * 1e-3].mean()
    gained = speech * (10 ** (level_dbfs / 20) / np.sqrt(active))
    loud = np.abs(gained) > 0.7
    bent = np.sign(gained) * (0.7 + 0.25 * np.tanh((np.abs(gained) - 0.7) / 0.25))
    levelled: Samples = np.where(loud, bent, gained)
    return levelled


def hold_music(seconds: float, seed: int) -> Samples:
    """A slow, plain tune of decaying tones, different for each seed; at the voices' rate."""
    rng = np.random.default_rng(seed)
    scale = 261.63 * 2 ** (np.array([0, 2, 4, 7, 9, 12]) / 12)
    out = np.zeros(int(seconds * VOICE_HZ))
    for beat, start in enumerate(range(0, len(out), VOICE_HZ // 2)):
        t = np.arange(len(out) - start)[: int(1.2 * VOICE_HZ)] / VOICE_HZ
        notes = [rng.choice(scale), scale[0] if beat % 4 == 0 else rng.choice(scale) * 1.5]
        for note in notes:
            tone = sum(np.sin(2 * np.pi * note * k * t) / k**2 for k in (1, 2, 3))
            out[start : start + len(t)] += tone * np.exp(-2.5 * t) * np.minimum(1, t / 0.02)
    fade = np.minimum(1, np.minimum(np.arange(len(out)), np.arange(len(out))[::-1]) / 4000)
    music: Samples = out * fade * 10 ** (MUSIC_DBFS / 20) / np.sqrt((out**2).mean())
    return music


def telephone(track: Samples, seed: int) -> Samples:
    """One side as a telephone carries it: 8 kHz, 300–3400 Hz, noise, μ-law there and back."""
    import soxr
    from scipy.signal import butter, sosfilt

    band = butter(4, BAND_HZ, "bandpass", fs=VOICE_HZ, output="sos")
    noise = np.random.default_rng(seed).standard_normal(len(track)) * 10 ** (NOISE_DBFS / 20)
    narrow = soxr.resample(sosfilt(band, track + noise), VOICE_HZ, LINE_HZ)
    return _mu_law(narrow)


def _mu_law(sound: Samples) -> Samples:
    """To the nearest of the 255 values that ITU-T G.711 μ-law can say (14 bits, in eight)."""
    code = np.arange(128)
    positive = (((2 * (code & 15) + 33) << (code >> 4)) - 33) / 2**13
    values = np.concatenate([-positive[:0:-1], positive])
    nearest: Samples = values[np.searchsorted((values[1:] + values[:-1]) / 2, sound)]
    return nearest


def record(agent: Samples, customer: Samples, layout: str) -> Samples:
    """The two sides as a recorder stores them; shape (channels, n)."""
    if layout == "stereo":
        return np.stack([agent, customer])
    if layout == "stereo_swapped":
        return np.stack([customer, agent])
    mixed = np.clip(agent + customer, -1, 1)
    return mixed[None] if layout == "mono" else np.stack([mixed, mixed])


def write(path: Path, sound: NDArray[np.float64], bit_rate: int) -> None:
    """Encode ``sound`` (channels, n) at 8 kHz in the format that the path's ending names."""
    import av

    codec, sample_format = _CODECS[path.suffix]
    layout = "stereo" if len(sound) == 2 else "mono"
    pcm = np.round(sound.T * 2**15).clip(-(2**15), 2**15 - 1).astype(np.int16).reshape(1, -1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=LINE_HZ, layout=layout)
        if codec in ("libopus", "libmp3lame", "aac"):
            stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout=layout)
        frame.sample_rate = LINE_HZ
        frame.pts, frame.time_base = 0, Fraction(1, LINE_HZ)  # or players keep AAC's lead-in
        resampler = av.AudioResampler(
            format=sample_format, layout=layout, rate=LINE_HZ, frame_size=stream.frame_size or 1024
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
