"""Signs of listening: backchannels, acknowledgements, saying it back; and breaking in.

A backchannel is a turn of nothing but “mm”, “yeah”, “right” while the other has the floor; the
same words at the start of a longer turn acknowledge what was said. “yes” to a question is an
answer and neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.clauses import tagged
from callqa.detect.word_order import AUX, SUBJECTS
from callqa.profile import Profile
from callqa.records import Detection, Span

NAME = "listening"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HEARD = frozenset("right okay ok alright mm mmm mhm hmm hm huh aha ah oh uhuh".split())
_GOES_ALONG = frozenset("yeah yes yep mm mmm mhm hmm hm".split())
_LEADS = frozenset("hello hi good morning afternoon thank you thanks lovely".split())
_WEAK = frozenset("ah oh huh".split())
_DENIED = frozenset("not no never nothing nobody".split())
_YES = frozenset("yeah yes yep yup aye sure no".split())
_ALONG = frozenset("uh um ha then i see gotcha indeed really".split())  # only beside others
_LONGEST_BACKCHANNEL = 5  # words
_ANSWER_GAP = 4  # words after a question within which “yes” still answers it
_SAID_BACK_TURNS = 3  # caller's turns that a paraphrase can draw on
_OVERLAP_LEAST_S = 0.2
_STOPS_WITHIN_S = 1.2
_HELD_LEAST_S = 1.0
_HANGING = ("DT", "IN", "CC", "TO", "PRP$", "MD", "WDT", "WRB", "EX")


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """Backchannels and acknowledgements of both sides, the agent's paraphrases, interruptions."""
    for position, view in enumerate(call.turns):
        alone = False
        before = _listened_to(call, position)
        if before is not None and (sign := _sign(call, view, before, earlier)):
            alone = sign.label == "listening.backchannel"
            yield sign
        if not alone:
            yield from _acknowledges(call, view, earlier)
        yield from _paraphrases(call, view, earlier)
    yield from _interruptions(call)


# ---------------------------------------------------------------- backchannel, acknowledgement


def _listened_to(call: CallView, position: int) -> TurnView | None:
    """The other side's turn that a turn reacts to; None in the middle of one's own talk."""
    view = call.turns[position]
    for before in reversed(call.turns[:position]):
        if before.role != view.role:
            return before
        if not (_alone(before.text) or _goes_along(view.text)):
            return None
    return None


def _alone(text: str) -> bool:
    """Whether a turn is nothing but acknowledging words."""
    run = _run(text)
    return bool(run) and not _WORD.search(text, run[-1].end())


def _goes_along(text: str) -> bool:
    """Whether a turn is nothing but “yeah” or “mm”, which no one says to start anew."""
    return _alone(text) and {m.group().lower() for m in _WORD.finditer(text)} <= _GOES_ALONG


def _sign(call: CallView, view: TurnView, before: TurnView, earlier: Found) -> Detection | None:
    """The run of acknowledging words that a turn starts with, if it is no answer."""
    run = _run(view.text)
    if not run:
        return None
    words = [m.group().lower() for m in run]
    rest = _WORD.search(view.text, run[-1].end())
    asked = _wants_yes(before, earlier)
    if asked and not any(w in _HEARD for w in words):
        return None
    if asked and words[0] in _YES:
        return None
    if rest and not any(w in _HEARD - _WEAK or w in _YES for w in words):
        return None  # “oh, hello”
    if set(words) <= {"no", "oh"} and not (_DENIED & set(before.plain.tokens)):
        return None  # “no” goes along only with what was itself denied
    if rest and words[0] == "no":
        return None
    label = "acknowledgement" if rest else "backchannel"
    says = "acknowledges what was said" if rest else "shows attention while the other speaks"
    end = run[-1].end()
    return call.detection(
        f"listening.{label}",
        view,
        run[0].start(),
        end,
        confidence=0.8 if not rest else 0.85 if any(w in _HEARD for w in words) else 0.7,
        why=f"{says}: “{view.text[run[0].start() : end]}”",
        rule=f"{NAME}/{label}",
    )


def _run(text: str) -> list[re.Match[str]]:
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if not run and word in _LEADS:
            continue  # “thank you, right”
        if word not in _HEARD | _YES | _ALONG or len(run) == _LONGEST_BACKCHANNEL:
            break
        run.append(match)
    while run and run[-1].group().lower() in ("i", "then") and run[-1].end() < len(text):
        run.pop()
    if not any(m.group().lower() in _HEARD | _YES for m in run):
        return []
    return run


def _wants_yes(view: TurnView, earlier: Found) -> bool:
    """Whether a turn ended by asking something that “yes” answers."""
    asked = earlier.in_turn("question.asked", view.index)
    if not asked or asked[-1].attributes.get("form") == "wh":
        return False
    left = _WORD.findall(view.text[asked[-1].end_char or 0 :])
    return len(left) <= _ANSWER_GAP


