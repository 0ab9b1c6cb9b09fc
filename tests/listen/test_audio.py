"""Decoding: many formats in, one clear sentence for what cannot be decoded."""

from __future__ import annotations

import io
import subprocess
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from callqa.errors import RecordingError
from callqa.listen.audio import _Held, clip, clip_file, load
from callqa.records import Span
from tests.listen.sounds import noise, tone, write, write_float_wav, write_wav

FORMATS = [
    ("a.wav", "pcm_s16le", 8_000),
    ("a.wav", "pcm_mulaw", 8_000),
    ("a.wav", "pcm_alaw", 8_000),
    ("a.wav", "pcm_s24le", 192_000),
    ("a.flac", "flac", 16_000),
    ("a.mp3", "libmp3lame", 22_050),
    ("a.m4a", "aac", 44_100),
    ("a.ogg", "libopus", 48_000),
    ("a.wma", "wmav2", 44_100),
    ("a.amr", "libopencore_amrnb", 8_000),
]


@pytest.mark.parametrize(("name", "codec", "rate"), FORMATS)
def test_a_format_is_decoded_to_the_same_tone(
    tmp_path: Path, name: str, codec: str, rate: int
) -> None:
    if codec not in av.codecs_available:
        pytest.skip(f"this FFmpeg has no encoder {codec} to make the file with")
    sound = load(write(tmp_path / name, tone(2.0, rate=rate), rate=rate, codec=codec))
    assert sound.native_rate == rate
    assert sound.samples.shape[0] == 1
    assert sound.duration_s == pytest.approx(2.0, abs=0.15)
    spectrum = np.abs(np.fft.rfft(sound.samples[0]))
    loudest = np.argmax(spectrum) * 16_000 / sound.samples.shape[1]
    assert loudest == pytest.approx(440, abs=5)
    assert not sound.flags


def test_the_sound_of_a_video_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", tone(2.0), codec="aac", video=True)
    assert load(path).recording.container.startswith("mov")


def test_the_hash_is_of_the_bytes_and_not_of_the_name(tmp_path: Path) -> None:
    one = write_wav(tmp_path / "one.wav", noise(1.0))
    two = tmp_path / "two.wav"
    two.write_bytes(one.read_bytes())
    assert load(one).recording.sha256 == load(two).recording.sha256


# ---------------------------------------------------------------- faults


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="does not exist"):
        load(tmp_path / "nowhere.wav")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        load(tmp_path)


