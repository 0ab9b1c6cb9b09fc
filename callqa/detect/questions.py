"""Every question, its form, and whether it is open or closed.

Word order finds most (:mod:`callqa.detect.interrogatives`); cues of the lexicon add questions of
a few words (“any idea when”), invitations (“tell me what happened”) and statements that ask (“I
was wondering if …”), and take out manners of speaking. What counts is in docs/questions.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.clauses import Words, tagged
from callqa.detect.interrogatives import interrogatives
from callqa.detect.word_order import AUX, WH, Question
from callqa.profile import Profile
from callqa.records import Attribute, Detection

NAME = "questions"
_FORM_SAYS = {
    "yes_no": "a yes or no will do",
    "wh": "one fact will do",
    "alternative": "a choice between what is named will do",
    "tag": "a yes or no to the statement will do",
    "declarative": "a yes or no to the statement will do",
    "indirect": "one fact will do",
}
_YES_NO = re.compile(
    r" (?:yes|no|correct|that is (?:right|correct|it)|it is|"
    r"i (?:do|have|am|did|was)|not yet|right) "
)
_STATES = re.compile(
    r"^ (?:and |so |okay |right |oh |but )*you (?:want|mean|would like|have (?:got |had |not )|"
    r"are (?:[^ ]+ing|after|not) |said|live|do not|did not|did want|just want|only)"
)
_STATES_TAGGED = re.compile(
    r"^ (?:and |so |okay |right |oh |but )*(?:you|it is|that is|this is|your) .* "
    r"(?:yes|right|no|correct|okay) $"
)
_DETAIL = re.compile(
    r"^ (?:(?:and|so|okay|right|thank you|thanks|lovely|great|perfect|yes|then|just|also|finally|"
    r"sorry) )*(?:your|the) (?:[^ |]+ ){1,7}$"
)
_DETAILS = (
    "name", "postcode", "address", "date_of_birth", "account", "order", "phone", "email", "secret",
)  # fmt: skip
_NOTHING_TOLD = frozenset("yes no mm okay right oh ah uh sure thanks thank you |".split())
_LONGEST_STATEMENT = 16  # words; longer ones tell rather than ask


@dataclass(frozen=True)
class _Ask:
    question: Question
    why: str = ""


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """One ``question.asked`` per question, and ``question.open`` or ``.closed`` beside it."""
    for view in call.turns:
        words = tagged(view)
        for ask in _questions(call, view, words, earlier):
            yield from _emit(call, words, ask, earlier)


def _questions(call: CallView, view: TurnView, words: Words, earlier: Found) -> Iterator[_Ask]:
    asked = [_Ask(q) for q in interrogatives(words)]
    asked = [a for a in asked if not _rhetorical(words, a.question, earlier)]
    asked = [_framed(words, a, earlier) for a in asked]
    for extra in (
        *_cued(words, earlier),
        *_marked(words),
        *_declared(call, view, words, earlier),
        *_named(call, view, words, earlier),
    ):
        if not any(_share(extra.question, a.question) for a in asked):
            asked.append(extra)
    yield from sorted(asked, key=lambda a: a.question.start)


def _share(one: Question, other: Question) -> bool:
    return one.start < other.end and other.start < one.end


def _cues(words: Words, earlier: Found, label: str) -> list[tuple[int, int]]:
    """Word ranges of a cue in this turn."""
    view = words.view
    places = [
        view.plain.tokens_in(d.start_char or 0, d.end_char or 0)
        for d in earlier.in_turn(f"cue.question.{label}", view.index)
    ]
    return [(p[0], p[-1] + 1) for p in places if p]


def _rhetorical(words: Words, question: Question, earlier: Found) -> bool:
    return any(
        start <= question.start + 1 and question.start < end and question.end - end <= 2
        for start, end in _cues(words, earlier, "rhetorical")
    )


def _framed(words: Words, ask: _Ask, earlier: Found) -> _Ask:
    """A yes-no question that wraps another is indirect: what it wraps decides the answer."""
    question = ask.question
    if question.form not in ("yes_no", "alternative"):
        return ask
    frames = _cues(words, earlier, "frame")
    if any(question.start - 1 <= start < question.end for start, _ in frames):
        return _Ask(replace(question, form="indirect"))
    return ask


def _cued(words: Words, earlier: Found) -> Iterator[_Ask]:
    kinds = (("elliptic", "yes_no", 0.75), ("invite", "indirect", 0.85))
    for label, form, confidence in kinds:
        for start, end in _cues(words, earlier, label):
            stop = _sentence_end(words, end)
            framed = any(a < stop and start < b for a, b in _cues(words, earlier, "frame"))
            yield _Ask(
                Question(start, stop, "indirect" if framed else form, "", confidence)  # type: ignore[arg-type]
            )
    for start, end in _cues(words, earlier, "wonder"):
        yield _Ask(Question(start, _sentence_end(words, end), "declarative", "", 0.7))


def _sentence_end(words: Words, end: int) -> int:
    while not words.ends(end):
        end += 1
    return end


def _marked(words: Words) -> Iterator[_Ask]:
    """A sentence with a question mark asks, whatever its order."""
    start = 0
    for i in range(len(words) + 1):
        if not words.ends(i):
            continue
        if i > start and words.question_mark(i):
            opens = next((k for k in range(start, i) if not words.starts_clause(k + 1)), start)
            head = words.at(opens)
            yield _Ask(Question(start, i, "wh" if head in WH else "declarative", head, 0.85))
        start = i + 1


def _declared(call: CallView, view: TurnView, words: Words, earlier: Found) -> Iterator[_Ask]:
    """“you want it delivered tomorrow”, “it’s the blue one, yeah”: answered by a yes or a no."""
    if view.role not in ("agent", "second_agent"):
        return
    start = max((i + 1 for i in range(len(words)) if words.ends(i)), default=0)
    if start == len(words) and start:  # the last sentence carries its mark
        start = max((i + 1 for i in range(len(words) - 1) if words.ends(i)), default=0)
    text = words.text(start, len(words)).replace(" | ", " ")
    length = text.count(" ") - 1
    if not 3 <= length <= _LONGEST_STATEMENT:
        return
    stated, tagged_on = _STATES.match(text), _STATES_TAGGED.match(text)
    reflects = any(a >= start for a, _ in _cues(words, earlier, "reflective"))
    if not reflects and not ((stated or tagged_on) and _answered(call, view)):
        return
    confidence = 0.75 if tagged_on else 0.65
    yield _Ask(
        Question(start, _sentence_end(words, start), "tag" if tagged_on else "declarative", "",
                 confidence)
    )  # fmt: skip


def _named(call: CallView, view: TurnView, words: Words, earlier: Found) -> Iterator[_Ask]:
    """“and your postcode”, “the expiry date please”: the name of a detail is all it takes."""
    if view.role not in ("agent", "second_agent"):
        return
    start = 0
    for end in (i for i in range(len(words) + 1) if words.ends(i)):
        text = words.text(start, end)
        verb = any(words.tag(k).startswith(("VB", "MD")) for k in range(start, end - 1))
        if _DETAIL.match(text) and not (verb and "please" not in text):
            detail = any(earlier.in_turn(f"cue.identity.{kind}", view.index) for kind in _DETAILS)
            sure = detail or text.endswith(" please ")
            last = all(words.ends(k) for k in range(end, len(words)))
            if sure or (last and " and " in text and _told(call, view)):
                yield _Ask(Question(start, end, "declarative", "", 0.8 if sure else 0.65))
        start = end + 1


def _told(call: CallView, view: TurnView) -> bool:
    """Whether the other side's next turn gives something, more than a yes or a mm."""
    at = [t.index for t in call.turns].index(view.index) + 1
    if at >= len(call.turns) or call.turns[at].role == view.role:
        return False
    return bool(set(call.turns[at].plain.tokens) - _NOTHING_TOLD)