def _acknowledges(call: CallView, view: TurnView, earlier: Found) -> Iterator[Detection]:
    for cue in earlier.in_turn("cue.listening.acknowledges", view.index):
        yield call.detection(
            "listening.acknowledgement",
            view,
            cue.start_char or 0,
            cue.end_char or 0,
            confidence=0.85,
            why=f"acknowledges what was said: “{cue.quote}”",
            rule=f"{NAME}/acknowledgement",
        )


# ---------------------------------------------------------------- saying it back


def _paraphrases(call: CallView, view: TurnView, earlier: Found) -> Iterator[Detection]:
    """“so what you’re saying is …”; and “so you’ve …” where it takes up the caller's words."""
    framed = earlier.in_turn("cue.listening.paraphrase", view.index)
    taken_up = earlier.in_turn("cue.listening.so_you", view.index)
    loose = earlier.in_turn("cue.listening.so_it", view.index)
    least = 0 if framed else 1 if taken_up else 2
    for cue in (framed or taken_up or loose)[:1]:
        tokens = view.plain.tokens_in(cue.start_char or 0, cue.end_char or 0)
        _, end = view.plain.sentence(tokens[0])
        start_char, end_char = view.plain.chars(tokens[0], max(tokens[0], end - 1))
        shared = _shared(call, view, start_char, end_char)
        if len(set(shared)) < least:
            continue
        echo = f", taking up “{shared[0]}”" if shared else ""
        yield call.detection(
            "listening.paraphrase",
            view,
            start_char,
            end_char,
            confidence=0.9 if framed and shared else 0.8 if framed else 0.7,
            why=f"says the caller's point back: “{view.text[start_char:end_char]}”{echo}",
            rule=f"{NAME}/paraphrase",
        )


def _shared(call: CallView, view: TurnView, start_char: int, end_char: int) -> list[str]:
    """Content words of a stretch that the caller used shortly before."""
    said: set[str] = set()
    for turn in [t for t in call.by("customer") if t.index < view.index][-_SAID_BACK_TURNS:]:
        said.update(t.lemma_.lower() for t in turn.doc if _content(t.tag_, t.is_stop))
    return [
        t.text.lower()
        for t in view.doc
        if start_char <= t.idx < end_char
        and _content(t.tag_, t.is_stop)
        and t.lemma_.lower() in said
    ]


def _content(tag: str, stop: bool) -> bool:
    return tag == "CD" or (not stop and tag[:2] in ("NN", "VB", "JJ"))


# ---------------------------------------------------------------- breaking in


def _interruptions(call: CallView) -> Iterator[Detection]:
    """Starts while the other speaks, who then stops without having finished; needs times."""
    for view in call.turns:
        for other in call.turns:
            if other.role != view.role and (over := _broken_off(view, other)) is not None:
                words = view.text.split()
                yield call.detection(
                    "listening.interruption",
                    view,
                    0,
                    len(" ".join(words[:4])),
                    confidence=min(0.85, 0.65 + over.length_s / 4),
                    why=f"starts while the other is speaking, who stops {over.length_s:.1f} s "
                    "later without finishing",
                    rule=f"{NAME}/interruption",
                    attributes={"overlap_s": round(over.length_s, 2)},
                )
                break


def _broken_off(view: TurnView, other: TurnView) -> Span | None:
    """The overlap in which ``view`` cuts ``other`` short; None when it does not."""
    if None in (view.start_s, view.end_s, other.start_s, other.end_s):
        return None
    start, end = view.start_s or 0.0, view.end_s or 0.0
    held, stop = other.start_s or 0.0, other.end_s or 0.0
    over = stop - start
    if not (start - held >= _HELD_LEAST_S and _OVERLAP_LEAST_S <= over <= _STOPS_WITHIN_S):
        return None
    if end <= stop or not _takes_floor(view) or not _unfinished(other):
        return None
    return Span(start_s=start, end_s=stop)


def _takes_floor(view: TurnView) -> bool:
    run = _run(view.text)
    return len(_WORD.findall(view.text)) - len(run) >= 3


def _unfinished(view: TurnView) -> bool:
    text = view.text.rstrip()
    if text.endswith(("-", "–", "—", "…", "...")):
        return True
    if text.endswith((".", "?", "!")):
        return False
    words = tagged(view)
    last = len(words) - 1
    return words.tag(last) in _HANGING or words.at(last) in AUX | SUBJECTS


DETECTOR = Detector(
    name=NAME,
    labels=(
        "listening.backchannel",
        "listening.acknowledgement",
        "listening.paraphrase",
        "listening.interruption",
    ),
    version="2",
    detect=detect,
    needs=("question.asked", "cue.listening.*"),
)
