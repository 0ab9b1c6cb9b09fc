"""Two sides of a call, one sound twice, or one side only."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from callqa.listen import vad
from callqa.listen.audio import load
from callqa.listen.layout import (
    Look,
    correlation,
    look,
    telephone_band,
    two_of_many,
    without_leak,
)
from callqa.listen.vad import FRAME, RATE, spans
from callqa.records import Span
from tests.listen.sounds import noise


def frames(seconds: float, *speaking: tuple[float, float]) -> np.ndarray:
    """Probability of speech: 0.9 within the given seconds, 0.02 elsewhere."""
    at = np.arange(int(seconds * RATE / FRAME)) * FRAME / RATE
    out = np.full(at.size, 0.02, np.float32)
    for start, end in speaking:
        out[(at >= start) & (at < end)] = 0.9
    return out


def seen(samples: np.ndarray, speech: np.ndarray) -> Look:
    return look(samples, speech, correlation(samples))


def test_two_voices_on_two_sides_are_stereo() -> None:
    samples = np.stack([noise(10, seed=1), noise(10, seed=2)])
    speech = np.stack([frames(10, (0, 4)), frames(10, (5, 9))])
    found = seen(samples, speech)
    assert found.layout == "stereo"
    assert found.level_gap_db == pytest.approx(0, abs=1)
    assert found.speech_share == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("change", [1.0, 0.3, -1.0])
def test_one_sound_twice_is_dual_mono_also_quieter_or_upside_down(change: float) -> None:
    one = noise(10)
    speech = np.stack([frames(10, (0, 4))] * 2)
    assert seen(np.stack([one, change * one]), speech).layout == "dual_mono"


def test_one_sound_twice_a_millisecond_apart_is_dual_mono() -> None:
    one = noise(10)
    speech = np.stack([frames(10, (0, 4))] * 2)
    assert seen(np.stack([one, np.roll(one, 16)]), speech).layout == "dual_mono"


@pytest.mark.parametrize("silent", [0, 1])
def test_a_silent_side_is_left_alone(silent: int) -> None:
    samples = np.stack([noise(10, seed=1), noise(10, seed=2)])
    samples[silent] *= 1e-5
    speech = np.stack([frames(10, (0, 4))] * 2)
    speech[silent] = 0.01
    found = seen(samples, speech)
    assert (found.layout, found.speaking) == ("one_sided", 1 - silent)


def test_a_side_that_only_hums_is_one_sided_too() -> None:
    samples = np.stack([noise(10, seed=1), noise(10, seed=2)])
    speech = np.stack([frames(10, (0, 4)), frames(10)])
    assert seen(samples, speech).layout == "one_sided"


def test_two_silent_sides_are_not_called_one_sided() -> None:
    samples = np.zeros((2, 10 * RATE), np.float32)
    assert seen(samples, np.zeros((2, 312), np.float32)).layout == "stereo"


def test_the_telephone_band_is_seen_in_the_spectrum() -> None:
    wide = noise(5)
    spectrum = np.fft.rfft(wide)
    spectrum[np.fft.rfftfreq(wide.size, 1 / RATE) > 3600] = 0
    narrow = np.fft.irfft(spectrum).astype(np.float32)
    active = np.ones(150, bool)
    assert telephone_band(narrow[None], active) is True
    assert telephone_band(wide[None], active) is False
    assert telephone_band(wide[None], np.zeros(150, bool)) is None


def test_many_silent_channels_leave_one() -> None:
    kept, flag = two_of_many(np.zeros((4, RATE), np.float32))
    assert kept.shape[0] == 1
    assert flag.code == "many_channels"


def _span(start: float, end: float) -> Span:
    return Span(start_s=start, end_s=end)


def test_a_leak_of_the_other_side_goes_and_a_real_overlap_stays() -> None:
    left, right = noise(10, seed=1, level=0.1), noise(10, seed=2, level=0.001)
    right[5 * RATE : 9 * RATE] = noise(4, seed=3, level=0.1)  # the right side's own voice
    speech = [[_span(0, 6)], [_span(1, 3), _span(5, 9)]]
    kept = without_leak(speech, np.stack([left, right]))
    assert kept == [[_span(0, 6)], [_span(5, 9)]]


def test_a_quiet_word_while_the_other_is_silent_stays() -> None:
    left, right = noise(10, seed=1, level=0.1), noise(10, seed=2, level=0.001)
    right[5 * RATE : 9 * RATE] = noise(4, seed=3, level=0.1)
    speech = [[_span(4, 6)], [_span(1, 3), _span(5, 9)]]
    assert without_leak(speech, np.stack([left, right]))[1] == speech[1]


# ---------------------------------------------------------------- spans of speech


def test_speech_is_padded_and_short_pauses_are_bridged() -> None:
    found = spans(frames(10, (1, 3), (3.1, 5), (7, 8)))
    assert [(round(s.start_s, 1), round(s.end_s, 1)) for s in found] == [(0.9, 5.1), (6.9, 8.1)]


def test_a_click_is_not_speech_but_a_short_word_is() -> None:
    assert spans(frames(5, (2, 2.04))) == []
    assert len(spans(frames(5, (2, 2.2)))) == 1


def test_spans_never_overlap_nor_leave_the_recording() -> None:
    found = spans(frames(5, (0, 1), (1.3, 2), (2.3, 5)))
    assert found[0].start_s == 0.0
    assert all(a.end_s <= b.start_s for a, b in pairwise(found))
    assert found[-1].end_s <= 5.0


def test_power_of_a_long_sound_is_that_of_its_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vad, "_BLOCK", 7)
    sound = noise(2.0)
    frames = sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME)
    assert np.allclose(vad.frame_power(sound), np.mean(frames**2, axis=1))


@pytest.mark.slow
def test_speech_is_found_alike_in_blocks(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = load(samples / "long_silence.flac").samples[0]
    at_once = vad.speech_probability(sound)
    monkeypatch.setattr(vad, "_BLOCK", 600)
    in_blocks = vad.speech_probability(sound)
    assert np.allclose(in_blocks, at_once, atol=1e-3)
