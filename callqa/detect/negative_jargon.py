"""Jargon: words of the trade that are neither the customer's own nor explained at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.cues import AGENTS, relabel, view_of
from callqa.detect.lexicon import compile_phrase
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "negative.jargon"


def detect(call: CallView, profile: Profile, earlier: Found) -> Iterable[Detection]:
    """General jargon and the organisation's own list, each term once a turn."""
    for cue in earlier["cue.jargon"]:
        view = view_of(call, cue)
        if not _explained(earlier, view, cue.start_char or 0) and not _known(call, view, cue.quote):
            yield relabel(
                call, cue, LABEL, "negative_jargon/general",
                why="a word customers may not know, not explained",
                attributes={"term": cue.quote.lower()},
            )  # fmt: skip
    yield from _own_list(call, profile, earlier)


def _own_list(call: CallView, profile: Profile, earlier: Found) -> Iterator[Detection]:
    patterns = [(term, compile_phrase(term)) for term in profile.jargon if term.strip()]
    for view in call.turns if patterns else ():
        if view.role not in AGENTS:
            continue
        for term, pattern in patterns:
            match = pattern.search(view.plain.text)
            if not match or _known(call, view, term):
                continue
            first = view.plain.token_at(match.start() + 1)
            start, end = view.plain.chars(first, view.plain.token_at(match.end() - 1))
            if not _explained(earlier, view, start):
                yield call.detection(
                    LABEL, view, start, end,
                    confidence=0.9,
                    why="a word on the organisation's jargon list, not explained",
                    rule="negative_jargon/profile",
                    attributes={"term": term},
                )  # fmt: skip


def _explained(earlier: Found, view: TurnView, start_char: int) -> bool:
    return any((d.end_char or 0) > start_char for d in earlier.in_turn("cue.explained", view.index))


def _known(call: CallView, view: TurnView, term: str) -> bool:
    """Whether the customer has used the word before."""
    spoken = compile_phrase(term)
    return any(
        spoken.search(t.plain.text) for t in call.turns[: view.index] if t.role == "customer"
    )


DETECTOR = Detector(
    name="negative_jargon", labels=(LABEL,), needs=("cue.jargon", "cue.explained"), detect=detect
)
