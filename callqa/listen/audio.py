"""Sound from a file: anything FFmpeg knows, as float32 at 16 kHz, with what it is.

Faults become one clear sentence (``RecordingError``). What can still be listened to is listened
to, and the damage is told in ``Sound.flags``.
"""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.errors import RecordingError
from callqa.listen import background, layout, leak
from callqa.listen.vad import RATE, speech_probability
from callqa.records import Flag, Recording, Span

Samples = npt.NDArray[np.float32]
_SHORTEST_S = 0.25
_CLIPPED = 0.975  # µ-law's largest value is 0.98 of full scale


@dataclass(frozen=True, eq=False)
class Sound:
    """Decoded sound.

    samples: float32 [channels, n], one or two channels, at 16 kHz, within ±1.
    speech: float32 [channels, n // 512 or one more], Silero's probability of speech.
    """

    samples: Samples
    speech: Samples
    native_rate: int
    recording: Recording
    flags: tuple[Flag, ...] = ()
    listened_channel: int = 0  # the one that holds everything, unless the layout is stereo

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return int(self.samples.shape[1]) / RATE


@dataclass(eq=False)
class _Decoding:
    """What is learned while decoding; filled by ``_chunks``."""

    container: str = ""
    codec: str = ""
    rate: int = 0
    channels: int = 0
    declared_s: float | None = None
    bad_packets: int = 0
    not_finite: int = 0
    clipped: int = 0
    values: int = 0
    peak: float = 0.0
    stopped_early: bool = False
    errors: list[str] = field(default_factory=list)


class _Held:
    """Samples as they come, in one array: four hours in two channels are 1.8 GB, and once only.

    The declared length is asked for at once, since untouched memory costs nothing; a longer
    recording moves to an array half as large again.
    """

    def __init__(self) -> None:
        self._array = np.zeros((1, 0), np.float32)
        self._length = 0

    def add(self, piece: Samples, declared_s: float | None) -> None:
        """Append float32 [channels, n]."""
        if not piece.shape[1]:  # the resampler has not given anything yet
            return
        end = self._length + piece.shape[1]
        if end > self._array.shape[1]:
            size = int(((declared_s or 60.0) + 1) * RATE) if not self._length else end * 3 // 2
            larger = np.empty((piece.shape[0], max(end, size)), np.float32)
            larger[:, : self._length] = self._array[:, : self._length]
            self._array = larger
        self._array[:, self._length : end] = piece
        self._length = end

    @property
    def samples(self) -> Samples:
        """All of it, float32 [channels, n]; each channel lies in one piece."""
        return self._array[:, : self._length]


def load(path: Path) -> Sound:
    """Decode a recording.

    Raises:
        RecordingError: the file is missing, empty, not audio, too short, or wholly corrupt.
    """
    import soxr

    digest = _digest(path)
    seen = _Decoding()
    stream: Any = None
    held = _Held()
    for chunk in _chunks(path, seen):  # resampled as it comes: a long, wide file stays small
        if stream is None:
            stream = soxr.ResampleStream(seen.rate, RATE, seen.channels, dtype="float32")
        held.add(stream.resample_chunk(chunk.T).T, seen.declared_s)
    if stream is not None:
        last = stream.resample_chunk(np.zeros((0, seen.channels), np.float32), last=True)
        held.add(last.T, seen.declared_s)
    samples = held.samples
    if samples.shape[1] < _SHORTEST_S * RATE:
        raise RecordingError(
            f"{path.name} holds {samples.shape[1] / RATE:.2f} s of sound; at least "
            f"{_SHORTEST_S} s is needed.",
            remedy="Check that the recording was exported whole.",
        )
    return _describe(path.name, digest, samples, seen)


