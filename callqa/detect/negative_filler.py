"""Fillers, as a rate: a turn in which they crowd, not each “um” as a fault."""

from __future__ import annotations

import re
from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.cues import AGENTS
from callqa.profile import Profile
from callqa.records import Detection

LEAST = 3  # fillers in a turn
SHARE = 0.06  # of its words: three in fifty are how people talk
_FILLER = re.compile(
    r"\b(?:u+m+|u+h+|e+r+m*|h+m+|you know|i mean|sort of|kind of|basically)\b", re.IGNORECASE
)


def detect(call: CallView, _profile: Profile, _earlier: Found) -> Iterable[Detection]:
    """One detection per agent turn with at least ``LEAST`` fillers that make up ``SHARE``."""
    for view in call.turns:
        if view.role not in AGENTS:
            continue
        hits = list(_FILLER.finditer(view.text))
        words = len(view.text.split())
        if len(hits) < LEAST or len(hits) / words < SHARE:
            continue
        yield call.detection(
            "negative.filler",
            view,
            hits[0].start(),
            hits[-1].end(),
            confidence=min(0.9, 0.65 + 0.05 * (len(hits) - LEAST)),
            why=f"{len(hits)} fillers in {words} words",
            rule="negative_filler/rate",
            attributes={"count": len(hits), "words": words},
        )


DETECTOR = Detector(name="negative_filler", labels=("negative.filler",), detect=detect)
