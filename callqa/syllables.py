"""How many syllables an English word has, by its spelling: for pace, where a percent is enough.

A syllable has one vowel, so groups of vowel letters are counted; silent endings count for
nothing, vowels heard apart for one more, and a short list holds frequent words that follow no
rule. Figures are counted as they are read out.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<![aeiouy])e$|(?<=[^aeiouy]r)e$"  # take
    r"|(?<=[^aeiouytd])ed$"  # called; but wanted, needed
    r"|(?<=[^aeioucgszx])(?<!sh)(?<!ch)es$"  # times; but prices, boxes
    r"|(?<=[^aeiouy])e(?=(?:ly|ty|teen|teenth|ments?|less|ful|fully|where|thing|times?)$)"
)
_SOUNDED = re.compile(r"[^aeiouylr][lr](?:e|es|ed)$")  # table, handled: the ending is a syllable
_APART = re.compile(
    r"(?<![tscg])i(?:a(?!ge)|o)|ciate|iu|(?<!fr)ie[tn]|(?<=[lrnvsd])ier|(?<![qg])u(?:a|ou)"
    r"|eo(?!n$|u|pl)|[aeiouy]ing|eali|creat|[^aeiouy](?:sm|thm)s?$"
)
_CLITICS = (  # what is added to a word, and the endings after which it is a syllable
    ("n't", r"[^ry]$"), ("'s", r"(?:[sxz]|[cs]h|[cg]e|se)$"), ("'ll", r"[^aeiouy]$"),
    ("'d", r"[dt]$"), ("'ve", r"[^aeiouy]$"), ("'re", r"[^aeiouy]$"), ("'m", r"[^i]$"),
)  # fmt: skip
_DIGITS = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1)
_TEENS = (1, 3, 1, 2, 2, 2, 2, 3, 2, 2)
_SIGNS = {"£": 1, "$": 2, "€": 2, "%": 2, "&": 1, "@": 1, "+": 1}
_ODD = {
    word: count
    for count, words in enumerate((
        "can't ain't don't won't mm hm hmm",
        "every business evening being seeing people ok mr maybe indeed",
        "idea ideas area areas everything everyone basically somebody",
        "everybody anybody",
    ), 1)
    for word in words.split()
}  # fmt: skip


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables of one word as it was heard, punctuation and figures included.

    >>> [syllables(w) for w in ("Please,", "handled", "didn't", "telephone", "£42", "BT")]
    [1, 2, 2, 3, 4, 2]
    """
    if word.isupper() and not _VOWELS.search(word.lower()):  # BT: letter by letter
        return sum(3 if c == "W" else 1 for c in word if c.isalpha())
    parts = re.findall(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|[£$€%&@+]", word.lower())
    return sum(_part(part.replace("’", "'")) for part in parts)


def _part(part: str) -> int:
    if part in _SIGNS:
        return _SIGNS[part]
    if part.isdecimal():
        return _figures(part)
    if part in _ODD:
        return _ODD[part]
    for clitic, sounded in _CLITICS:
        if part.endswith(clitic) and (stem := part.removesuffix(clitic)):
            return _part(stem) + bool(re.search(sounded, stem))
    groups = len(_VOWELS.findall(part))
    silent = 0 if _SOUNDED.search(part) else len(_SILENT.findall(part))
    return max(1, groups - silent + len(_APART.findall(part)))


def _figures(digits: str) -> int:
    """A number below a hundred, a year or a time in pairs, anything longer digit by digit."""
    if len(digits) == 4 and digits[0] != "0" and digits[2] != "0":
        return _figures(digits[:2]) + _figures(digits[2:])
    if len(digits) == 3 and digits.endswith("00") and digits[0] != "0":
        return _DIGITS[int(digits[0])] + 2
    if len(digits) != 2 or digits[0] == "0":
        return sum(_DIGITS[int(d)] for d in digits)
    tens, ones = int(digits[0]), int(digits[1])
    if tens == 1:
        return _TEENS[ones]
    return (3 if tens == 7 else 2) + (_DIGITS[ones] if ones else 0)
