"""Positive language: what counts, and what only sounds like it."""

from __future__ import annotations

import pytest

from tests.detect.calls import call, detections, found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: good morning thank you for calling northfield water", "positive.greeting"),
        ("A: i completely understand how frustrating that must be", "positive.empathy"),
        ("A: that must have been really worrying for you", "positive.empathy"),
        ("A: What I can do is send an engineer on Friday.", "positive.solution"),
        ("A: we can definitely fix that for you", "positive.solution"),
        ("A: Thank you for bringing this to our attention.", "positive.appreciation"),
        ("A: certainly i can help you with that", "positive.confidence"),
        ("A: no problem at all", "positive.confidence"),
        ("A: you can either pay by card or set up a direct debit", "positive.options"),
        ("A: I'll make sure to follow up with you tomorrow.", "positive.commitment"),
        ("A: could i take your postcode please", "positive.courtesy"),
    ],
)
def test_kinds_of_positive_language(line: str, label: str) -> None:
    assert label in found(call(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: i understand that you want to cancel the order", "positive.empathy"),
        ("A: there is nothing we can do", "positive.solution"),
        ("A: i'm not able to do that for you", "positive.solution"),
        ("A: is there a problem at all with the line", "positive.confidence"),
        ("A: thank you", "positive.appreciation"),
        ("A: i won't be able to call you back", "positive.commitment"),
        ("C: no problem at all", "positive.confidence"),
    ],
)
def test_near_misses_of_positive_language(line: str, label: str) -> None:
    assert label not in found(call(line))


def test_sorry_that_regrets_is_an_apology_of_either_side() -> None:
    view = call("C: my parcel is late", "A: oh i'm sorry about that", "C: sorry to go on about it")
    assert [d.role for d in detections(view, "positive.apology")] == ["agent", "customer"]
    assert all(d.attributes["kind"] == "apology" for d in detections(view, "positive.apology"))


@pytest.mark.parametrize(
    "line",
    ["A: sorry what was that", "A: Sorry, could you repeat that?", "A: sorry say that again"],
)
def test_sorry_that_asks_to_repeat_is_no_apology(line: str) -> None:
    labels = found(call("C: it's four four seven", line, "C: four four seven"))
    assert "positive.apology" not in labels
    assert "handling.repeat_requested" in labels


def test_a_bare_sorry_is_decided_by_what_comes_after() -> None:
    again = call("C: can i book an alarm call", "A: sorry", "C: can i book an alarm call")
    assert "handling.repeat_requested" in found(again)
    assert "positive.apology" not in found(again)
    forgiven = call("C: you gave me the wrong number", "A: sorry", "C: that's alright")
    assert "positive.apology" in found(forgiven)
    assert "handling.repeat_requested" not in found(forgiven)


def test_sorry_after_an_ending_is_an_apology() -> None:
    view = call("A: i can't find a number", "C: oh okay then", "A: sorry", "C: thanks very much")
    assert "positive.apology" in found(view, role="agent")


@pytest.mark.parametrize(
    "line",
    [
        "C: the recording says sorry this number is engaged",
        "C: i feel sorry for him",
        "C: the code is er sorry",
    ],
)
def test_other_senses_of_sorry(line: str) -> None:
    assert "positive.apology" not in found(call(line))


def test_im_afraid_with_bad_news_is_regret_and_fear_is_not() -> None:
    (regret,) = detections(call("A: i'm afraid we've sold out"), "positive.apology")
    assert regret.attributes["kind"] == "regret"
    assert "positive.apology" not in found(call("C: she is afraid of the dog"))


def test_sorry_to_hear_is_sympathy() -> None:
    view = call("C: my husband passed away", "A: i'm so sorry to hear that")
    (sorry,) = detections(view, "positive.apology")
    assert sorry.attributes["kind"] == "sympathy"
    assert "positive.empathy" in found(view)


@pytest.mark.parametrize(
    "line",
    [
        "A: thank you mister hughes",
        "A: that's lovely Mrs Patel, bear with me",
        "A: as you mentioned earlier it was left outside",
    ],
)
def test_personalised(line: str) -> None:
    assert "positive.personalised" in found(call(line))


def test_the_customers_own_name_personalises() -> None:
    view = call("A: who am i speaking to", "C: my name is tom", "A: thanks tom how can i help")
    assert "positive.personalised" in found(view)


def test_a_name_given_in_answer_personalises() -> None:
    view = call("A: can i take your name please", "C: julia hayes", "A: thank you julia")
    (name,) = detections(view, "positive.personalised")
    assert name.quote == "julia"


@pytest.mark.parametrize(
    "lines",
    [
        ("A: what's your name", "C: yes it's julia hayes", "A: yes"),
        ("A: would you like to speak to mister hughes",),
        ("A: my name is tom", "C: hello", "A: thank you"),
    ],
)
def test_third_parties_and_the_agents_own_name_do_not_personalise(lines: tuple[str, ...]) -> None:
    assert "positive.personalised" not in found(call(*lines))
