"""Word order: the small words that make questions, and what they may stand beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from callqa.detect.clauses import Words

Form = Literal["yes_no", "wh", "alternative", "tag", "declarative", "indirect"]

BE = frozenset("is are was were am".split())
DO = frozenset("do does did".split())
HAVE = frozenset("have has had".split())
MODAL = frozenset("can could will would shall should may might must".split())
AUX = BE | DO | HAVE | MODAL
WH = frozenset("what which who whose whom when where whereabouts why how".split())
PRONOUN = frozenset(
    """i you he she it we they this that there these those anybody anyone someone somebody
    everyone everybody everything anything something nobody""".split()
)
SUBJECTS = frozenset("i you he she it we they who there".split())
DETERMINERS = frozenset(
    "a an the your my our his her their its any all some both each one no another".split()
)
NOUNS = ("NN", "NNS", "NNP", "NNPS", "CD")
SAYS = frozenset("tell ask told asked show give let explain know knows see say check".split())
REPORTS = frozenset("said says saying asking asked".split())
CLAUSE = 14  # words that a clause is looked back over


@dataclass(frozen=True)
class Question:
    """Words ``start`` to ``end`` (half-open) ask something; ``head`` is the question word."""

    start: int
    end: int
    form: Form
    head: str = ""
    confidence: float = 0.9


def agrees(aux: str, subject: str) -> bool:
    """Whether they can be verb and subject; “do it”, “is you” and “have that” cannot."""
    if aux in ("am",):
        return subject == "i"
    if subject in ("you", "we", "they", "these", "those", "i"):
        return aux not in ("is", "does", "has") and (subject != "i" or aux not in ("are", "were"))
    if subject in PRONOUN and subject != "there":
        return aux not in ("are", "were", "do", "have")
    return True


def noun_phrase(words: Words, j: int) -> bool:
    """Whether a noun phrase can start at ``j``."""
    return words.at(j) in DETERMINERS or words.tag(j) in NOUNS


def repairs(words: Words, i: int) -> bool:
    """Whether a start was broken off just before: “is, are you …”, “what’s, what’s the …”."""
    one, two = words.at(i - 1), words.at(i - 2)
    if one in AUX and words.starts_clause(i - 1):
        return True
    broken = (two in WH and one in AUX) or (two in AUX and one in PRONOUN)
    return broken and words.starts_clause(i - 2)
