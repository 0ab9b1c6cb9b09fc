"""Spoken text made plain for matching: one spelling, no fillers, contractions opened.

A phrase and a turn go through the same door, so “I'm” in a lexicon meets “im” in a transcript.
Each plain token remembers the characters it came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from callqa.misheard import as_meant

FILLERS = frozenset({"um", "uh", "er", "erm", "uhm", "umm", "eh", "hm", "hmm"})
SENTENCE_END = "|"
REDACTED = "redacted"

_TOKEN = re.compile(
    r"\[[A-Z_]+(?::[^\]\s]*)?\]|\b(?i:[ap]\.m)\b\.?|[^\W_]+(?:['’][^\W_]+)*|[.?!]+(?=\s|$)|£|\$"
)
# A full stop after these ends no sentence, unless a word follows that only sentences start with.
_ABBREVIATIONS = frozenset("mr mrs ms dr st prof messrs approx dept ext".split())
_NEXT_WORD = re.compile(r"\s+([^\W_]+)")
_STARTERS = frozenset(
    """I We You He She It They That This There The And So But Or Is Are Was Were Do Does Did Can
    Could Would Will Should Have Has What When Where Which Who Why How Okay Ok Yes Yeah No Thank
    Thanks Please My Your Our If Then Let Just Alright Right Great Lovely Perfect Now
    Sorry""".split()
)
_S_IS = frozenset(
    """it that what who where how when why there here he she name everything everyone one monday
    tuesday wednesday thursday friday saturday sunday tomorrow""".split()
)
_SPELLINGS = {
    "im": "i am", "ive": "i have", "dont": "do not", "cant": "can not", "cannot": "can not",
    "wont": "will not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "arent": "are not", "wasnt": "was not", "werent": "were not", "couldnt": "could not",
    "wouldnt": "would not", "shouldnt": "should not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "aint": "is not", "youre": "you are",
    "theyre": "they are", "thats": "that is", "whats": "what is", "lets": "let us",
    "youll": "you will", "youve": "you have", "weve": "we have", "theyve": "they have",
    "theres": "there is", "heres": "here is", "gonna": "going to", "wanna": "want to",
    "gotta": "got to", "gimme": "give me", "lemme": "let me", "dunno": "do not know",
    "cos": "because", "coz": "because", "cause": "because", "ok": "okay", "alright": "all right",
    "ya": "you", "yep": "yes", "yup": "yes", "yeah": "yes", "hiya": "hi", "sec": "second",
    "apologise": "apologize", "apologised": "apologized", "apologising": "apologizing",
    "organisation": "organization", "authorise": "authorize", "authorised": "authorized",
    "authorisation": "authorization", "realise": "realize", "recognise": "recognize",
    "cheque": "check", "favour": "favor", "favourite": "favorite", "behaviour": "behavior",
    "postcode": "post code", "percent": "per cent", "mum": "mother", "mom": "mother",
    "hes": "he is", "shes": "she is", "whos": "who is", "wheres": "where is", "hows": "how is",
    "itll": "it will", "thatll": "that will", "theyll": "they will", "youd": "you would",
    "theyd": "they would", "shouldve": "should have", "wouldve": "would have",
    "couldve": "could have", "pm": "p.m",
}  # fmt: skip
_CLITICS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_IRREGULAR = {"can't": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not",
              "let's": "let us", "d'you": "do you", "thank's": "thanks", "b'bye": "bye",
              "'cause": "because", "o'clock": "o'clock"}  # fmt: skip


_CLOCK = re.compile(r"(\d{0,2})([ap])(?:\.m\.?|(?<=\d[ap])m)")  # “p.m.”, “8pm”


def _open(word: str) -> list[str]:
    """One lower-case word as its plain tokens."""
    if word.startswith("["):
        return [REDACTED]
    if clock := _CLOCK.fullmatch(word):
        return [*filter(None, [clock[1]]), f"{clock[2]}.m"]
    if set(word) <= set(".?!"):
        return [SENTENCE_END]
    if word in FILLERS:
        return []
    if word in _IRREGULAR:
        return _IRREGULAR[word].split()
    if word in _SPELLINGS:
        return _SPELLINGS[word].split()
    if word.endswith("n't"):
        return [word[:-3], "not"]
    for clitic, full in _CLITICS.items():
        if word.endswith(clitic):
            return [*_open(word[: -len(clitic)]), full]
    if word.endswith("'s") and word[:-2] in _S_IS:
        return [word[:-2], "is"]
    return [word]


@dataclass(frozen=True)
class Plain:
    """A turn's plain tokens with the characters each came from."""

    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # (start_char, end_char) per token

    @cached_property
    def text(self) -> str:
        """The tokens joined by single spaces, with one space at each end."""
        return f" {' '.join(self.tokens)} "

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 1
        for token in self.tokens:
            starts.append(at)
            at += len(token) + 1
        return starts

    def token_at(self, offset: int) -> int:
        """Index of the token at an offset of ``text``."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def chars(self, first: int, last: int) -> tuple[int, int]:
        """Characters of the original text from token ``first`` through token ``last``."""
        return self.spans[first][0], self.spans[last][1]

    def tokens_in(self, start_char: int, end_char: int) -> list[int]:
        """Indices of the tokens that share characters with a stretch of the original text."""
        return [i for i, (a, b) in enumerate(self.spans) if a < end_char and b > start_char]

    def sentence(self, token: int) -> tuple[int, int]:
        """Half-open token range of the sentence around a token, end marks excluded."""
        start = token
        while start > 0 and self.tokens[start - 1] != SENTENCE_END:
            start -= 1
        end = token
        while end < len(self.tokens) and self.tokens[end] != SENTENCE_END:
            end += 1
        return start, end


def plain(text: str) -> Plain:
    """Make a turn's text plain.

    >>> plain("Um, I'm afraid I can't.").text
    ' i am afraid i can not | '
    >>> plain("ill see Mr. Ho at 5 p.m. on Monday").text
    ' i will see mr ho at 5 p.m on monday '
    """
    tokens: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        word = raw if raw.startswith("[") else raw.lower().replace("’", "'")
        if raw == "." and _abbreviates(text, match.start()):
            continue
        opened = _open(word)
        stuttered = len(opened) == 1 and tokens[-1:] == opened and word.isalpha()
        if stuttered and word not in _REPEATABLE:
            # A stuttered word counts once (“i i want”), and reaches over both.
            spans[-1] = (spans[-1][0], match.end())
            continue
        for token in opened:
            tokens.append(token)
            spans.append((match.start(), match.end()))
        if word.endswith("m.") and _starts_sentence(text, match.end()):
            tokens.append(SENTENCE_END)
            spans.append((match.end() - 1, match.end()))
    return Plain(*as_meant(tokens, spans))


def _abbreviates(text: str, stop: int) -> bool:
    """Whether the full stop at ``stop`` belongs to a title or an initial (“Mr. Ho”, “J. Ho”)."""
    before = text[:stop].split()[-1:] or [""]
    initial = len(before[0]) == 1 and before[0].isupper() and before[0] != "I"
    if not (initial or before[0].lower() in _ABBREVIATIONS):
        return False
    return stop + 1 < len(text.rstrip()) and not _starts_sentence(text, stop + 1)


def _starts_sentence(text: str, at: int) -> bool:
    following = _NEXT_WORD.match(text, at)
    return bool(following and following[1] in _STARTERS)


# Words whose repetition means something: digits, “bye bye”, “no no”.
_REPEATABLE = frozenset(
    "zero oh one two three four five six seven eight nine double bye ta no yes very really".split()
)
