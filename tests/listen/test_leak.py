"""What leaks from one side into the other is taken out; what is merely quiet stays."""

from __future__ import annotations

import numpy as np
import pytest

from callqa.listen import leak
from callqa.listen.leak import take_out
from callqa.listen.vad import FRAME, RATE
from tests.listen.sounds import Floats, noise


def two_sides(seconds: float = 20.0) -> Floats:
    """The sides take turns of two seconds over a faint line noise; float32 [2, n]."""
    at = np.arange(int(seconds * RATE)) / RATE
    first = (at // 2 % 2 == 0).astype(np.float32)
    voices = np.stack([noise(seconds, seed=1, level=0.2), noise(seconds, seed=2, level=0.2)])
    lines = np.stack([noise(seconds, seed=3, level=1e-4), noise(seconds, seed=4, level=1e-4)])
    return voices * np.stack([first, 1 - first]) + lines


def db(sound: Floats) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound)) + 1e-12))


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(("late", "shape"), [(0, [1.0]), (160, [0.6, -0.3, 0.2]), (-40, [1.0])])
def test_a_late_and_filtered_copy_is_taken_out(side: int, late: int, shape: list[float]) -> None:
    clean = two_sides()
    copy = np.roll(np.convolve(clean[1 - side], shape)[: clean.shape[1]], late)
    leaky = clean.copy()
    leaky[side] += np.float32(10 ** (-25 / 20)) * copy
    added = db(leaky[side] - clean[side])
    found = take_out(leaky)
    assert db(leaky[side] - clean[side]) < added - 20
    assert np.allclose(leaky[1 - side], clean[1 - side])
    assert found.level_db[1 - side] is None
    assert found.level_db[side] == pytest.approx(-25 + db(np.array(shape)) + 10 * np.log10(
        len(shape)), abs=1)  # fmt: skip


def test_frames_of_leak_alone_are_told() -> None:
    leaky = two_sides()
    leaky[1] += np.float32(10 ** (-25 / 20)) * leaky[0]
    frames = take_out(leaky).frames[1]
    second = np.arange(frames.size) * FRAME / RATE % 4
    assert frames[(second > 0.1) & (second < 1.9)].mean() > 0.9
    assert frames[(second > 2.1) & (second < 3.9)].mean() == 0


def test_without_a_leak_nothing_is_changed() -> None:
    clean = two_sides()
    kept = clean.copy()
    assert take_out(kept).level_db == (None, None)
    assert np.array_equal(kept, clean)


def test_a_quiet_voice_of_ones_own_stays() -> None:
    """Somebody who mutters while the other speaks is no copy of them."""
    clean = two_sides()
    clean[1] += 0.05 * noise(20.0, seed=9, level=0.2)
    kept = clean.copy()
    assert take_out(kept).level_db == (None, None)
    assert np.array_equal(kept, clean)


def test_a_mutter_over_a_leak_stays() -> None:
    clean = two_sides()
    mutter = 0.05 * noise(20.0, seed=9, level=0.2)
    mutter[: 10 * RATE] = 0
    clean[1] += mutter
    leaky = clean.copy()
    leaky[1] += np.float32(10 ** (-25 / 20)) * clean[0]
    found = take_out(leaky)
    assert db(leaky[1] - clean[1]) < db(mutter) - 15
    assert found.frames[1, 11 * RATE // FRAME :].mean() < 0.02


def test_too_little_to_tell_by() -> None:
    short = two_sides(1.0)
    assert take_out(short).level_db == (None, None)
    assert take_out(np.zeros((2, 100), np.float32)).level_db == (None, None)


def test_long_sound_is_worked_in_blocks_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    leaky = two_sides()
    leaky[0] += np.float32(0.05) * np.roll(leaky[1], 30)
    at_once, in_blocks = leaky.copy(), leaky.copy()
    whole = take_out(at_once)
    monkeypatch.setattr(leak, "_BLOCK", 40 * FRAME)
    parts = take_out(in_blocks)
    assert np.allclose(at_once, in_blocks, atol=1e-6)
    assert np.array_equal(whole.frames, parts.frames)
