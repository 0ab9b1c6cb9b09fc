"""Personalised language: the customer's name, or their own circumstances, in the agent's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.cues import relabel
from callqa.profile import Profile
from callqa.records import Detection
from callqa.text import SENTENCE_END

LABEL = "positive.personalised"
ANSWER = 16  # plain words of an answer that may hold little but a name
_TITLES = frozenset("mr mrs ms miss mister missus dr doctor".split())
_THIRD_PARTY = frozenset("to with from is by was for called and a or the in under".split())
_NO_NAME = frozenset(
    """a an and at but calling er for from here how i in is it just me my no not of on please
    right so speaking sure that the this to uh um with yes you your okay spelt spelled double
    calls out got i'm""".split()
)
_ADDRESSES = frozenset(
    """thanks thank you okay right yes sorry hello hi lovely sure so well morning afternoon evening
    great now no perfect brilliant bye welcome please then certainly course goodbye""".split()
)
_GIVES_NAME = (("my", "name", "is"), ("name", "is"), ("surname", "is"))
_CALLS = frozenset("speaking calling here from".split())


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """The customer addressed by name or title, or spoken to about their own case."""
    for cue in earlier["cue.personal"]:
        yield relabel(call, cue, LABEL, "positive_personal/circumstances")
    names: set[str] = set()
    perhaps: set[str] = set()
    for view in call.turns:
        if view.role == "customer":
            names |= set(_names_given(view))
            perhaps |= set(_name_answered(call, view))
        elif view.role in ("agent", "second_agent"):
            yield from _addressed(call, view, names, perhaps)


def _names_given(view: TurnView) -> Iterator[str]:
    """Names that the customer gives: “my name is …”, “it's … speaking”."""
    tokens = view.plain.tokens
    for i in range(len(tokens)):
        for lead in _GIVES_NAME:
            if tokens[i : i + len(lead)] == lead:
                yield from _run(tokens[i + len(lead) : i + len(lead) + 2])
        if tokens[i] in _CALLS and tokens[max(0, i - 3) : i - 1] in (("it", "is"), ("this", "is")):
            yield from _run(tokens[i - 1 : i])


def _name_answered(call: CallView, view: TurnView) -> Iterator[str]:
    """The words of a short answer to a question for the name; only “thank you, …” makes it one."""
    asked = next((t for t in reversed(call.turns[: view.index]) if t.role != "customer"), None)
    if asked is not None and " name " in asked.plain.text and len(view.plain.tokens) <= ANSWER:
        yield from (w for w in view.plain.tokens if next(_run((w,)), None))


def _run(words: tuple[str, ...]) -> Iterator[str]:
    for word in words:
        if word in _NO_NAME or word == SENTENCE_END or not word.isalpha() or len(word) < 3:
            return
        yield word


def _addressed(
    call: CallView, view: TurnView, names: set[str], perhaps: set[str]
) -> Iterator[Detection]:
    tokens = view.plain.tokens
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else SENTENCE_END
        if token in _TITLES and before not in _THIRD_PARTY:
            last = i + 1 if i + 1 < len(tokens) and tokens[i + 1] not in _NO_NAME else i
            if last < len(tokens) and tokens[last] == SENTENCE_END:
                last = i
            why, confidence = "addresses the customer by title and name", 0.82
        elif (token in names and _is_address(tokens, i)) or (
            token in perhaps and before in _ADDRESSES
        ):
            last, why, confidence = i, "addresses the customer by name", 0.85
        else:
            continue
        start, end = view.plain.chars(i, last)
        yield call.detection(
            LABEL, view, start, end,
            confidence=confidence, why=why, rule="positive_personal/name",
        )  # fmt: skip


def _is_address(tokens: tuple[str, ...], i: int) -> bool:
    """A name stands apart: at an edge of its sentence, or after a word of greeting or thanks."""
    before = tokens[i - 1] if i else SENTENCE_END
    after = tokens[i + 1] if i + 1 < len(tokens) else SENTENCE_END
    if before in _THIRD_PARTY:
        return False
    return SENTENCE_END in (before, after) or before in _ADDRESSES


DETECTOR = Detector(
    name="positive_personal", labels=(LABEL,), needs=("cue.personal",), detect=detect
)
