"""Plain words with spaCy's tags, and where a new clause can start in unpunctuated speech.

Recognised speech has few marks to go by. A clause can start at the turn's start, after a mark,
after a word that opens clauses in talk (“and”, “right”, “please”, “thank you”), and, for
some word orders that hardly occur otherwise, in mid-stream; the last is the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from callqa.detect.base import TurnView
from callqa.text import SENTENCE_END

MARKERS = frozenset(
    """and so but or well right okay yes no oh ah ooh aha mm hey sorry pardon please look listen
    hello hi morning afternoon evening lovely great perfect brilliant fine fantastic cool super
    certainly sir madam mister missus miss mr mrs ms love dear caller operator firstly secondly
    finally anyway thanks cheers wonderful excellent welcome course god correct ta absolutely
    definitely alternatively otherwise mate darling bye speaking
    """.split()
)
# These open a clause, too, but stand as often inside one (“I've just had a look”).
ADVERBS = frozenset(
    """then also just actually basically like now today again though obviously maybe perhaps only
    me sure moment second there next all""".split()
)
_THANKS_YOU = frozenset({"thank", "help", "with", "for", "to", "tell"})
_COMMAS = frozenset(",;:–—")


@dataclass(frozen=True)
class Words:
    """The plain words of a turn: ``words[i]`` has the spaCy tag ``tags[i]``."""

    view: TurnView
    words: tuple[str, ...]
    tags: tuple[str, ...]
    lemmas: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.words)

    def at(self, i: int) -> str:
        """The word at ``i``, or a sentence end beyond either edge."""
        return self.words[i] if 0 <= i < len(self.words) else SENTENCE_END

    def tag(self, i: int) -> str:
        """The spaCy tag at ``i``; a full stop's beyond either edge."""
        return self.tags[i] if 0 <= i < len(self.tags) else "."

    def ends(self, i: int) -> bool:
        """Whether nothing of the sentence is left at ``i``."""
        return self.at(i) == SENTENCE_END

    def comma_before(self, i: int) -> bool:
        """Whether a comma, semicolon, colon or dash was written just before ``i``."""
        if not 0 < i < len(self.words):
            return False
        spans = self.view.plain.spans
        return any(c in _COMMAS for c in self.view.text[spans[i - 1][1] : spans[i][0]])

    def starts_clause(self, i: int) -> bool:
        """Whether a clause can start at ``i`` without looking at what follows."""
        before = self.at(i - 1)
        if before == SENTENCE_END or self.comma_before(i):
            return True
        if before == "you":
            return self.at(i - 2) in _THANKS_YOU
        if before == "there":
            return self.at(i - 2) in ("hello", "hi", "hey")
        if before == "that":
            return self.at(i - 2) in ("for", "with", "about")
        return before in MARKERS or (before == "mean" and self.at(i - 2) == "i")

    def starts_sentence(self, i: int) -> bool:
        """Whether only markers stand between ``i`` and the start of its sentence."""
        while self.at(i - 1) in MARKERS:
            i -= 1
        return self.ends(i - 1)

    def question_mark(self, end: int) -> bool:
        """Whether the sentence mark at ``end`` is a question mark."""
        if end >= len(self.words):
            return False
        start, stop = self.view.plain.spans[end]
        return "?" in self.view.text[start:stop]

    def text(self, start: int, end: int) -> str:
        """Plain words ``start`` to ``end`` (half-open), a space at both ends."""
        return f" {' '.join(self.words[start:end])} "


def tagged(view: TurnView) -> Words:
    """Bring the plain words of a turn together with the tags of its spaCy tokens."""
    by_start = {token.idx: token.i for token in view.doc}
    tags: list[str] = []
    lemmas: list[str] = []
    last, offset = (-1, -1), 0
    for word, span in zip(view.plain.tokens, view.plain.spans, strict=True):
        # “what's” is two plain words on one span, and two spaCy tokens.
        offset = offset + 1 if span == last else 0
        last = span
        first = by_start.get(span[0])
        token = (
            view.doc[first + offset]
            if first is not None
            and (first + offset < len(view.doc) and view.doc[first + offset].idx < span[1])
            else None
        )
        tags.append(token.tag_ if token is not None else "")
        lemmas.append(token.lemma_.lower() if token is not None else word)
    return Words(view, view.plain.tokens, tuple(tags), tuple(lemmas))
