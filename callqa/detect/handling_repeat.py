"""Asking to hear it again: “pardon”, “could you say that again”, and the asking “sorry?”.

“Sorry” alone is the hard case. It asks when it is the whole turn and answers what was just said;
the other side then says the same again, which decides between an apology and a question.
"""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.cues import relabel, view_of
from callqa.profile import Profile
from callqa.records import Detection
from callqa.text import SENTENCE_END

LABEL = "handling.repeat_requested"
BESIDE = 3  # characters between a “sorry” and the request that it belongs to
SHORT_QUESTION = 8  # plain words
_PARTS = (
    "who is that", "who was that", "who are you", "what was your", "what was the", "is that",
    "was that", "which was", "what is that", "what is your name again", "how much was",
)  # fmt: skip
_AROUND_SORRY = frozenset("sorry i am sir madam love dear mate pardon yes caller".split())
_BEGS_PARDON = frozenset("i oh beg your pardon sir madam love".split()) | {SENTENCE_END}
_SMALL = frozenset(
    """i you it is the a an to that and of in on my me for um so yes no okay right well oh just
    what do can please was are be have""".split()
)
_CLOSES = frozenset(
    """okay right then thanks thank you very much anyway all bye cheers fine no way see i oh that is
    lovely alright well""".split()
)
_FORGIVES = (" that is all right ", " that is okay ", " it is all right ", " it is okay ",
             " no problem ", " do not worry ", " not to worry ")  # fmt: skip


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """Requests to repeat, of either side; a leading “sorry” is part of the request."""
    for cue in earlier["cue.repeat"]:
        if "beg your pardon" in cue.quote.lower() and not _is_whole(view_of(call, cue)):
            continue  # “sorry, I beg your pardon” apologises
        start, end = _with_sorry(earlier, cue)
        yield call.detection(
            LABEL,
            view_of(call, cue),
            start,
            end,
            confidence=cue.confidence,
            why="asks to hear it again",
            rule="handling_repeat/phrase",
        )
    for cue in earlier["cue.sorry"]:
        view = view_of(call, cue)
        confidence = _asks(call, view, earlier) or _asks_for_part(view, cue)
        if confidence and not _beside(earlier["cue.repeat"], cue):
            yield relabel(
                call, cue, LABEL, "handling_repeat/sorry",
                why="“sorry” that asks to hear it again",
                confidence=confidence,
            )  # fmt: skip


def _with_sorry(earlier: Found, cue: Detection) -> tuple[int, int]:
    """The characters of a request and of the “sorry” right before or after it."""
    start, end = cue.start_char or 0, cue.end_char or 0
    for sorry in earlier.in_turn("cue.sorry", cue.turn if cue.turn is not None else -1):
        if 0 <= start - (sorry.end_char or 0) <= BESIDE:
            start = sorry.start_char or 0
        elif 0 <= (sorry.start_char or 0) - end <= BESIDE:
            end = sorry.end_char or 0
    return start, end


def _is_whole(view: TurnView) -> bool:
    """Whether a turn is nothing but “I beg your pardon”."""
    return set(view.plain.tokens) <= _BEGS_PARDON


def _beside(requests: Iterable[Detection], cue: Detection) -> bool:
    start, end = (cue.start_char or 0) - BESIDE, (cue.end_char or 0) + BESIDE
    return any(
        d.turn == cue.turn and (d.start_char or 0) <= end and (d.end_char or 0) >= start
        for d in requests
    )


def _asks_for_part(view: TurnView, cue: Detection) -> float:
    """“Sorry, who's that?”: the turn opens with sorry and asks for what has just been said."""
    tokens = [t for t in view.plain.tokens if t != SENTENCE_END]
    if (cue.start_char or 0) > view.plain.spans[0][0] + BESIDE or "sorry" not in tokens:
        return 0.0
    rest = " ".join(tokens[tokens.index("sorry") + 1 :])
    return 0.8 if rest.startswith(_PARTS) and len(rest.split()) <= SHORT_QUESTION else 0.0


def _asks(call: CallView, view: TurnView, earlier: Found) -> float:
    """How surely a turn that only says sorry asks to hear it again; 0 when it does not."""
    words = [t for t in view.plain.tokens if t != SENTENCE_END]
    if not words or set(words) - _AROUND_SORRY or view.index == 0:
        return 0.0
    if view.index + 1 >= len(call.turns):
        return 0.0
    said, after = call.turns[view.index - 1], call.turns[view.index + 1]
    if view.role in (said.role, after.role):
        # One's own words go on: this sorry belongs to a request to repeat there, or asks nothing.
        own = [t for t in (said, after) if t.role == view.role]
        return 0.8 if any(earlier.in_turn("cue.repeat", t.index) for t in own) else 0.0
    if set(said.plain.tokens) - {SENTENCE_END} <= _CLOSES:
        return 0.0
    if said_again(said, after) and after.role == said.role:
        return 0.93
    if any(phrase in after.plain.text for phrase in _FORGIVES):
        return 0.0
    # “I'm sorry” apologises more often than it asks; a bare “sorry” the other way round.
    return 0.0 if "am" in words else 0.75


def said_again(first: TurnView, second: TurnView) -> bool:
    """Whether two turns share most of the shorter one's content words."""
    a, b = _content(first), _content(second)
    return bool(a & b) and len(a & b) >= 0.5 * min(len(a), len(b))


def _content(view: TurnView) -> set[str]:
    return {t for t in view.plain.tokens if t not in _SMALL and t != SENTENCE_END}


DETECTOR = Detector(
    name="handling_repeat",
    labels=(LABEL,),
    needs=("cue.repeat", "cue.sorry"),
    version="2",
    detect=detect,
)
