"""Sound for people to listen to, with every tier-1 secret silent in it."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from callqa.errors import RecordingError
from callqa.records import CallRecord
from callqa.redact import muted_spans

_BIT_RATE = 32_000
_PEAKS_A_SECOND = 10


def clip(record: CallRecord, path: Path, start_s: float, end_s: float) -> bytes:
    """A stretch of a call's recording as a wav file, secrets silenced.

    Raises:
        RecordingError: the recording is no longer there, or cannot be decoded.
    """
    from callqa.listen import audio

    return audio.clip_file(path, start_s, end_s, mute=muted_spans(record.transcript))


def playback(record: CallRecord, path: Path) -> bytes:
    """The whole recording as an mp3 that any browser plays, secrets silenced.

    Raises:
        RecordingError: the recording is no longer there, or cannot be decoded.
    """
    import av
    import numpy as np

    samples, rate = _read_wav(clip(record, path, 0.0, (record.duration_s or 0.0) + 1.0))
    out = io.BytesIO()
    try:
        with av.open(out, "w", format="mp3") as file:
            stream = file.add_stream("mp3", rate=rate if rate in (8000, 16000) else 16000)
            stream.bit_rate = _BIT_RATE
            layout = "stereo" if samples.shape[0] == 2 else "mono"
            stream.layout = layout
            packed = np.ascontiguousarray(samples.T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
            frame.sample_rate = rate
            resampler = av.AudioResampler("s16p", layout, stream.rate, frame_size=1152)
            for part in [*resampler.resample(frame), *resampler.resample(None)]:
                file.mux(stream.encode(part))
            file.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise RecordingError(
            f"The recording of {record.call_id} cannot be made into an mp3: {error.strerror}.",
            remedy="The record itself is whole; report pages show it without sound.",
        ) from error
    return out.getvalue()


def peaks(record: CallRecord, path: Path) -> dict[str, list[float]]:
    """Loudness for drawing, ten values a second from 0 to 1, by participant.

    Voices that share a channel share a curve, which is then named ``""``.
    """
    import numpy as np

    samples, rate = _read_wav(clip(record, path, 0.0, (record.duration_s or 0.0) + 1.0))
    step = max(1, rate // _PEAKS_A_SECOND)
    length = samples.shape[1] // step * step
    blocks = np.abs(samples[:, :length].astype(np.float32)).reshape(samples.shape[0], -1, step)
    curve = np.sqrt(blocks.max(axis=2) / 32768.0)  # the root lifts quiet speech into sight
    by = {p.channel: p.id for p in record.participants if p.channel is not None}
    if samples.shape[0] == 2 and by:
        return {by[c]: curve[c].round(3).tolist() for c in by if c < 2}
    return {"": curve.max(axis=0).round(3).tolist()}


def _read_wav(data: bytes):  # type: ignore[no-untyped-def]
    """int16 samples [channels, n] and their rate."""
    import numpy as np

    with wave.open(io.BytesIO(data)) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        return raw.reshape(-1, file.getnchannels()).T, file.getframerate()
