"""What counts as a voice, and where one starts and ends."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.listen import annotation, metric, mixes, whole
from callqa.listen.diarize import _leave_out, _spans, diarize
from callqa.listen.vad import FRAME_S, RATE, speech_probability

FRAMES = 589  # of the segmentation model in a window of 10 s


def test_a_stretch_in_which_no_speech_is_heard_is_no_voice() -> None:
    active = np.zeros((1, FRAMES, 3), bool)
    active[0, 60:120, 0] = True  # 1.0 to 2.0 s
    active[0, 300:360, 1] = True  # 5.1 to 6.1 s
    active[0, 580:, 2] = True  # past the end of the sound
    speech = np.zeros(int(8 / FRAME_S), bool)
    speech[int(1.5 / FRAME_S)] = True
    _leave_out(active, speech)
    assert active[0, 60:120, 0].all()
    assert not active[..., 1:].any()


def test_the_second_window_starts_five_seconds_later() -> None:
    active = np.ones((2, FRAMES, 1), bool)
    speech = np.zeros(int(15 / FRAME_S), bool)
    speech[int(12 / FRAME_S)] = True
    _leave_out(active, speech)
    assert active.any(axis=(1, 2)).tolist() == [False, True]


def test_short_pauses_are_bridged_and_longer_ones_kept() -> None:
    activity = np.zeros((200, 1), np.float32)
    activity[20:60] = activity[70:100] = activity[140:180] = 1.0  # pauses of 0.2 and 0.8 s
    spans = _spans(activity, 0.02, 3.5)["voice1"]
    assert [(s.start_s, s.end_s) for s in spans] == [(0.4, 2.0), (2.8, 3.5)]


@pytest.mark.slow
def test_voices_of_the_samples_mixed_to_one_channel_are_told_apart() -> None:
    error = metric()
    for samples, reference in mixes():
        found = diarize(samples, speech_probability(samples))
        error(annotation(reference), annotation(found), uem=whole(samples.size / RATE))
    assert abs(error) <= 0.08
