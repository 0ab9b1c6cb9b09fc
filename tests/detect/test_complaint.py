"""Dissatisfaction against plain requests; reasons; abuse against despair."""

from __future__ import annotations

import pytest

from tests.detect.calls import call, detections, found


@pytest.mark.parametrize(
    "line",
    [
        "C: i want to make a complaint",
        "C: I'm really not happy about this.",
        "C: this is absolutely ridiculous",
        "C: my parcel still hasn't arrived",
        "C: i've been waiting three weeks for that refund",
        "C: you've sent me the wrong item",
        "C: the kettle stopped working after two days",
        "C: you've charged me twice",
        "C: nobody has called me back",
        "C: the driver was really rude",
        "C: um it was supposed to be done last friday and its still not on",
    ],
)
def test_dissatisfaction(line: str) -> None:
    assert "complaint.stated" in found(call(line))


@pytest.mark.parametrize(
    "line",
    [
        "C: when will my parcel arrive",
        "C: how do i return a kettle",
        "C: i can't complain",
        "C: i'd like to pay my bill",
        "C: i think i've got the wrong number",
        "C: i'm really happy with it",
        "C: do you charge for delivery",
        "C: he was very helpful",
        "C: i haven't got a credit card",
        "A: i am very disappointed too",
    ],
)
def test_plain_requests_are_not_complaints(line: str) -> None:
    assert "complaint.stated" not in found(call(line))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("C: it arrived broken and i'm not happy",), "product"),
        (("C: i've been waiting three weeks",), "delay"),
        (("C: you have charged me twice",), "billing"),
        (("C: i want to complain", "A: what happened", "C: he was rude to my wife"), "staff"),
        (("C: i want to complain", "A: yes", "C: no one turned up on tuesday"), "service"),
        (("C: i want to make a complaint",), "other"),
    ],
)
def test_reasons(lines: tuple[str, ...], kind: str) -> None:
    reasons = detections(call(*lines), "complaint.reason")
    assert kind in {d.attributes["kind"] for d in reasons}


def test_a_fault_report_without_a_complaint_has_no_reason() -> None:
    assert "complaint.reason" not in found(call("C: hello my phone is not working"))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("C: this is the third time i've called about this", "complaint.repeat_contact"),
        ("C: i keep having to explain it", "complaint.repeat_contact"),
        ("C: i'll take my business elsewhere", "complaint.threat_to_leave"),
        ("C: if it's not fixed i'm gonna have to cancel it", "complaint.threat_to_leave"),
        ("C: can i speak to your manager please", "complaint.escalation_requested"),
        ("C: i burnt my hand on it", "complaint.injury"),
        ("C: your engineer scratched my car", "complaint.property_damage"),
        ("A: if you carry on swearing i'll have to end the call", "complaint.abuse_warned"),
    ],
)
def test_what_comes_with_complaints(line: str, label: str) -> None:
    assert label in found(call(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("C: it's the first time i've called", "complaint.repeat_contact"),
        ("C: we're moving to another house", "complaint.threat_to_leave"),
        ("C: i'd like to cancel my appointment", "complaint.threat_to_leave"),
        ("C: my manager asked me to ring", "complaint.escalation_requested"),
        ("C: nobody was hurt", "complaint.injury"),
        ("C: i was cut off", "complaint.injury"),
        ("C: nothing was damaged", "complaint.property_damage"),
        ("A: which language would you prefer", "complaint.abuse_warned"),
    ],
)
def test_near_misses_of_what_comes_with_complaints(line: str, label: str) -> None:
    assert label not in found(call(line))


@pytest.mark.parametrize(
    "line",
    ["C: you're an idiot", "C: you useless cow", "C: fuck you", "C: Are you stupid or what?"],
)
def test_abuse_is_aimed_at_the_agent(line: str) -> None:
    assert "complaint.abuse" in found(call(line))


@pytest.mark.parametrize(
    "line",
    [
        "C: the fucking thing has broken again",
        "C: i feel like an idiot",
        "C: it's the third bloody time you've sent it",
        "A: you're an idiot",
    ],
)
def test_swearing_at_the_trouble_is_not_abuse(line: str) -> None:
    assert "complaint.abuse" not in found(call(line))
