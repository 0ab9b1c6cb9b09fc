"""Questions by a question word in front: “what’s the number”, “for what time”, “what happened”."""

from __future__ import annotations

import re

from callqa.detect.clauses import ADVERBS, MARKERS, Words
from callqa.detect.word_order import (
    AUX,
    BE,
    DO,
    HAVE,
    MODAL,
    NOUNS,
    PRONOUN,
    REPORTS,
    SAYS,
    WH,
    Question,
    agrees,
    noun_phrase,
    repairs,
)

_PREPOSITIONS = frozenset("for at from with to about in on by since until of under".split())
_SIZES = frozenset(
    "many much long often far old soon quickly big large late early recently high fast".split()
)


def fronted(words: Words, i: int) -> Question | None:
    """“what’s the number”, “for what time”, “how many calls”, “what happened”."""
    k = i + 1 if words.at(i) in _PREPOSITIONS else i
    head = words.at(k)
    if head not in WH:
        return None
    strong = repairs(words, i) or (words.starts_clause(i) and not _governed(words, i))
    if _IDIOM.match(words.text(i, i + 4)):
        return None
    j = _after_phrase(words, k)
    if j is None:
        return None
    aux = words.at(j)
    if aux in AUX:
        return _wh_with_auxiliary(words, i, k, j, strong=strong)
    if not strong:
        return None
    if words.ends(j) or (words.at(j) in ("please", "sorry", "sir") and words.ends(j + 1)):
        alone = words.starts_sentence(i) and words.at(i - 1) != "or"
        return Question(i, j, "wh", head, 0.85 if j > k + 1 else 0.75) if alone else None
    if words.starts_sentence(i) and _asks_politely(words, j):
        return Question(i, j, "wh", head, 0.75)
    if words.text(k, k + 2).strip() in (
        "what about",
        "how about",
        "what if",
        "how come",
        "why not",
    ):
        return Question(i, k + 2, "wh", head, 0.88)
    asks_who = head in ("what", "who") or (head == "which" and j > k + 1)
    if asks_who and words.tag(j) in ("VBZ", "VBD", "VBP") and not _pseudo_cleft(words, j):
        return Question(i, j + 1, "wh", head, 0.85)
    return None


_IDIOM = re.compile(
    r" (?:what have you (?=$)|what not|in which case|how (?:lovely|nice|awful|annoying|strange)|"
    r"what ever|how ever|when ever|where ever|who knows|what the heck) "
)


def _asks_politely(words: Words, j: int) -> bool:
    """“what difficulty you’re having please”: the order of a statement, and a “please”."""
    while not words.ends(j):
        j += 1
    return words.at(j - 1) == "please"


def _wh_with_auxiliary(words: Words, i: int, k: int, j: int, *, strong: bool) -> Question | None:
    head, aux = words.at(k), words.at(j)
    s = j + 2 if words.at(j + 1) == "not" else j + 1
    inverted = words.at(s) in PRONOUN or noun_phrase(words, s)
    if words.at(s) in PRONOUN and not agrees(aux, words.at(s)):
        return None
    if head in ("which", "who") and j == k + 1 and not _asks_which(words, i, s):
        return None
    if strong:
        if head in ("when", "where") and not inverted and not words.ends(s):
            return None
        if aux in BE | HAVE and head == "what" and _pseudo_cleft(words, j + 1):
            return None
        return Question(i, j + 1, "wh", head, 0.94 if inverted else 0.85)
    if words.at(i - 1) in SAYS | REPORTS | {"that"} or not inverted:
        return None
    if aux in DO | MODAL and words.at(s) in PRONOUN:
        return Question(i, j + 1, "wh", head, 0.8)  # embedded questions do not invert
    if _governed(words, i) or words.at(s) not in _ASKED_MID_STREAM:
        return None
    return Question(i, j + 1, "wh", head, 0.75)


_ASKED_MID_STREAM = frozenset("you your i we the it that".split())


def _asks_which(words: Words, i: int, s: int) -> bool:
    """“which is” and “who is” mostly carry a sentence on (“…, which is fine”)."""
    begins = words.ends(i - 1) or words.starts_clause(i)
    if words.at(i) == "which":
        return begins and words.at(s) in ("you", "it", "i", "we", "they", "your")
    return begins and not words.comma_before(i)


def _governed(words: Words, i: int) -> bool:
    """Whether a verb or preposition before the question word takes it as its object."""
    before, tag = words.at(i - 1), words.tag(i - 1)
    if before in ("me", "you", "him", "us", "them") and words.at(i - 2) in SAYS:
        return True
    if words.ends(i - 1) or before in MARKERS or before == "mean":
        return False
    if before in ADVERBS:
        return words.at(i - 2) in SAYS | BE
    return tag.startswith("VB") or tag in ("IN", "MD", "TO") or before in SAYS | AUX


def _after_phrase(words: Words, k: int) -> int | None:
    """The place after a question phrase (“what code and number”); None if it is none."""
    head, j = words.at(k), k + 1
    if words.text(k, k + 2).strip() in ("what a", "what an", "how to"):
        return None
    while words.at(j) in ("else", "exactly", "actually", "ever", "about") and head != "how":
        if words.at(j) == "about":
            return j
        j += 1
    if words.text(j, j + 2).strip() in ("on earth", "the hell", "the heck"):
        j += 2
    if head == "how" and words.at(j) in _SIZES:
        j += 1
    elif head == "how":
        return j if words.at(j) in AUX | {"about", "come", "exactly"} or words.ends(j) else None
    if head in ("what", "which", "whose") or (head == "how" and j > k + 1):
        while j < k + 7 and _in_phrase(words, j):
            j += 1
    return j


def _in_phrase(words: Words, j: int) -> bool:
    word, tag = words.at(j), words.tag(j)
    if word in AUX or word in PRONOUN or words.ends(j):
        return word in ("these", "those") and words.at(j - 1) == "of"
    if word in ("and", "of", "sort", "kind", "type", "exact", "one", "ones", "or"):
        return True
    if word == "the" and words.at(j - 1) == "of":
        return True
    return tag in NOUNS or tag in ("JJ", "POS")


def _pseudo_cleft(words: Words, j: int) -> bool:
    """“what happened was …”, “what’s needed is …”: a statement in question dress."""
    for k in range(j + 1, min(j + 9, len(words))):
        if words.ends(k):
            return False
        if words.at(k) in ("is", "was") and not words.starts_clause(k):
            related = words.at(k - 1) in ("that", "which", "who", "it", "this", "there")
            return not related and not words.ends(k + 2)
    return False
