"""Phonetic spelling: “S for sugar”, “b as in bravo”, “sierra tango”."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.profile import Profile
from callqa.records import Detection

LABEL = "handling.phonetic_spelling"
_NATO = frozenset(
    """alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike
    november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee
    zulu""".split()
)
# How a recogniser writes a letter that was said.
_LETTER_WORDS = {
    "bee": "b", "see": "c", "sea": "c", "dee": "d", "gee": "g", "jay": "j", "kay": "k",
    "pee": "p", "queue": "q", "are": "r", "tea": "t", "tee": "t", "you": "u", "why": "y",
    "ess": "s", "eff": "f", "em": "m", "en": "n", "ell": "l", "el": "l", "double": "w",
}  # fmt: skip


def detect(call: CallView, _profile: Profile, _earlier: Found) -> Iterable[Detection]:
    """One detection per turn of either side, over all that is spelled in it."""
    for view in call.turns:
        letters = [*_for_words(view), *_nato_runs(view)]
        if not letters:
            continue
        first, last = min(a for a, _ in letters), max(b for _, b in letters)
        start, end = view.plain.chars(first, last)
        yield call.detection(
            LABEL, view, start, end,
            confidence=0.93 if len(letters) > 1 else 0.85,
            why="spells letters with words that start with them",
            rule="handling_spelling/alphabet",
        )  # fmt: skip


def _for_words(view: TurnView) -> Iterator[tuple[int, int]]:
    """Tokens of “s for sugar” and “s as in sugar”: the word starts with the letter."""
    tokens = view.plain.tokens
    for i, token in enumerate(tokens):
        letter = token if len(token) == 1 else _LETTER_WORDS.get(token, "")
        for link in (("for",), ("as", "in"), ("like", "in")):
            at = i + 1 + len(link)
            if not letter or tokens[i + 1 : at] != link or at >= len(tokens):
                continue
            word = tokens[at]
            if len(word) > 2 and word.startswith(letter) and word not in ("the", "this", "that"):
                yield i, at


def _nato_runs(view: TurnView) -> Iterator[tuple[int, int]]:
    """Two words of the alphabet running; one alone is a hotel, a golf club, a month."""
    tokens = view.plain.tokens
    for i in range(len(tokens) - 1):
        if tokens[i] in _NATO and tokens[i + 1] in _NATO:
            yield i, i + 1


DETECTOR = Detector(name="handling_spelling", labels=(LABEL,), detect=detect)