def _describe(name: str, digest: str, samples: Samples, seen: _Decoding) -> Sound:
    flags = _damage(samples.shape[1] / RATE, seen)
    if seen.peak > 2.0:  # float samples on an integer's scale
        samples /= np.float32(seen.peak)
    if samples.shape[0] > 2:
        samples, flag = layout.two_of_many(samples)
        flags.append(flag)
    np.clip(samples, -1.0, 1.0, out=samples)
    correlation = layout.correlation(samples)
    apart = correlation is not None and not layout.is_one_sound(correlation)
    leaked = leak.take_out(samples) if apart else leak.NONE
    speech = np.stack([speech_probability(channel) for channel in samples])
    if apart:  # what was little else than the other side
        speech[:, : leaked.frames.shape[1]][leaked.frames] = 0.0
    look = layout.look(samples, speech, correlation)
    recording = Recording(
        sha256=digest,
        name=name,
        container=seen.container,
        codec=seen.codec,
        sample_rate_hz=seen.rate,
        channels=seen.channels,
        duration_s=round(samples.shape[1] / RATE, 3),
        layout=look.layout,
        telephone_band=look.telephone_band,
        speech_share=look.speech_share,
        level_gap_db=look.level_gap_db,
        clipped_share=round(seen.clipped / max(1, seen.values), 6),
        noise_db=background.noise_db(samples, speech),
        music_share=background.music_share(samples, speech),
    )
    flags += _leaks(leaked)
    return Sound(samples, speech, seen.rate, recording, tuple(flags), look.speaking)


def _leaks(leaked: leak.Leak) -> list[Flag]:
    """One flag for each side that the other was heard on."""
    return [
        Flag(
            code="leak",
            why=f"The {other} side was heard on the {side} one, {-level:.0f} dB down; it was taken "
            f"out, and none of its words are the {side} side's.",
            weight=0.2,
        )
        for side, other, level in zip(
            ("left", "right"), ("right", "left"), leaked.level_db, strict=True
        )
        if level is not None
    ]


def _damage(length_s: float, seen: _Decoding) -> list[Flag]:
    flags = []
    cut = seen.declared_s is not None and length_s < 0.98 * seen.declared_s - 0.5
    if seen.bad_packets or seen.stopped_early or cut:
        declared = f" of {seen.declared_s:.0f} s declared" if cut else ""
        flags.append(
            Flag(
                code="damaged",
                why=f"The file is damaged: {length_s:.0f} s{declared} could be decoded, "
                f"{seen.bad_packets} packets could not. What is missing cannot be assessed.",
                weight=3.0,
            )
        )
    if seen.not_finite:
        flags.append(
            Flag(
                code="not_a_number",
                why=f"{seen.not_finite} samples were not numbers and were set to silence.",
                weight=1.0,
            )
        )
    return flags


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as source:
            if not source.read(1):
                raise RecordingError(
                    f"{path.name} is empty (0 bytes); a recording was expected.",
                    remedy="Export or copy the recording again.",
                )
            source.seek(0)
            return hashlib.file_digest(source, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise RecordingError(f"{path} does not exist.", remedy="Check the path.") from error
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be read ({error.strerror}).", remedy="Give the path of one file."
        ) from error


# ---------------------------------------------------------------- decoding


def _chunks(path: Path, seen: _Decoding) -> Iterator[Samples]:
    """Decoded pieces, float32 [channels, n] at the file's own rate, numbers only."""
    import av

    try:
        container = av.open(str(path), metadata_errors="ignore")
    except (av.error.FFmpegError, ValueError) as error:
        raise RecordingError(
            f"{path.name} is not a recording that can be decoded ({_reason(error)}).",
            remedy="Give an audio file (wav, mp3, m4a, ogg, flac, …) or a video with sound.",
        ) from error
    with container:
        streams = container.streams.audio
        if not streams:
            raise RecordingError(
                f"{path.name} has no audio stream.",
                remedy="Give a file that holds sound.",
            )
        stream = streams[0]
        seen.container, seen.codec = container.format.name, stream.codec_context.name
        if stream.duration is not None and stream.time_base is not None:
            seen.declared_s = float(stream.duration * stream.time_base)
        yield from _decode(container, stream, seen)
    if seen.values == 0:
        reason = seen.errors[0] if seen.errors else "it holds no samples"
        raise RecordingError(
            f"{path.name} is corrupt: nothing in it could be decoded ({reason}).",
            remedy="Export or copy the recording again.",
        )


