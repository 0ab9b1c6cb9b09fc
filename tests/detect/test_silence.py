"""Silences: who led into them, and how long they are."""

from __future__ import annotations

import pytest

from callqa.profile import Profile
from tests.detect.calls import call, detections

LABEL = "handling.unexplained_silence"


def test_a_silence_that_nobody_announced() -> None:
    view = call(
        "C 0-4: i wanted to ask about my bill",
        "A 4-6: right okay",
        "A 30-33: so it was twenty pounds",
        duration=35,
    )
    (silence,) = detections(view, LABEL)
    assert (silence.start_s, silence.end_s) == (6, 30)
    assert silence.role == "agent"
    assert silence.turn == 1
    assert silence.attributes["seconds"] == 24


@pytest.mark.parametrize(
    "words",
    [
        "A 4-6: bear with me a moment",
        "A 4-6: i'm just bringing up your account",
        "A 4-6: i'm just making a note of that",
        "C 4-6: hang on i'll get my glasses",
    ],
)
def test_a_word_before_it_explains_a_silence(words: str) -> None:
    view = call("C 0-4: about my bill", words, "A 30-33: so here it is", duration=35)
    assert detections(view, LABEL) == []


def test_an_announcement_long_before_does_not_count() -> None:
    view = call(
        "A 0-3: bear with me a moment",
        "C 3-4: okay",
        "A 12-18: so you moved to leeds in march",
        "C 18-19: yes",
        "A 50-52: thank you",
        duration=55,
    )
    assert [d.start_s for d in detections(view, LABEL)] == [19]


def test_short_silences_and_the_edges_of_the_call_are_left_out() -> None:
    view = call("A 20-22: hello", "C 30-32: hello", duration=60)
    assert detections(view, LABEL) == []


def test_the_limit_is_the_organisations() -> None:
    view = call("A 0-2: right", "C 10-12: hello", duration=14)
    assert detections(view, LABEL) == []
    assert len(detections(view, LABEL, profile=Profile(silence_s=5))) == 1


def test_without_sound_there_is_no_silence() -> None:
    assert detections(call("A: right", "C: hello"), LABEL) == []
