"""Abuse: insults, and strong language thrown at the person on the line, not at the trouble."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.cues import CUSTOMER, relabel, view_of
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "complaint.abuse"
_AIMED = frozenset({"you", "your", "yourself"})
_REACH = 3  # plain words between “you” and the swearing, or the other way round


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """The customer's insults, and swearing with “you” close beside it."""
    for cue in earlier["cue.insult"]:
        yield relabel(
            call, cue, LABEL, "complaint_abuse/insult", why="insults the person on the line"
        )
    for swearing in earlier["negative.profanity"]:
        if swearing.role not in CUSTOMER or earlier.overlapping("cue.insult", swearing):
            continue
        view = view_of(call, swearing)
        if swearing.attributes.get("strength") == "strong" and _aimed(view, swearing):
            yield relabel(
                call, swearing, LABEL, "complaint_abuse/profanity",
                why="swears at the person on the line", confidence=0.78,
            )  # fmt: skip


def _aimed(view: TurnView, swearing: Detection) -> bool:
    tokens = view.plain.tokens_in(swearing.start_char or 0, swearing.end_char or 0)
    start, end = view.plain.sentence(tokens[0])
    near = view.plain.tokens[max(start, tokens[0] - _REACH) : min(end, tokens[-1] + 1 + _REACH)]
    return bool(_AIMED & set(near))


DETECTOR = Detector(
    name="complaint_abuse",
    labels=(LABEL,),
    needs=("cue.insult", "negative.profanity"),
    detect=detect,
)
