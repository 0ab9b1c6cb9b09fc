"""Apologies: “sorry” that regrets something, as against “sorry?” that asks to hear it again."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.cues import previous_token, relabel, view_of
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "positive.apology"
_REPORTED = frozenset("say says saying said told tells".split())
_OTHER_SENSE = frozenset("feel felt be feeling".split())
_ASKS_FIRST = frozenset("who what where which when how why do did does is are could can".split())
_MID_PHRASE = frozenset("the a an my your his her its of is are was at and with from".split())
_REPAIRS = (" our fault ", " our mistake ", " my fault ", " my mistake ",
            " should have ", " let me ", " let us ", " i will ", " we will ", " i can ",
            " make it right ")  # fmt: skip


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """Apologies of either side; ``kind`` is apology, sympathy or regret (bad news)."""
    for cue in earlier["cue.sorry"]:
        view = view_of(call, cue)
        if _asks(earlier, cue) or not _meant(view, cue):
            continue
        kind = "sympathy" if _followed_by(view, cue, " to hear ") else "apology"
        yield relabel(
            call, cue, LABEL, f"positive_apology/{kind}",
            why="says sorry" if kind == "apology" else "is sorry to hear it",
            confidence=_confidence(view, cue),
            attributes={"kind": kind, "takes_responsibility": _accountable(view)},
        )  # fmt: skip
    for cue in earlier["cue.regret"]:
        if not earlier.overlapping("cue.sorry", cue):
            yield relabel(
                call, cue, LABEL, "positive_apology/regret",
                why="regrets bad news (“I'm afraid”)", confidence=0.68,
                attributes={"kind": "regret"},
            )  # fmt: skip


def _asks(earlier: Found, cue: Detection) -> bool:
    """Whether this sorry belongs to a request to repeat, or stands right beside one."""
    near = earlier.in_turn("handling.repeat_requested", cue.turn if cue.turn is not None else -1)
    start, end = cue.start_char or 0, cue.end_char or 0
    return any((d.start_char or 0) <= end + 3 and (d.end_char or 0) >= start - 3 for d in near)


def _meant(view: TurnView, cue: Detection) -> bool:
    before = previous_token(view, cue)
    if before in _REPORTED or previous_token(view, cue, 2) in _REPORTED:
        return False
    if cue.quote.lower() != "sorry":
        return True
    tokens = view.plain.tokens
    at = view.plain.tokens_in(cue.start_char or 0, cue.end_char or 0)[0]
    start, end = view.plain.sentence(at)
    # “who am I speaking to, sorry”: a trailing sorry softens a question.
    asking = at == end - 1 > start and bool(_ASKS_FIRST & set(tokens[start : start + 2]))
    return not asking and before not in _OTHER_SENSE and before not in _MID_PHRASE


def _followed_by(view: TurnView, cue: Detection, words: str) -> bool:
    tokens = view.plain.tokens_in(cue.start_char or 0, cue.end_char or 0)
    after = " ".join(view.plain.tokens[tokens[-1] + 1 : tokens[-1] + 4]) if tokens else ""
    return f" {after} ".startswith(words)


def _accountable(view: TurnView) -> bool:
    return any(phrase in view.plain.text for phrase in _REPAIRS)


def _confidence(view: TurnView, cue: Detection) -> float:
    if any(_followed_by(view, cue, word) for word in (" about ", " for ", " to ", " that ")):
        return 0.95
    return 0.83 if cue.quote.lower() == "sorry" else 0.92


DETECTOR = Detector(
    name="positive_apology",
    labels=(LABEL,),
    needs=("cue.sorry", "cue.regret", "handling.repeat_requested"),
    detect=detect,
)
