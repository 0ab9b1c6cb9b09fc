"""Recordings are spoilt as much as is said, and labels are compared side by side."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from benchmarks.robustness import SNR_DB, spoilt, tally
from callqa.listen import audio
from callqa.records import Detection, Role
from tests.listen.sounds import tone, write_wav


def test_noise_lies_so_far_below_the_sound(tmp_path: Path) -> None:
    """A second of tone, a second of nothing: the noise is what is left in the second."""
    sound = np.concatenate([tone(1.0, level=0.3), np.zeros(16_000, dtype=np.float32)])
    path = spoilt(write_wav(tmp_path / "in.wav", sound), tmp_path / "out.wav")
    with av.open(str(path)) as container:
        assert container.streams.audio[0].codec_context.name == "pcm_mulaw"
        assert container.streams.audio[0].rate == 8_000
    samples = audio.load(path).samples[0]
    both, noise = samples[2_000:14_000].std(), samples[18_000:30_000].std()
    # Half of white noise lies above what 8 kHz can carry.
    ratio = 10 * np.log10((both**2 - noise**2) / (2 * noise**2))
    assert ratio == pytest.approx(SNR_DB, abs=1.0)


def test_labels_are_counted_by_side_without_those_of_sound() -> None:
    def found(label: str, role: Role) -> Detection:
        return Detection(id=label, label=label, participant="p", role=role, turn=0, confidence=0.9,
                         why="", rule="")  # fmt: skip

    counted = tally(
        [
            found("closing.thanks", "second_agent"),
            found("closing.thanks", "agent"),
            found("closing.thanks", "customer"),
            found("emotion.raised", "customer"),
        ]
    )
    assert counted == {("agent", "closing.thanks"): 2, ("customer", "closing.thanks"): 1}