def _decode(container: Any, stream: Any, seen: _Decoding) -> Iterator[Samples]:
    import av

    converter: Any = None
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            frames = packet.decode()
        except (StopIteration, EOFError):
            break
        except (av.error.FFmpegError, ValueError) as error:
            if isinstance(error, av.error.EOFError):
                break
            seen.bad_packets += 1
            seen.errors.append(_reason(error))
            if seen.bad_packets > 1000:
                seen.stopped_early = True
                break
            continue
        for frame in frames:
            if converter is None:
                seen.rate, seen.channels = frame.sample_rate, len(frame.layout.channels)
                converter = _Converter(frame)
            yield from (_clean(piece, seen) for piece in converter(frame))
    if converter is not None:
        yield from (_clean(piece, seen) for piece in converter(None))


class _Converter:
    """Frames to planar float32 in the first frame's rate and layout, should later ones differ."""

    def __init__(self, first: Any) -> None:
        self._rate, self._layout = first.sample_rate, first.layout.name
        self._of: tuple[Any, ...] = ()
        self._resampler: Any = None

    def __call__(self, frame: Any) -> Iterator[Samples]:
        import av

        if frame is not None:
            shape = (frame.sample_rate, frame.layout.name, frame.format.name)
            if shape != self._of:
                yield from self._flush()
                self._of = shape
                self._resampler = av.AudioResampler("fltp", self._layout, self._rate)
            yield from (out.to_ndarray() for out in self._resampler.resample(frame))
        else:
            yield from self._flush()

    def _flush(self) -> Iterator[Samples]:
        if self._resampler is not None:
            yield from (out.to_ndarray() for out in self._resampler.resample(None))


def _clean(piece: Samples, seen: _Decoding) -> Samples:
    finite = np.isfinite(piece)
    if not finite.all():
        seen.not_finite += int(piece.size - finite.sum())
        piece = np.where(finite, piece, np.float32(0.0))
    size = np.abs(piece)
    seen.values += piece.size
    seen.clipped += int((size >= _CLIPPED).sum())
    seen.peak = max(seen.peak, float(size.max(initial=0.0)))
    return piece.astype(np.float32, copy=False)


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__).lower()


# ---------------------------------------------------------------- clips


def clip(sound: Sound, start_s: float, end_s: float, *, mute: Sequence[Span] = ()) -> bytes:
    """A stretch of sound as a 16-bit wav at 16 kHz; ``mute`` spans are silenced."""
    return _wav(sound.samples, RATE, start_s, end_s, mute)


def clip_file(path: Path, start_s: float, end_s: float, *, mute: Sequence[Span] = ()) -> bytes:
    """A stretch of the original at its own rate as a 16-bit wav; more than two channels are mixed.

    Raises:
        RecordingError: as ``load``.
    """
    _digest(path)
    seen = _Decoding()
    pieces: list[Samples] = []
    held = 0
    for piece in _chunks(path, seen):
        pieces.append(piece)
        held += piece.shape[1]
        if held >= end_s * seen.rate:
            break
    samples = np.concatenate(pieces, axis=1)
    if samples.shape[0] > 2:
        samples = samples.mean(axis=0, keepdims=True)
    return _wav(samples, seen.rate, start_s, end_s, mute)


def _wav(samples: Samples, rate: int, start_s: float, end_s: float, mute: Sequence[Span]) -> bytes:
    first, last = max(0, int(start_s * rate)), max(0, int(end_s * rate))
    part = samples[:, first:last].copy()
    for span in mute:
        a, b = int(span.start_s * rate) - first, int(span.end_s * rate) + 1 - first
        part[:, max(0, a) : max(0, b)] = 0.0
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(part.shape[0])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(part.T, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()
