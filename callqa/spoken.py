"""Digits as people say them: numerals, digit words, teens and tens, “double”, “triple”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ONES = {
    w: str(i) for i, w in enumerate("zero one two three four five six seven eight nine".split())
}
_ONES |= {"oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "niner": "9"}
_TEENS = {
    w: str(i)
    for i, w in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        10,
    )
}
_TENS = {
    w: str(i)
    for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
# Heard for a digit when digits stand on both sides (“for one one one”, “one to three”).
_HOMOPHONES = {"for": "4", "to": "2", "too": "2", "ate": "8", "won": "1", "fore": "4"}
_BETWEEN = frozenset({"um", "uh", "er", "erm", "and", "then", "dash", "hyphen", "-", ","})


@dataclass(frozen=True)
class Digits:
    """A run of digits: ``value`` and the words ``first``..``last`` (inclusive) that say it."""

    first: int
    last: int
    value: str


def spoken_digits(words: Sequence[str]) -> list[Digits]:
    """Runs of digits in a turn's words; fillers inside a run are bridged.

    >>> spoken_digits("it's four double one then 20-26 please".split())
    [Digits(first=1, last=5, value='4112026')]
    """
    return list(_join(words))


def _join(words: Sequence[str]) -> Iterator[Digits]:
    plain = [w.lower().replace("’", "'").strip(".,?!;:\"'()") for w in words]
    values = _values(plain)
    start: int | None = None
    end = 0
    value = ""
    for n, digits in enumerate(values):
        if digits is not None:
            if start is None:
                start = n
            value += digits
            end = n
        elif start is not None and plain[n] not in _BETWEEN:
            if value:
                yield Digits(start, end, value)
            start, value = None, ""
    if start is not None and value:
        yield Digits(start, end, value)


def _values(plain: Sequence[str]) -> list[str | None]:
    """For each word the digits it stands for, or None."""
    out: list[str | None] = [_one(w) for w in plain]
    for n, word in enumerate(plain):
        ahead = _one(plain[n + 1]) if n + 1 < len(plain) else None
        between = n > 0 and out[n - 1] is not None and ahead is not None
        if word in _HOMOPHONES and (between or _all_digits(plain[n + 1 : n + 4])):
            out[n] = _HOMOPHONES[word]
        elif word in _TIMES and ahead and len(ahead) == 1:
            out[n] = ahead * (_TIMES[word] - 1)
        elif word in _TENS:
            unit = ahead if ahead and plain[n + 1] in _ONES and ahead != "0" else None
            out[n] = _TENS[word] if unit else _TENS[word] + "0"
        elif word == "hundred" and n and out[n - 1]:
            out[n] = "00"
    return out


def _all_digits(words: Sequence[str]) -> bool:
    """Three single digits in a row: what comes before them is a digit misheard."""
    return len(words) == 3 and all(w in _ONES or (len(w) == 1 and w.isdigit()) for w in words)


def _one(word: str) -> str | None:
    if word in _ONES:
        return _ONES[word]
    if word in _TEENS:
        return _TEENS[word]
    if word in _TENS:
        return _TENS[word] + "0"
    if "-" in word and all(p in _ONES or p in _TENS for p in word.split("-")):
        tens, *rest = word.split("-")
        if tens in _TENS and len(rest) == 1 and rest[0] in _ONES:
            return _TENS[tens] + _ONES[rest[0]]
        return "".join(_one(p) or "" for p in word.split("-"))
    if re.fullmatch(r"\d[\d\-/. ,]*", word):
        return re.sub(r"\D", "", word)
    return None
