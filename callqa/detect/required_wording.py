"""Wording that the organisation requires its agents to say, word for word or nearly."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.cues import AGENTS
from callqa.detect.lexicon import compile_phrase
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "wording.required"


def detect(call: CallView, profile: Profile, _earlier: Found) -> Iterable[Detection]:
    """Each required phrase where an agent first says it; phrases are written as in a lexicon."""
    for phrase in filter(str.strip, profile.required_wording):
        pattern = compile_phrase(phrase)
        for view in call.turns:
            if view.role in AGENTS and (match := pattern.search(view.plain.text)):
                first = view.plain.token_at(match.start() + 1)
                start, end = view.plain.chars(first, view.plain.token_at(match.end() - 1))
                yield call.detection(
                    LABEL,
                    view,
                    start,
                    end,
                    confidence=0.95,
                    why=f"says what the organisation requires: “{phrase}”",
                    rule="required_wording/profile",
                    attributes={"phrase": phrase},
                )
                break


DETECTOR = Detector(name="required_wording", labels=(LABEL,), detect=detect)
