"""Putting it right: offers, amounts, ownership, timescales, acceptance."""

from __future__ import annotations

import pytest

from callqa.detect.resolution_refund import amount
from tests.detect.calls import call, detections, found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: your balance is forty two pounds", "resolution.information_given"),
        ("A: what would you like us to do", "resolution.preference_asked"),
        ("A: what i'm going to do is cancel the old order", "resolution.action_explained"),
        ("A: the next step is a visit from the engineer", "resolution.next_step"),
        ("A: it'll be with you within five working days", "resolution.timescale"),
        ("A: leave it with me", "resolution.ownership"),
        ("A: i can send you a replacement", "resolution.replacement_offered"),
        ("A: i'm going to escalate this", "resolution.escalated"),
        ("A: i've explained the situation to my colleague", "resolution.referral_briefed"),
        ("A: i'd need to ask my supervisor", "resolution.beyond_authority"),
        ("A: i'm not authorised to approve that", "resolution.beyond_authority"),
        ("A: would you take part in a short survey", "resolution.feedback_requested"),
    ],
)
def test_resolution(line: str, label: str) -> None:
    assert label in found(call(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: what's your account number", "resolution.information_given"),
        ("A: what is your name", "resolution.preference_asked"),
        ("A: what are you going to do about it", "resolution.action_explained"),
        ("A: did you get an email", "resolution.next_step"),
        ("A: how can i help you today", "resolution.timescale"),
        ("A: take care bye", "resolution.ownership"),
        ("A: which exchange was it", "resolution.replacement_offered"),
        ("A: did you speak to the manager", "resolution.escalated"),
        ("A: could you explain the situation to me", "resolution.referral_briefed"),
        ("A: you would need to ask your manager", "resolution.beyond_authority"),
        ("A: we can't refund that", "resolution.refund_offered"),
        ("A: i'll give you a call back", "resolution.refund_offered"),
    ],
)
def test_near_misses_of_resolution(line: str, label: str) -> None:
    assert label not in found(call(line))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("i'll refund £24.99", 24.99),
        ("we can credit 30 pounds", 30),
        ("a credit of £1,200", 1200),
        ("twenty five pounds fifty", 25.5),
        ("one hundred and twenty dollars", 120),
        ("a hundred pounds", 100),
        ("fifty pence", 0.5),
        ("five working days", None),
    ],
)
def test_amounts(text: str, value: float | None) -> None:
    assert amount(text) == value


def test_a_refund_has_its_amount_where_one_is_said() -> None:
    said = call("A: as a gesture of goodwill i can refund twenty pounds to your card")
    assert 20 in [d.attributes.get("amount") for d in detections(said, "resolution.refund_offered")]
    (unsaid,) = detections(call("A: I can refund that."), "resolution.refund_offered")
    assert "amount" not in unsaid.attributes


@pytest.mark.parametrize("answer", ["C: that's great thanks", "C: yes please", "C: yes that works"])
def test_the_customer_accepts_a_proposal(answer: str) -> None:
    view = call("A: would you like me to send you a new one", answer)
    (accepted, *_) = detections(view, "resolution.accepted")
    assert accepted.role == "customer"
    assert accepted.parts


@pytest.mark.parametrize(
    "lines",
    [
        ("A: can i take your name", "C: yes it's tom"),
        ("A: i'll put you through", "C: okay"),
        ("A: can i pop you on hold", "C: okay then"),
        ("C: that's great",),
        ("A: i can send a new one", "C: that's not good enough"),
    ],
)
def test_other_yeses_accept_nothing(lines: tuple[str, ...]) -> None:
    assert "resolution.accepted" not in found(call(*lines))


def test_a_call_back_is_agreed_when_the_customer_accepts_it() -> None:
    offered = "A: i can get someone to call you back tomorrow would that be okay"
    assert "resolution.callback_agreed" in found(call(offered, "C: yes that's fine"))
    assert "resolution.callback_agreed" not in found(call(offered, "C: no i need it today"))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("A: Would you like me to book that in?", "C: Yeah, let's do it."),
        ("A: Should we just get you on the nine o'clock?", "C: Sounds great."),
        ("A: I could do Monday or Wednesday", "C: let's go with the monday"),
        ("A: would that be okay", "C: that works for me"),
        ("A: Is that okay with you?", "C: Sure."),
    ],
)
def test_an_answer_to_a_proposal_accepts_it(asked: str, answer: str) -> None:
    assert "resolution.accepted" in found(call(asked, answer))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("A: Of course. What was your last name so I can look you up?", "C: Sure. It's Pell."),
        ("A: Would you like me to book it? And what was your last name?", "C: Sure. It's Pell."),
        ("A: could i take your postcode", "C: sure"),
        ("A: how old is it", "C: okay"),
    ],
)
def test_sure_to_a_request_for_details_accepts_nothing(asked: str, answer: str) -> None:
    assert "resolution.accepted" not in found(call(asked, answer))
