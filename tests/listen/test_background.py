"""Noise below speech, and music or tones beside it."""

from __future__ import annotations

import numpy as np
import pytest

from callqa.listen.background import music_share, noise_db
from callqa.listen.vad import FRAME, RATE
from tests.listen.sounds import Floats, music, noise, tone


def said(seconds: float, *speaking: tuple[float, float]) -> Floats:
    """Probability of speech of one channel, float32 [1, frames]."""
    at = np.arange(int(seconds * RATE / FRAME)) * FRAME / RATE
    inside = sum((((at >= a) & (at < b)) for a, b in speaking), np.zeros(at.size, bool))
    return np.where(inside, 0.95, 0.02).astype(np.float32)[None]


@pytest.mark.parametrize(("level", "below"), [(0.1, 6), (0.02, 20), (0.002, 40)])
def test_noise_is_told_against_speech(level: float, below: float) -> None:
    sound = noise(10, seed=1, level=level)
    sound[2 * RATE : 8 * RATE] = noise(6, seed=2, level=0.2)
    found = noise_db(sound[None], said(10, (2, 8)))
    assert found == pytest.approx(below, abs=0.7)


def test_the_worse_side_is_told() -> None:
    quiet, loud = (noise(10, seed=n, level=level) for n, level in ((1, 0.002), (2, 0.02)))
    for side in (quiet, loud):
        side[2 * RATE : 8 * RATE] = noise(6, seed=3, level=0.2)
    found = noise_db(np.stack([quiet, loud]), np.repeat(said(10, (2, 8)), 2, axis=0))
    assert found == pytest.approx(20, abs=0.7)


def test_without_a_pause_noise_is_not_known() -> None:
    assert noise_db(noise(10)[None], said(10, (0, 10))) is None
    assert noise_db(noise(10)[None], said(10)) is None


def test_muted_pauses_are_no_infinite_quiet() -> None:
    sound = np.zeros(10 * RATE, np.float32)
    sound[2 * RATE : 8 * RATE] = noise(6, level=0.2)
    assert noise_db(sound[None], said(10, (2, 8))) == pytest.approx(86, abs=1)


@pytest.mark.parametrize("made", [music(10), tone(10), tone(10, level=0.01)])
def test_music_and_tones_are_told(made: Floats) -> None:
    assert music_share(made[None], said(10)) > 0.9


def test_the_time_of_a_ring_is_told() -> None:
    at = np.arange(12 * RATE) / RATE
    ring = (tone(12, hertz=400) + tone(12, hertz=450)) * (at % 3 < 1)
    assert music_share(ring[None], said(12)) == pytest.approx(1 / 3, abs=0.05)


def test_noise_silence_hum_and_speech_are_no_music() -> None:
    hum = tone(10, hertz=50, level=0.2) + noise(10, level=0.002)
    for sound in (noise(10), np.zeros(10 * RATE, np.float32), hum, tone(10, level=1e-4)):
        assert music_share(sound[None], said(10)) < 0.01
    assert music_share(music(10)[None], said(10, (0, 10))) == 0


def test_too_short_to_tell() -> None:
    assert music_share(np.zeros((1, 100), np.float32), np.zeros((1, 1), np.float32)) == 0


@pytest.mark.slow
def test_hold_music_of_a_sample_call_is_told(samples) -> None:  # type: ignore[no-untyped-def]
    from callqa.listen.audio import load

    held = load(samples / "explained_hold.m4a").recording
    assert (held.music_share or 0) * held.duration_s == pytest.approx(36, abs=4)
    spoken = load(samples / "card_payment.flac").recording
    assert spoken.music_share == pytest.approx(0, abs=0.01)
