"""What spoken answers are made of: digits, spelled letters, the NATO alphabet, dates, names."""

from __future__ import annotations

import re

from callqa.detect.clauses import Words
from callqa.text import REDACTED

_DIGITS = frozenset(
    """zero oh nought naught one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred thousand double triple treble first second third fourth fifth sixth
    seventh eighth ninth tenth eleventh twelfth thirtieth twentieth""".split()
)
_NATO = frozenset(
    """alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike
    november oscar papa quebec romeo sierra tango uniform victor whiskey yankee zulu
    sugar""".split()
)
_MONTHS = frozenset(
    """january february march april may june july august september october november
    december""".split()
)
_STREETS = frozenset(
    """street road lane avenue drive close crescent court way place terrace grove gardens square
    hill park row mews flat house walk view rise""".split()
)
_NOT_GIVEN = re.compile(
    r" (?:(?:do|have|did) not (?:have|got|know|remember)|no idea|not sure|"
    r"can not (?:remember|find)|"
    r"forgotten|no i (?:do|have) not|hang on|hold on|just a (?:second|minute|moment)|why do you|"
    r"rather not|not (?:giving|telling)) "
)
_NAMES_ONESELF = re.compile(r" (?:yes |okay |sure |of course )*(?:it is|my name is|this is|i am) ")
_SMALL_TALK = frozenset(
    """yes no yeah okay right sure oh well er um it is the a my name and please so of course
    certainly hello hi thank you thanks sorry pardon what i just mm all""".split()
)


def numbers(words: Words) -> int:
    """How many digits, number words, letters, NATO words and redacted tokens a turn holds."""
    return sum(_counts(word) for word in words.words)


def _counts(word: str) -> int:
    if word == REDACTED:
        return 4  # a whole secret in one token
    if digits := sum(c.isdigit() for c in word):
        return digits + (word[:1].isalpha() or word[-1:].isalpha())
    spelled = len(word) == 1 and word.isalpha() and word not in "ai"
    return int(word in _DIGITS or word in _NATO or spelled)


def withheld(words: Words) -> bool:
    """Whether the speaker says that they have not got it, or will not say."""
    return bool(_NOT_GIVEN.search(words.text(0, len(words))))


def answers(words: Words, identifier: str) -> bool:
    """Whether a caller's turn can hold an identifier of this kind."""
    if withheld(words) and numbers(words) < 3:
        return False
    content = [w for w in words.words if w not in _SMALL_TALK and w != "|"]
    if identifier == "name":
        return 0 < len(content) <= 12 or bool(_NAMES_ONESELF.match(words.text(0, len(words))))
    if identifier == "email":
        return bool({"at", "dot"} & set(words.words)) or REDACTED in words.words
    if identifier == "address":
        return numbers(words) >= 1 or bool(_STREETS & set(words.words))
    if identifier == "date of birth":
        return numbers(words) >= 2 or bool(_MONTHS & set(words.words) and numbers(words))
    if identifier == "memorable word":
        return REDACTED in words.words or 0 < len(content) <= 4
    return numbers(words) >= 2 or REDACTED in words.words
