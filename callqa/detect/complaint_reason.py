"""What a complaint is about: product, service, delay, billing, staff, or something else."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.cues import CUSTOMER, relabel
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "complaint.reason"
NEAR_TURNS = 2  # customer turns on either side of a bare complaint in which to seek its reason


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """One reason of each kind, the surest; a fault reported without a complaint is none."""
    stated = earlier["complaint.stated"]
    if not stated:
        return
    own = [d for d in stated if "kind" in d.attributes]
    reach = 0 if own else NEAR_TURNS  # a complaint that names its reason needs no guess
    cues = [d for d in earlier["cue.reason"] if _near(call, d, stated, reach)]
    surest: dict[str, Detection] = {}
    for found in [*own, *cues]:
        kind = str(found.attributes["kind"])
        if kind not in surest or found.confidence > surest[kind].confidence:
            surest[kind] = found
    for kind, found in surest.items():
        yield relabel(
            call, found, LABEL, "complaint_reason/kind",
            why=f"the complaint is about {_IN_WORDS[kind]}",
            confidence=min(found.confidence, max(d.confidence for d in stated)),
            attributes={"kind": kind},
        )  # fmt: skip
    if not surest:
        first = stated[0]
        yield relabel(
            call, first, LABEL, "complaint_reason/other",
            why="a complaint whose reason fits no kind", confidence=0.6,
            attributes={"kind": "other"},
        )  # fmt: skip


_IN_WORDS = {
    "product": "the product",
    "service": "the service",
    "delay": "a delay",
    "billing": "the bill",
    "staff": "a member of staff",
}


def _near(call: CallView, cue: Detection, stated: Iterable[Detection], reach: int) -> bool:
    order = [t.index for t in call.turns if t.role in CUSTOMER]
    place = {turn: n for n, turn in enumerate(order)}
    return any(
        cue.turn is not None
        and d.turn is not None
        and abs(place[cue.turn] - place[d.turn]) <= reach
        for d in stated
    )


DETECTOR = Detector(
    name="complaint_reason",
    labels=(LABEL,),
    needs=("complaint.stated", "cue.reason"),
    detect=detect,
)
