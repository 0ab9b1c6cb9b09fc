"""What a contact was about, from what was said; unknown where words do not tell."""

import pytest

from callqa.evidence.situations import particular_need, situation
from tests.builders import agent, call, customer, doubtful, said

HELLO = agent("Hello.")
BILL = customer("It's about my bill.", "situation.billing")
BROKEN = customer("My kettle is broken.", "situation.fault")


def about(*parts):
    found = situation(call(HELLO, *parts))
    return found.type if found else None


@pytest.mark.parametrize(
    ("parts", "type"),
    [
        ((BILL,), "billing"),
        ((BROKEN, BILL, BROKEN), "fault"),
        ((BILL, customer("I'm not happy.", "complaint.stated")), "complaint"),
        ((agent("So that's two boxes.", "sales.order_readback"),), "order"),
        ((customer("When do you close?", "question.asked"),
          agent("At six.", "resolution.information_given")), "query"),
    ],
)  # fmt: skip
def test_what_it_is_about(parts, type):
    assert about(*parts) == type


@pytest.mark.parametrize(
    "parts",
    [
        (customer("Hello."),),
        (customer("When do you close?", "question.asked"),),
        (customer("Bill?", doubtful("situation.billing")),),
        (agent("Is it about your bill?", "situation.billing"),),
    ],
)
def test_what_cannot_be_told_is_not_guessed(parts):
    assert about(*parts) is None


def test_the_detection_that_told_it_is_named():
    record = call(HELLO, BILL)
    assert situation(record).detection == record.detections[0].id


def test_a_need_is_the_callers_own():
    deaf = customer("I'm hard of hearing.", "need.hearing")
    assert particular_need(call(HELLO, deaf)).label == "need.hearing"
    assert particular_need(call(agent("Are you deaf?", "need.hearing"), BILL)) is None
    assert particular_need(call(HELLO, said("third_party", "She's deaf.", "need.hearing")))
