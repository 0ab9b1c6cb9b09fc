"""Sound for people to listen to, with every tier-1 secret silent in it."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from callqa.errors import RecordingError
from callqa.records import CallRecord
from callqa.redact import muted_spans

_BIT_RATE = 32_000
_PEAKS_A_SECOND = 10


class Playback:
    """One call's recording, decoded once at its own rate, secrets silenced.

    Raises:
        RecordingError: the recording is no longer there, or cannot be decoded.
    """

    def __init__(self, record: CallRecord, path: Path) -> None:
        from callqa.listen import audio

        self.record = record
        length_s = (record.duration_s or 0.0) + 1.0
        data = audio.clip_file(path, 0.0, length_s, mute=muted_spans(record.transcript))
        self._samples, self._rate = _read_wav(data)

    def clip(self, start_s: float, end_s: float) -> bytes:
        """A stretch as a 16-bit wav file."""
        first, last = (max(0, int(t * self._rate)) for t in (start_s, end_s))
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(self._samples.shape[0])
            file.setsampwidth(2)
            file.setframerate(self._rate)
            file.writeframes(np.ascontiguousarray(self._samples[:, first:last].T).tobytes())
        return out.getvalue()

    def mp3(self) -> bytes:
        """The whole as an mp3 that any browser plays.

        Raises:
            RecordingError: it cannot be encoded.
        """
        import av

        out = io.BytesIO()
        layout = "stereo" if self._samples.shape[0] == 2 else "mono"
        try:
            with av.open(out, "w", format="mp3") as file:
                rate = self._rate if self._rate in (8000, 16000) else 16000
                stream = file.add_stream("mp3", rate=rate)
                stream.bit_rate = _BIT_RATE
                stream.layout = layout
                packed = np.ascontiguousarray(self._samples.T).reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
                frame.sample_rate = self._rate
                resampler = av.AudioResampler("s16p", layout, rate, frame_size=1152)
                for part in [*resampler.resample(frame), *resampler.resample(None)]:
                    file.mux(stream.encode(part))
                file.mux(stream.encode(None))
        except av.FFmpegError as error:
            raise RecordingError(
                f"The recording of {self.record.call_id} cannot be made into an mp3: "
                f"{error.strerror}.",
                remedy="The record itself is whole; its page shows it without sound.",
            ) from error
        return out.getvalue()

    def peaks(self) -> dict[str, list[float]]:
        """Loudness for drawing, ten values a second from 0 to 1, by participant.

        Voices that share a channel share a curve, which is then named ``""``.
        """
        step = max(1, self._rate // _PEAKS_A_SECOND)
        length = self._samples.shape[1] // step * step
        sides = self._samples.shape[0]
        blocks = np.abs(self._samples[:, :length].astype(np.float32)).reshape(sides, -1, step)
        curve = np.sqrt(blocks.max(axis=2) / 32768.0)  # the root lifts quiet speech into sight
        by = {p.channel: p.id for p in self.record.participants if p.channel is not None}
        if sides == 2 and by:
            return {by[c]: curve[c].round(3).tolist() for c in by if c < 2}
        return {"": curve.max(axis=0).round(3).tolist()}


def _read_wav(data: bytes) -> tuple[npt.NDArray[np.int16], int]:
    """int16 samples [channels, n] and their rate."""
    with wave.open(io.BytesIO(data)) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        return raw.reshape(-1, file.getnchannels()).T, file.getframerate()
