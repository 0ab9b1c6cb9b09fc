"""What a question does in the talk: probing, clarifying, reflective, leading and so on.

One question can have several functions, or none. The wordings are cues of the lexicon; what
needs the turns around it (going deeper, two questions at once, the caller's own words) is
decided here. The guide with examples is docs/questions.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.profile import Profile
from callqa.records import Detection

NAME = "question_functions"
_CUED = {
    "probing": ("goes deeper into what the caller said", 0.85),
    "clarifying": ("makes sure of what was meant", 0.85),
    "hypothetical": ("asks about what might be", 0.85),
    "leading": ("suggests the answer", 0.8),
    "reflective": ("hands the caller's own words back", 0.85),
    "sensitive": ("touches something personal", 0.8),
}
_AGENT_ONLY = ("probing", "reflective", "leading")
_TOLD_WORDS = 4  # words a caller must have said for a question to go deeper into them
_TOLD_TURNS = 2
_CONTENT = ("NN", "VB")
_APART = 3  # words between two questions that still come at once
_LONG_ENOUGH = 3  # words of a question that counts by itself
_NEGATIVE_TAG = ("isn't", "aren't", "wasn't", "don't", "doesn't", "didn't", "haven't", "hasn't",
                 "won't", "wouldn't", "couldn't", "shouldn't", "can't")  # fmt: skip


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """The functions of every question found before."""
    for view in call.turns:
        questions = earlier.in_turn("question.asked", view.index)
        for question in questions:
            found = list(_cued(call, view, question, earlier))
            yield from found
            labels = {d.label for d in found}
            if "question.probing" not in labels and _goes_deeper(call, view, question, earlier):
                yield _function(call, view, question, "probing", 0.65)
            if "question.reflective" not in labels and _reflects(call, view, question):
                yield _function(call, view, question, "reflective", 0.65)
            if "question.leading" not in labels and _expects_yes(view, question):
                yield _function(call, view, question, "leading", 0.65)
        yield from _multiple(call, view, questions)


def _function(
    call: CallView, view: TurnView, question: Detection, function: str, confidence: float
) -> Detection:
    says = _CUED[function][0]
    return call.detection(
        f"question.{function}",
        view,
        question.start_char or 0,
        question.end_char or 0,
        confidence=min(confidence, question.confidence),
        why=f"asks a {function} question: “{question.quote}” {says}",
        rule=f"{NAME}/{function}",
        attributes=question.attributes,
        parts=[question.id],
    )


def _cued(
    call: CallView, view: TurnView, question: Detection, earlier: Found
) -> Iterator[Detection]:
    for function, (_, confidence) in _CUED.items():
        if function in _AGENT_ONLY and view.role not in ("agent", "second_agent"):
            continue
        if question.attributes.get("purpose") in ("social", "action"):
            continue
        if any(_touches(view, cue, question) for cue in
               earlier.in_turn(f"cue.question.{function}", view.index)):  # fmt: skip
            yield _function(call, view, question, function, confidence)


def _touches(view: TurnView, cue: Detection, question: Detection) -> bool:
    """Whether a cue lies in the question, or leads straight into it (“if we could …, would”)."""
    start, end = cue.start_char or 0, cue.end_char or 0
    if start < (question.end_char or 0) and end > (question.start_char or 0):
        return True
    between = view.text[end : question.start_char]
    return end <= (question.start_char or 0) and len(between.split()) <= 1 and "." not in between


def _asks_for_fact_of_record(question: Detection, earlier: Found) -> bool:
    """Whether the question asks for an identifier, which is no probing."""
    return bool(earlier.overlapping("identity.requested", question))


def _goes_deeper(call: CallView, view: TurnView, question: Detection, earlier: Found) -> bool:
    """An open or wh question of the agent about what the caller has just told."""
    if view.role not in ("agent", "second_agent"):
        return False
    if question.attributes.get("purpose") != "information":
        return False
    if question.attributes.get("form") not in ("wh", "indirect"):
        return False
    if _asks_for_fact_of_record(question, earlier):
        return False
    return _takes_up(call, view, question)


def _reflects(call: CallView, view: TurnView, question: Detection) -> bool:
    """A statement of the caller's, said back to be confirmed (“so it leaked, is that right”)."""
    return (
        view.role in ("agent", "second_agent")
        and question.attributes.get("form") in ("tag", "declarative")
        and not _expects_yes(view, question)
        and _takes_up(call, view, question)
    )


def _takes_up(call: CallView, view: TurnView, question: Detection) -> bool:
    """Whether a question uses content words of what the caller said just before."""
    told = [t for t in call.by("customer") if t.index < view.index][-_TOLD_TURNS:]
    if sum(len(t.plain.tokens) for t in told) < _TOLD_WORDS:
        return False
    said = {w.lemma_ for t in told for w in t.doc if not w.is_stop and w.tag_[:2] in _CONTENT}
    return any(
        w.lemma_ in said
        for w in view.doc
        if (question.start_char or 0) <= w.idx < (question.end_char or 0) and not w.is_stop
    )


def _expects_yes(view: TurnView, question: Detection) -> bool:
    """A statement of the agent's with a negative tag (“you did get the letter, didn't you”)."""
    if view.role not in ("agent", "second_agent") or question.attributes.get("form") != "tag":
        return False
    words = question.quote.lower().replace("’", "'").split()
    return "you" in words[:-1] and any(w in _NEGATIVE_TAG for w in words[-2:])


def _multiple(
    call: CallView, view: TurnView, questions: Sequence[Detection]
) -> Iterator[Detection]:
    """Two or more questions in one breath, so that only one of them gets its answer."""
    asking = [
        q
        for q in questions
        if q.attributes.get("purpose") == "information"
        and len(q.quote.split()) >= _LONG_ENOUGH
        and q.attributes.get("form") not in ("tag", "declarative")
    ]
    run: list[Detection] = []
    for question in asking:
        if run and not _at_once(view, run[-1], question):
            yield from _several(call, view, run)
            run = []
        run.append(question)
    yield from _several(call, view, run)


def _at_once(view: TurnView, one: Detection, other: Detection) -> bool:
    between = view.text[one.end_char : other.start_char].split()
    same = one.quote.lower().split()[:3] == other.quote.lower().split()[:3]
    return len(between) <= _APART and not same


def _several(call: CallView, view: TurnView, run: Sequence[Detection]) -> Iterator[Detection]:
    if len(run) < 2:
        return
    yield call.detection(
        "question.multiple",
        view,
        run[0].start_char or 0,
        run[-1].end_char or 0,
        confidence=0.8,
        why=f"asks {len(run)} questions at once",
        rule=f"{NAME}/multiple",
        attributes={"count": len(run)},
        parts=[q.id for q in run],
    )


DETECTOR = Detector(
    name=NAME,
    labels=(*(f"question.{function}" for function in _CUED), "question.multiple"),
    detect=detect,
    needs=("question.asked", "identity.requested", "cue.question.*"),
)
