"""The end of a call: anything else, satisfied, thanks, goodbye."""

from __future__ import annotations

import pytest

from tests.detect.calls import call, detections, found


def test_a_whole_closing() -> None:
    view = call(
        "A: does that sort everything out for you",
        "C: yes thanks",
        "A: lovely is there anything else i can help you with today",
        "C: no that's all",
        "A: thank you for calling have a good day",
        "C: bye",
    )
    assert {
        "closing.satisfaction_checked",
        "closing.further_help",
        "closing.thanks",
        "closing.farewell",
    } <= found(view, role="agent")
    assert {"closing.thanks", "closing.farewell"} <= found(view, role="customer")


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: if there's anything else just give us a ring", "closing.further_help"),
        ("A: are you happy to hold", "closing.satisfaction_checked"),
        ("C: thanks to your engineer i missed a day's work", "closing.thanks"),
        ("A: i'll take care of that for you", "closing.farewell"),
        ("C: he said goodbye and put the phone down", "closing.farewell"),
        ("C: did you have a nice day", "closing.farewell"),
        ("C: is there anything else", "closing.further_help"),
    ],
)
def test_near_misses(line: str, label: str) -> None:
    assert label not in found(call(line))


@pytest.mark.parametrize("bye", ["bye", "bye bye", "byebye", "ta ta", "cheerio", "bye now then"])
def test_ways_to_say_goodbye(bye: str) -> None:
    assert found(call(f"C: {bye}")) >= {"closing.farewell"}


def test_good_evening_greets_and_is_wished() -> None:
    assert "opening.greeting" in found(call("A: good evening"))
    assert "opening.greeting" not in found(call("A: have a good evening"))


def test_thanks_for_calling_greets_at_first_and_thanks_at_last() -> None:
    view = call(
        "A: Thank you for calling Northfield Water, this is Jo.",
        "C: My bill is wrong.",
        "A: Let me look.",
        "C: Right.",
        "A: That is put right.",
        "C: Lovely.",
        "A: Thank you for calling.",
    )
    assert [d.turn for d in detections(view, "opening.greeting")] == [0]
    assert [d.turn for d in detections(view, "closing.thanks")] == [6]
