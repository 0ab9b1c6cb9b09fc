"""Holding, looking up, transferring, recording, reading back, spelling."""

from __future__ import annotations

import pytest

from callqa.detect.handling_readback import codes
from tests.detect.calls import call, detections, found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: bear with me one moment", "handling.hold_requested"),
        ("A: can i just pop you on hold for a second", "handling.hold_requested"),
        ("A: I won't keep you a moment.", "handling.hold_requested"),
        ("A: thank you very much for holding", "handling.hold_thanked"),
        ("A: sorry to keep you waiting", "handling.hold_thanked"),
        ("A: i'll just pop you through to billing", "handling.transfer"),
        ("A: i'm still waiting for it to load", "handling.progress_update"),
        ("A: i'm just bringing up your account", "handling.looking_up"),
        ("A: i'll put a note on the account", "handling.record_updating"),
        ("A: I'll email that to you now.", "handling.alternative_channel"),
        ("A: pardon", "handling.repeat_requested"),
        ("A: i didn't quite catch that", "handling.repeat_requested"),
    ],
)
def test_handling(line: str, label: str) -> None:
    assert label in found(call("C: it's about the bill", line, "C: yes"))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: hold the button down for ten seconds", "handling.hold_requested"),
        ("A: thanks for bearing with me", "handling.hold_requested"),
        ("A: thank you for calling", "handling.hold_thanked"),
        ("A: did they put you through to the right person", "handling.transfer"),
        ("A: did you check your emails", "handling.looking_up"),
        ("A: did you write that down", "handling.record_updating"),
        ("A: what's your email address", "handling.alternative_channel"),
        ("A: what was the date of the bill", "handling.repeat_requested"),
        ("C: bear with me while i find it", "handling.hold_requested"),
    ],
)
def test_near_misses_of_handling(line: str, label: str) -> None:
    assert label not in found(call(line))


@pytest.mark.parametrize(
    "lines",
    [
        ("A: bear with me while i look at the order",),
        ("A: can you hold for two minutes please",),
        ("A: hold the line please", "C: okay", "A: i'll just check with the warehouse"),
    ],
)
def test_a_hold_is_explained_in_the_same_or_a_neighbouring_turn(lines: tuple[str, ...]) -> None:
    view = call(*lines)
    (hold,) = detections(view, "handling.hold_requested")
    explained = detections(view, "handling.hold_explained")
    assert [d.parts for d in explained] == [(hold.id,)]


def test_a_bare_hold_is_not_explained() -> None:
    assert "handling.hold_explained" not in found(call("A: hold the line please", "C: okay"))


@pytest.mark.parametrize(
    ("given", "back"),
    [
        ("C: it's 4 4 7 9", "A: four four seven nine"),
        ("C: double four seven nine", "A: so that's 4479"),
        ("C: twenty five sixty", "A: two five six oh"),
        ("C: it's a b c one", "A: a b c one thank you"),
        ("C: twelve mill lane", "A: twelve mill lane lovely"),
    ],
)
def test_reading_back(given: str, back: str) -> None:
    assert "handling.readback" in found(call(given, back))


@pytest.mark.parametrize(
    ("given", "back"),
    [
        ("C: it's four four seven nine", "A: thank you"),
        ("C: it's four four seven nine", "A: it costs eight hundred and one pounds"),
        ("C: i have a question", "A: the number is four four seven nine"),
    ],
)
def test_other_numbers_are_not_read_back(given: str, back: str) -> None:
    assert "handling.readback" not in found(call(given, back))


def test_spoken_codes() -> None:
    (view,) = call("C: it is double oh seven then twenty five and n w 3").turns
    assert [code for code, _, _ in codes(view)] == ["007", "25nw3"]


@pytest.mark.parametrize(
    "line",
    ["A: is that s for sugar", "C: that's sierra tango four", "A: B as in bravo, yes?"],
)
def test_phonetic_spelling(line: str) -> None:
    assert "handling.phonetic_spelling" in found(call(line))


@pytest.mark.parametrize(
    "line", ["C: the hotel was lovely", "A: a room for two", "C: i for one am happy"]
)
def test_near_misses_of_spelling(line: str) -> None:
    assert "handling.phonetic_spelling" not in found(call(line))
