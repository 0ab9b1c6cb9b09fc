"""Reading back: the agent says again the digits, letters or address that the customer gave."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.cues import AGENTS, CUSTOMER, before, relabel
from callqa.profile import Profile
from callqa.records import Detection
from callqa.text import REDACTED, SENTENCE_END

LABEL = "handling.readback"
TURNS_BACK = 4  # customer turns in which the number may have been given
LEAST_CODE = 3  # characters that must come back; two fall together by chance
_UNITS = dict(
    zip(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen""".split(),
        range(20),
        strict=True,
    )
) | {"oh": 0, "nought": 0, "naught": 0}
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(2, 10), strict=True)
)
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_PLACES = frozenset(
    """street road lane avenue drive close crescent court way place terrace grove gardens square
    hill park row mews house cottage farm flat""".split()
)
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday tomorrow".split())
_COUNTS = (set(_UNITS) | set(_TENS)) - {"one", "zero", "oh", "nought", "naught"}
_AFTER_DAY = frozenset("at morning afternoon evening between from before after the".split())


def codes(view: TurnView) -> list[tuple[str, int, int]]:
    """Runs of spoken digits and single letters: (characters, first token, last token).

    ``double four`` is ``44``, ``twenty five`` is ``25``; a run ends at any other word.
    """
    runs: list[tuple[str, int, int]] = []
    run, start, last, times = "", 0, 0, 1
    tokens = view.plain.tokens
    for i, token in enumerate([*tokens, ""]):
        made = _code(token, tokens[i - 1] if i else "")
        if token in _TIMES:
            times, start = _TIMES[token], start if run else i
        elif made is not None:
            start = start if run or times > 1 else i
            joins = run and tokens[i - 1] in _TENS and made in "123456789"
            run = run[:-1] + made if joins else run + made * times
            times, last = 1, i
        elif token not in (SENTENCE_END, "and"):
            if run:
                runs.append((run, start, last))
            run, times = "", 1
    return runs


def _code(token: str, previous: str) -> str | None:
    if token in _UNITS:
        return str(_UNITS[token])
    if token in _TENS:
        return f"{_TENS[token]}0"
    if token.isdigit():
        return token
    if any(c.isdigit() for c in token) and token.isalnum() and len(token) <= 8:
        return token  # a postcode's half, a reference
    alone = len(token) == 1 and token.isalpha() and (token not in "ai" or len(previous) == 1)
    return token if alone else None


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """What came back, or the words that lead into it; the surest one of a turn."""
    for view in call.turns:
        if view.role not in AGENTS:
            continue
        cues = earlier.in_turn("cue.readback", view.index)
        found = _code_back(call, view) or _words_back(call, view)
        if found is not None:
            first, last, what = found
            start, end = view.plain.chars(first, last)
            yield call.detection(
                LABEL, view, start, end,
                confidence=0.94 if cues else 0.85,
                why=f"says {what} again that the customer gave",
                rule="handling_readback/repeated",
                attributes={"what": what},
            )  # fmt: skip
        elif cues:
            yield relabel(
                call, cues[0], LABEL, "handling_readback/announced",
                why="leads into reading back", confidence=0.72,
            )  # fmt: skip


def _code_back(call: CallView, view: TurnView) -> tuple[int, int, str] | None:
    given = before(call, view, roles=CUSTOMER, turns=TURNS_BACK)
    said = ["".join(code for code, _, _ in codes(t)) for t in given]
    for code, first, last in codes(view):
        if len(code) >= LEAST_CODE and any(code in s or (len(s) > 2 and s in code) for s in said):
            return first, last, "a number or spelling"
    if REDACTED in view.plain.tokens and any(REDACTED in t.plain.tokens for t in given):
        at = view.plain.tokens.index(REDACTED)
        return at, at, "a number or spelling"
    return None


def _words_back(call: CallView, view: TurnView) -> tuple[int, int, str] | None:
    """Words running of an address, or of a day and time, that the customer has just given."""
    tokens = view.plain.tokens
    for given in before(call, view, roles=CUSTOMER, turns=2):
        pairs = set(pairwise(given.plain.tokens))
        for i, pair in enumerate(pairwise(tokens)):
            if pair not in pairs:
                continue
            if pair[1] in _PLACES:
                return max(0, i - 1), i + 1, "an address"
            if pair[0] in _DAYS and pair[1] in _AFTER_DAY:
                return i, i + 1, "a day and time"
        if run := _run_back(tokens, given.plain.tokens):
            return *run, "what was agreed"
    return None


def _run_back(tokens: tuple[str, ...], given: tuple[str, ...]) -> tuple[int, int] | None:
    """Three words running that hold a number of things (“two adults and”): first and last."""
    said = set(zip(given, given[1:], given[2:], strict=False))
    for i, three in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        counted = any(word in _COUNTS for word in three)
        if counted and three in said and SENTENCE_END not in three:
            return i, i + 2
    return None


DETECTOR = Detector(
    name="handling_readback",
    labels=(LABEL,),
    needs=("cue.readback",),
    version="2",
    detect=detect,
)
