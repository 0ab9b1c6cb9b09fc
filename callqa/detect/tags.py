"""Questions by a tag on a statement: “that’s the one in Leeds, is it”."""

from __future__ import annotations

from callqa.detect.clauses import Words
from callqa.detect.word_order import (
    AUX,
    CLAUSE,
    PRONOUN,
    SUBJECTS,
    WH,
    Question,
    agrees,
)


def tagged_on(words: Words, i: int) -> Question | None:
    """A statement and its tag: “that’s the one in Leeds, is it”, “you’ve paid, haven’t you”."""
    aux = words.at(i)
    if aux not in AUX:
        return None
    j = i + 2 if words.at(i + 1) == "not" else i + 1
    if words.at(j) not in PRONOUN or words.at(j) in ("these", "those"):
        return None
    if not agrees(aux, words.at(j)):
        return None
    k = j + 2 if words.at(j + 1) == "not" else j + 1
    if words.at(j) == "that" and words.at(k) in ("right", "correct"):
        k += 1
    if not _clause_over(words, k, negative=words.at(i + 1) == "not"):
        return None
    start = _statement_start(words, i)
    stated = words.words[start:i]
    if not stated or (len(stated) == 1 and words.tag(i - 1) not in ("NN", "NNP", "NNS", "JJ")):
        return None
    if stated[-1] in _NO_STATEMENT or stated[-1] in SUBJECTS | AUX | WH:
        return None
    if any(w in WH for w in stated) and not words.comma_before(i):
        return None
    return Question(start, k, "tag", aux, 0.85)


_NO_STATEMENT = frozenset("so neither nor as and but or than to not if that".split())


def _clause_over(words: Words, k: int, *, negative: bool) -> bool:
    """Whether nothing can follow the auxiliary and its subject: the sentence ends, or restarts."""
    if words.ends(k) or words.comma_before(k):
        return True
    if words.at(k) in ("then", "please", "sir", "though", "or", "sorry"):
        return words.ends(k + 1)
    if words.at(k) in _RESUMES:
        return True
    return negative and words.at(k) in SUBJECTS | {"that", "this"}


_RESUMES = frozenset("and so but right okay yes no because thank thanks oh well".split())


def _statement_start(words: Words, i: int) -> int:
    start = i
    while start > 0 and not words.ends(start - 1) and i - start < CLAUSE:
        start -= 1
    while start < i and words.at(start) in ("and", "so", "but", "right", "okay", "oh", "yes", "no"):
        start += 1
    return start
