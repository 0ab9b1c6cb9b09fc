"""Negative language, its target, and what mends it."""

from __future__ import annotations

import pytest

from callqa.profile import Profile
from tests.detect.calls import call, detections, found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: you should have read the terms", "negative.blame"),
        ("A: well that's your fault isn't it", "negative.blame"),
        ("A: you must have pressed the wrong button", "negative.blame"),
        ("A: that's not my problem", "negative.dismissive"),
        ("A: you need to calm down", "negative.dismissive"),
        ("A: no you didn't", "negative.argument"),
        ("A: I'm not sure to be honest.", "negative.uncertainty"),
        ("A: under no circumstances can we do that", "negative.absolutes"),
        ("A: you can't have it before monday", "negative.negative_phrasing"),
    ],
)
def test_kinds_of_negative_language(line: str, label: str) -> None:
    assert label in found(call(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: i should have read that out to you", "negative.blame"),
        ("A: that's our fault", "negative.blame"),
        ("C: you should have told me", "negative.blame"),
        ("A: that's not a problem", "negative.dismissive"),
        ("A: you're quite right", "negative.argument"),
        ("A: do you know what time it was", "negative.uncertainty"),
        ("A: you can always call us back", "negative.absolutes"),
    ],
)
def test_near_misses_of_negative_language(line: str, label: str) -> None:
    assert label not in found(call(line))


def test_a_refusal_that_leaves_nowhere_to_go() -> None:
    view = call("C: can you send it today", "A: no i can't do that", "C: oh", "A: anything else")
    (refusal,) = detections(view, "negative.refusal")
    assert "i can't" in refusal.quote
    assert refusal.attributes["softened"] is False


@pytest.mark.parametrize(
    "lines",
    [
        ("A: I can't do that today, but what I can do is book Friday.",),
        ("A: we can't refund it", "C: oh", "A: we could send you a voucher instead"),
        ("A: i can't give you that number shall i put you through to directory enquiries",),
    ],
)
def test_an_alternative_repairs_a_refusal(lines: tuple[str, ...]) -> None:
    assert "negative.refusal" not in found(call("C: please do it", *lines, "C: all right"))


def test_the_customers_own_refusal_is_not_the_agents() -> None:
    assert "negative.refusal" not in found(call("C: i can't do that"))


def test_jargon_unless_explained_or_the_customers_own_word() -> None:
    assert "negative.jargon" in found(call("A: it's charged pro rata"))
    assert "negative.jargon" not in found(
        call("A: it's charged pro rata which means you pay for the days you use")
    )
    assert "negative.jargon" not in found(call("C: is it pro rata", "A: yes it's pro rata"))


def test_the_organisations_own_jargon() -> None:
    profile = Profile(jargon=("blue flag",))
    (term,) = detections(call("A: there's a Blue Flag on it"), "negative.jargon", profile=profile)
    assert term.attributes["term"] == "blue flag"
    assert "negative.jargon" not in found(call("A: there's a blue flag on it"))


def test_fillers_count_as_a_rate() -> None:
    crowded = "A: um well er you see um it is er on the way"
    (filler,) = detections(call(crowded), "negative.filler")
    assert filler.attributes["count"] == 4
    assert "negative.filler" not in found(call("A: um it is er on the way"))
    long = "A: " + "we will look at it and then we will send it out " * 10 + "um er um"
    assert "negative.filler" not in found(call(long))


@pytest.mark.parametrize(
    ("line", "strength"),
    [("C: this is fucking ridiculous", "strong"), ("C: it's the third bloody time", "mild")],
)
def test_profanity_has_a_strength(line: str, strength: str) -> None:
    (swearing,) = detections(call(line), "negative.profanity")
    assert swearing.attributes["strength"] == strength


def test_places_and_injuries_are_not_profanity() -> None:
    assert "negative.profanity" not in found(call("C: i live in scunthorpe", "C: a bloody nose"))
