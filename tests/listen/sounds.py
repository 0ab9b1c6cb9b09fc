"""Sound made for tests, and files of it in many formats."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def tone(seconds: float, *, rate: int = 16_000, hertz: float = 440.0, level: float = 0.3) -> Floats:
    """float32 [n]."""
    at = np.arange(int(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def noise(seconds: float, *, rate: int = 16_000, level: float = 0.05, seed: int = 1) -> Floats:
    """float32 [n], the same for the same seed."""
    made = np.random.default_rng(seed).normal(0, level, int(seconds * rate))
    return made.astype(np.float32)


def music(seconds: float, *, rate: int = 16_000) -> Floats:
    """Chords that change twice a second, with a beat: hold music of the plainest kind."""
    at = np.arange(int(seconds * rate)) / rate
    out = np.zeros(at.size)
    chords = [(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)]
    for i, start in enumerate(range(0, at.size, rate // 2)):
        part = slice(start, start + rate // 2)
        fade = np.exp(-3 * (at[part] - at[start]))
        for hertz in chords[i % 4]:
            for harmonic in (1, 2, 3):
                out[part] += fade * np.sin(2 * np.pi * hertz * harmonic * at[part]) / harmonic
    return (0.12 * out).astype(np.float32)


def strings(seconds: float, *, rate: int = 16_000, seed: int = 1) -> Floats:
    """Bowed notes with a resonance that moves, as vowels have: music that is nearly a voice."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * rate))
    note = int(0.8 * rate)
    for first in range(0, out.size, note):
        at = np.arange(min(note, out.size - first)) / rate
        hertz, resonance = 150 * 2 ** (rng.choice([0, 3, 5, 7, 10]) / 12), rng.uniform(400, 2500)
        for n in range(1, 20):
            bow = np.sin(2 * np.pi * n * hertz * at + 0.3 * n * np.sin(2 * np.pi * 6 * at))
            weight = np.exp(-(((n * hertz - resonance) / 500) ** 2))
            out[first : first + at.size] += np.hanning(at.size) * weight * bow
    return (0.3 * out / np.abs(out).max()).astype(np.float32)


def write(
    path: Path,
    samples: Floats,
    *,
    rate: int = 16_000,
    codec: str = "pcm_s16le",
    layout: str | None = None,
    format: str | None = None,
    video: bool = False,
) -> Path:
    """Encode float32 [channels, n] or [n] with FFmpeg; ``video`` puts pictures beside it."""
    samples = np.atleast_2d(samples)
    layout = layout or {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[0]]
    with av.open(str(path), "w", format=format) as out:
        pictures = _pictures(out) if video else None
        stream = out.add_stream(codec, rate=rate, layout=layout)
        if not codec.startswith(("pcm", "flac")):
            stream.bit_rate = 12_200 if "amr" in codec else 64_000
        stream.open()
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", layout)
        frame.sample_rate = rate
        size = stream.codec_context.frame_size or 1024
        to = av.AudioResampler(stream.format.name, layout, rate, frame_size=size)
        if pictures is not None:
            for i in range(5):
                image = np.full((64, 64, 3), 40 * i, np.uint8)
                out.mux(pictures.encode(av.VideoFrame.from_ndarray(image, "rgb24")))
            out.mux(pictures.encode(None))
        for part in [*to.resample(frame), *to.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def _pictures(out: av.container.OutputContainer) -> av.VideoStream:
    stream = out.add_stream("mpeg4", rate=5)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
    return stream


def write_float_wav(path: Path, samples: Floats, *, rate: int = 16_000) -> Path:
    """A wav of 32-bit floats exactly as given, NaN included (FFmpeg would mend them)."""
    data = samples.astype("<f4").tobytes()
    head = (
        b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    )
    head += (3).to_bytes(2, "little") + (1).to_bytes(2, "little") + rate.to_bytes(4, "little")
    head += (rate * 4).to_bytes(4, "little") + (4).to_bytes(2, "little")
    head += (32).to_bytes(2, "little")
    path.write_bytes(head + b"data" + len(data).to_bytes(4, "little") + data)
    return path


def write_wav(path: Path, samples: Floats, *, rate: int = 16_000) -> Path:
    """A plain 16-bit wav of float32 [channels, n] or [n]."""
    samples = np.atleast_2d(samples)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(samples.shape[0])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.clip(samples.T, -1, 1) * 32767).astype("<i2").tobytes())
    return path
