"""Conference, mute, call back."""

from __future__ import annotations

import pytest

from tests.detect.calls import call, found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: let me bring my supervisor into the call", "telephony.conference"),
        ("A: i'll set up a three way call with the garage", "telephony.conference"),
        ("A: i'm just putting you on mute", "telephony.mute"),
        ("A: i'll call you back this afternoon", "telephony.call_back"),
        ("A: what's the best number to call you on", "telephony.call_back"),
    ],
)
def test_telephony(line: str, label: str) -> None:
    assert label in found(call(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: are you at the conference", "telephony.conference"),
        ("A: is it quiet where you are", "telephony.mute"),
        ("A: did they call you back", "telephony.call_back"),
        ("A: can you call us back tomorrow", "telephony.call_back"),
        ("C: i'll call you back", "telephony.call_back"),
    ],
)
def test_near_misses_of_telephony(line: str, label: str) -> None:
    assert label not in found(call(line))