def test_nothing_in_it(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    path.write_bytes(b"")
    with pytest.raises(RecordingError, match="empty"):
        load(path)


def test_one_sample(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"0\.00 s of sound"):
        load(write_wav(tmp_path / "one.wav", np.array([0.5], np.float32)))


def test_text_named_wav(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("These are notes about a call, not its sound.\n" * 20)
    with pytest.raises(RecordingError, match=r"notes\.wav"):
        load(path)


def test_a_header_without_sound(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", noise(1.0))
    path.write_bytes(path.read_bytes()[:44])
    with pytest.raises(RecordingError):
        load(path)


def test_a_video_without_sound(tmp_path: Path) -> None:
    path = tmp_path / "mute.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        image = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
        out.mux(stream.encode(image))
        out.mux(stream.encode(None))
    with pytest.raises(RecordingError, match="no audio stream"):
        load(path)


def test_a_message_tells_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    path.write_bytes(b"")
    with pytest.raises(RecordingError) as caught:
        load(path)
    assert caught.value.remedy


# ---------------------------------------------------------------- damage that is lived with


def test_a_truncated_mp3_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", noise(10.0), codec="libmp3lame")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    sound = load(path)
    assert 4.0 < sound.duration_s < 6.0
    assert [f.code for f in sound.flags] == ["damaged"]


def test_a_truncated_flac_is_flagged(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", noise(10.0), codec="flac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    sound = load(path)
    assert 2.0 < sound.duration_s < 5.0
    assert [f.code for f in sound.flags] == ["damaged"]


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    samples = tone(2.0)
    samples[1000:1100] = np.nan
    samples[2000] = np.inf
    sound = load(write_float_wav(tmp_path / "a.wav", samples))
    assert np.isfinite(sound.samples).all()
    assert sound.flags[0].code == "not_a_number"
    assert "101 samples" in sound.flags[0].why
    assert np.abs(sound.samples[0, -8000:]).max() > 0.25  # the rest is untouched


def test_floats_on_an_integer_scale_are_brought_back(tmp_path: Path) -> None:
    sound = load(write_float_wav(tmp_path / "a.wav", tone(1.0) * 32768))
    assert np.abs(sound.samples).max() == pytest.approx(1.0, abs=0.05)


def test_six_channels_of_which_two_carry_sound(tmp_path: Path) -> None:
    samples = np.zeros((6, 32_000), np.float32)
    samples[1], samples[4] = noise(2.0), tone(2.0)
    sound = load(write(tmp_path / "a.flac", samples, codec="flac"))
    assert sound.samples.shape[0] == 2
    assert np.abs(sound.samples).max(axis=1).min() > 0.1
    assert sound.recording.channels == 6
    assert "2, 5" in sound.flags[0].why


def test_six_channels_that_all_carry_sound_are_mixed(tmp_path: Path) -> None:
    samples = np.stack([noise(2.0, seed=i) for i in range(6)])
    sound = load(write(tmp_path / "a.flac", samples, codec="flac"))
    assert sound.samples.shape[0] == 1
    assert sound.flags[0].code == "many_channels"


def test_clipping_is_measured(tmp_path: Path) -> None:
    loud = np.clip(tone(1.0, level=2.0), -1, 1)
    assert (load(write_wav(tmp_path / "loud.wav", loud)).recording.clipped_share or 0) > 0.3
    assert load(write_wav(tmp_path / "fine.wav", tone(1.0))).recording.clipped_share == 0


# ---------------------------------------------------------------- clips


def _read(data: bytes) -> tuple[int, np.ndarray]:
    with wave.open(io.BytesIO(data)) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return file.getframerate(), raw.reshape(-1, file.getnchannels()).T


def test_a_clip_holds_its_seconds(tmp_path: Path) -> None:
    sound = load(write_wav(tmp_path / "a.wav", tone(5.0)))
    rate, samples = _read(clip(sound, 1.0, 2.5))
    assert samples.shape == (1, 1.5 * rate)


def test_a_clip_of_the_file_keeps_rate_and_channels(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.stack([tone(5.0, rate=8000)] * 2), rate=8000)
    rate, samples = _read(clip_file(path, 1.0, 2.0))
    assert (rate, samples.shape) == (8000, (2, 8000))


def test_what_is_muted_is_silent_in_the_clip(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", tone(5.0))
    for data in (
        clip(load(path), 1.0, 3.0, mute=[Span(start_s=1.5, end_s=2.0)]),
        clip_file(path, 1.0, 3.0, mute=[Span(start_s=1.5, end_s=2.0)]),
    ):
        rate, samples = _read(data)
        assert not samples[0, int(0.5 * rate) : rate].any()
        assert samples[0, : rate // 4].any()
        assert samples[0, int(1.1 * rate) :].any()


def test_a_clip_beyond_the_end_is_short_and_not_a_fault(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", tone(2.0))
    rate, samples = _read(clip_file(path, 1.5, 9.0))
    assert samples.shape[1] == pytest.approx(0.5 * rate, abs=2)


def test_sound_longer_than_declared_is_held_whole() -> None:
    held = _Held()
    assert held.samples.shape[1] == 0
    held.add(np.zeros((2, 0), np.float32), 3.0)  # as a resampler begins
    pieces = [np.stack([noise(0.5, seed=n)] * 2) for n in range(40)]
    for piece in pieces:
        held.add(piece, 3.0)
    assert np.array_equal(held.samples, np.concatenate(pieces, axis=1))


# ---------------------------------------------------------------- names and lengths that mislead


@pytest.mark.parametrize("name", ["call.wav", "call.txt", "call"])
def test_a_wrong_extension_does_not_matter(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.mp3", tone(2.0), codec="libmp3lame").rename(tmp_path / name)
    sound = load(path)
    assert sound.recording.container == "mp3"
    assert sound.duration_s == pytest.approx(2.0, abs=0.15)
    assert not [f for f in sound.flags if f.code == "damaged"]


def test_eight_bit_mu_law_and_192_khz_tell_what_they_are(tmp_path: Path) -> None:
    low = load(write(tmp_path / "a.wav", tone(1.0, rate=8000), rate=8000, codec="pcm_mulaw"))
    assert (low.recording.codec, low.recording.sample_rate_hz) == ("pcm_mulaw", 8000)
    high = load(write(tmp_path / "b.wav", tone(1.0, rate=192_000), rate=192_000))
    assert high.recording.sample_rate_hz == 192_000
    assert high.samples.shape[1] == pytest.approx(16_000, abs=20)


@pytest.mark.parametrize("samples", [1, 2, 100])
def test_hardly_a_sample_in_any_channel(tmp_path: Path, samples: int) -> None:
    with pytest.raises(RecordingError, match=r"0\.0[01] s of sound"):
        load(write_wav(tmp_path / "a.wav", np.full((2, samples), 0.5, np.float32)))


def test_nothing_but_nan_is_silence(tmp_path: Path) -> None:
    sound = load(write_float_wav(tmp_path / "a.wav", np.full(16_000, np.nan, np.float32)))
    assert not sound.samples.any()
    assert sound.flags[0].code == "not_a_number"


LOAD_AND_TELL = """
import sys
from pathlib import Path
from callqa.listen.audio import load
sound = load(Path(sys.argv[1]))
status = Path("/proc/self/status").read_text()  # getrusage tells of the parent's peak too
print(sound.duration_s, int(status.split("VmHWM:")[1].split()[0]) / 1e6)
"""


@pytest.mark.slow
def test_four_hours_are_held_once_and_nothing_else_grows(tmp_path: Path) -> None:
    """Decoded, looked at and searched for speech; a process of its own tells its peak.

    Four hours at 16 kHz are 0.92 GB; two channels, 1.84 GB, stay within 3 GB likewise.
    """
    path, rng = tmp_path / "long.wav", np.random.default_rng(1)
    minute = rng.integers(96, 160, 60 * 8000).astype(np.uint8)
    minute[20 * 8000 : 40 * 8000] = 128
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        for _ in range(240):
            out.writeframes(minute.tobytes())
    told = subprocess.run(
        [sys.executable, "-c", LOAD_AND_TELL, str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    duration_s, gigabytes = map(float, told.stdout.split())
    assert duration_s == pytest.approx(4 * 3600, abs=0.1)
    assert gigabytes < 1.7