def _answered(call: CallView, view: TurnView) -> bool:
    at = [t.index for t in call.turns].index(view.index) + 1
    if at >= len(call.turns) or call.turns[at].role == view.role:
        return False
    answer = call.turns[at].plain
    return bool(_YES_NO.match(answer.text))


# ---------------------------------------------------------------- what is emitted


def _emit(call: CallView, words: Words, ask: _Ask, earlier: Found) -> Iterator[Detection]:
    question, view = ask.question, words.view
    start, end = view.plain.chars(question.start, question.end - 1)
    cued = {
        label
        for label in ("open", "fact", "social", "offer", "action")
        if any(question.start <= a < question.end for a, _ in _cues(words, earlier, label))
    }
    open_ = _is_open(words, question, cued)
    purpose = next((p for p in ("social", "offer", "action") if p in cued), "information")
    attributes: dict[str, Attribute] = {"form": question.form, "purpose": purpose}
    if about := _about(words, question):
        attributes["about"] = about
    quote = view.text[start:end]
    reason = "invites explanation" if open_ else _closed_because(question, purpose)
    kind = "open" if open_ else "closed"
    for label, why in (
        ("question.asked", f"asks a question: “{quote}”"),
        (f"question.{kind}", f"asks a{'n' if open_ else ''} {kind} question: “{quote}” {reason}"),
    ):
        yield call.detection(
            label,
            view,
            start,
            end,
            confidence=question.confidence,
            why=why,
            rule=f"{NAME}/{question.form}",
            attributes=attributes,
        )


def _closed_because(question: Question, purpose: str) -> str:
    if purpose == "social":
        return "is a greeting more than a question"
    return _FORM_SAYS[question.form]


def _is_open(words: Words, question: Question, cued: set[str]) -> bool:
    if "open" not in cued or cued & {"social"}:
        return False
    if question.form in ("tag", "alternative"):
        return False
    if "fact" in cued:
        return "why" in words.words[question.start : question.end]
    if question.form in ("yes_no", "declarative"):
        # “did he say why” is answered by yes or no; “can you explain why” is not.
        head = words.words[question.start : question.start + 3]
        return head[:1] in (("can",), ("could",), ("would",), ("will",)) or "mind" in head
    return True


_NO_TOPIC = frozenset(
    "please sir madam thing time way moment second lot bit number kind sort a.m p.m".split()
)


def _about(words: Words, question: Question) -> str | None:
    """The first noun of the question's words after its head, as its topic."""
    for i in range(question.start, question.end):
        if words.at(i) in AUX | WH:
            continue
        if words.tag(i) in ("NN", "NNS") and words.at(i) not in _NO_TOPIC:
            compound = words.tag(i + 1) in ("NN", "NNS") and i + 1 < question.end
            return f"{words.at(i)} {words.at(i + 1)}" if compound else words.at(i)
    return None


DETECTOR = Detector(
    name=NAME,
    labels=("question.asked", "question.open", "question.closed"),
    detect=detect,
    needs=("cue.question.*", "cue.identity.*"),
    version="2",
)
