"""Signs of listening, and breaking in."""

from __future__ import annotations

import pytest

from tests.detect.calls import call, detections, found


@pytest.mark.parametrize("said", ["mm hmm", "yeah", "right", "okay", "mm", "yes right", "Okay."])
def test_a_short_word_while_the_other_talks_is_a_backchannel(said: str) -> None:
    view = call("C: so it stopped on saturday", f"A: {said}", "C: and then it leaked")
    assert "listening.backchannel" in found(view, role="agent")


@pytest.mark.parametrize("said", ["yes", "yeah sure", "no"])
def test_an_answer_is_no_backchannel(said: str) -> None:
    view = call("C: have you got my order", f"A: {said}")
    assert not {x for x in found(view) if x.startswith("listening.")}


@pytest.mark.parametrize(
    "said",
    [
        "i see",
        "right okay let me look at that",
        "i understand what you're saying",
        "okay got it",
        "right so i can see it here",
        "oh of course",
    ],
)
def test_acknowledgements(said: str) -> None:
    view = call("C: it stopped on saturday and nobody came", f"A: {said}")
    assert "listening.acknowledgement" in found(view, role="agent")


@pytest.mark.parametrize(
    "said",
    [
        "i don't understand",
        "i see you have two accounts",
        "oh hello",
        "if i understand it's broken",
        "it's on the right",
    ],
)
def test_near_misses_of_acknowledgement(said: str) -> None:
    view = call("C: it stopped on saturday and nobody came", f"A: {said}")
    assert "listening.acknowledgement" not in found(view)


def test_the_first_words_of_a_call_acknowledge_nothing() -> None:
    assert "listening.backchannel" not in found(call("A: yes"))


def test_saying_it_back_in_other_words() -> None:
    view = call("C: they took the money twice", "A: so what you're saying is you paid twice")
    assert "listening.paraphrase" in found(view)


def test_so_you_takes_up_the_callers_words() -> None:
    view = call("C: i was charged twice for one lamp", "A: so you've been charged twice then")
    (paraphrase,) = detections(view, "listening.paraphrase")
    assert "“charged”" in paraphrase.why


def test_so_you_without_the_callers_words_is_no_paraphrase() -> None:
    view = call("C: i was charged twice", "A: so you have to press nine and wait")
    assert "listening.paraphrase" not in found(view)


def test_summing_up_and_checking() -> None:
    view = call("A: so just to recap the engineer comes on tuesday does that make sense")
    assert {"listening.summary", "listening.check_understanding"} <= found(view)


# ---------------------------------------------------------------- breaking in


def test_breaking_in_on_an_unfinished_sentence() -> None:
    view = call(
        "C 0.0-4.0: i rang last week and the",
        "A 3.5-6.0: no listen that's not possible",
        duration=6,
    )
    (broke,) = detections(view, "listening.interruption")
    assert broke.role == "agent"
    assert broke.attributes["overlap_s"] == 0.5


def test_a_customer_breaks_in_too() -> None:
    view = call(
        "A 0.0-4.0: what we can do is",
        "C 3.4-6.0: i do not want that",
        duration=6,
    )
    assert "listening.interruption" in found(view, role="customer")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("C 0.0-4.0: i rang last week and the", "A 3.5-3.9: mm hmm"),  # a backchannel
        ("C 0.0-4.0: i rang last week and the", "A 4.2-6.0: no listen to me"),  # no overlap
        ("C 0.0-4.0: i rang you last week.", "A 3.7-6.0: no listen to me"),  # had finished
        ("C 0.0-9.0: i rang last week and the", "A 3.5-6.0: no listen to me"),  # did not stop
        ("C 0.0-0.8: and the", "A 0.4-3.0: how can i help"),  # both started at once
        ("C: i rang last week and the", "A: no listen to me"),  # no times
    ],
)
def test_near_misses_of_interruption(first: str, second: str) -> None:
    assert "listening.interruption" not in found(call(first, second, duration=10))
