"""Signs of emotion: the customer's only, against their own voice, and only when heard enough."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from callqa.detect.arousal import (
    LEVEL_DB,
    PITCH_ST,
    TILT_DB,
    arousal,
    is_raised,
)
from callqa.detect.base import CallView
from callqa.records import Detection, TurnProsody
from tests.detect.calls import call, detections

CALM, LOUD, QUIET = (0.0, 0.0, 0.0), (6.0, 8.0, 3.0), (-6.0, -8.0, -3.0)

LOUDER = (7.0, 9.0, 4.0)


def a_call(
    voices: Sequence[tuple[float, float, float]], *, speaker: str = "C", voiced_s: float = 4.0
) -> CallView:
    """Turns of one speaker, 10 s apart, spoken with these (pitch, level, tilt)."""
    lines = [f"{speaker} {10 * n}-{10 * n + 5}: and then it happened" for n in range(len(voices))]
    prosody = {
        n: TurnProsody(turn=n, voiced_s=voiced_s, pitch_high_st=p, level_db=level, tilt_db=tilt)
        for n, (p, level, tilt) in enumerate(voices)
    }
    return call(*lines, duration=10.0 * len(voices), prosody=prosody)


def signs(view: CallView) -> list[Detection]:
    return [d for d in detections(view) if d.label.startswith("emotion.")]


def test_a_raised_voice_and_its_recovery() -> None:
    raised, recovering = signs(a_call([CALM] * 4 + [LOUD, LOUDER] + [CALM] * 3))
    assert raised.label == "emotion.raised"
    assert (raised.start_s, raised.end_s) == (40, 55)
    assert raised.why.startswith("voice raised from 0:40")
    assert 0.5 < raised.confidence <= 0.8
    assert (recovering.label, recovering.start_s) == ("emotion.recovering", 60)
    assert [raised.attributes[f"{what}_s"] for what in ("onset", "peak", "recovery")] == [
        40,
        50,
        60,
    ]


def test_one_calm_turn_is_no_recovery_yet() -> None:
    assert [d.label for d in signs(a_call([CALM] * 5 + [LOUD, CALM]))] == ["emotion.raised"]


def test_a_low_and_quiet_voice_is_no_sign() -> None:
    """It is as often calm as sad."""
    assert signs(a_call([CALM] * 5 + [QUIET] * 3)) == []


@pytest.mark.parametrize("speaker", ["A", "B", "U", "T"])
def test_nobody_but_the_customer_is_judged(speaker: str) -> None:
    assert signs(a_call([CALM] * 5 + [LOUD], speaker=speaker)) == []


def test_one_measure_alone_says_nothing() -> None:
    assert signs(a_call([CALM] * 5 + [(0.0, 20.0, 0.0)])) == []


def test_too_little_voice_says_nothing() -> None:
    assert signs(a_call([CALM] * 2 + [LOUD])) == []
    assert signs(a_call([CALM] * 5 + [LOUD], voiced_s=1.0)) == []
    assert signs(a_call([CALM] * 40 + [LOUD], voiced_s=0.5)) == []


def test_a_voice_that_swings_all_the_time_does_not_stand_out() -> None:
    lively = [(p, 1.5 * p, p / 2) for p in (-4.0, 4.0, -2.0, 2.0, -4.0, 4.0, -2.0, 2.0)]
    steady = [CALM] * len(lively)
    rising = (4.5, 6.5, 3.0)
    assert "emotion.raised" not in {d.label for d in signs(a_call([*lively, rising]))}
    assert [d.label for d in signs(a_call([*steady, rising]))] == ["emotion.raised"]


def test_without_prosody_there_are_no_signs() -> None:
    assert signs(call("C 0-5: this is ridiculous", duration=6)) == []


def test_raised_is_more_than_usual_in_two_of_three() -> None:
    spoken = TurnProsody(turn=0, voiced_s=1.0, pitch_high_st=5.0, level_db=6.0, tilt_db=3.0)
    assert arousal(spoken) == pytest.approx(5 / PITCH_ST + 6 / LEVEL_DB + 3 / TILT_DB)
    assert is_raised(spoken)
    assert not is_raised(spoken, usual=4.0)
    assert not is_raised(spoken.model_copy(update={"level_db": 0.0}))


def test_what_was_not_measured_has_no_arousal() -> None:
    assert arousal(TurnProsody(turn=0, voiced_s=1.0, pitch_high_st=5.0, level_db=6.0)) is None
    assert not is_raised(TurnProsody(turn=0, voiced_s=1.0))
