"""Finds questions by word order, with or without question marks.

English marks a question by putting an auxiliary before its subject (“have you got”), by a
question word in front (“what’s the number”), by a tag (“is it”), or by a frame around an
embedded question (“can you tell me what happened”). The first three each have a finder that
looks at one place and says whether a question starts there; :func:`interrogatives` walks a turn
with them and finds where each question ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callqa.detect.clauses import Words
from callqa.detect.fronted import fronted
from callqa.detect.inversion import inverted
from callqa.detect.tags import tagged_on
from callqa.detect.word_order import (
    BE,
    WH,
    Question,
)

_RESTARTS = re.compile(
    r" (?:(?:i|we) (?:will|am (?:just|going|afraid|sorry|trying|due)|think|mean|must|want|need|"
    r"would like|thought|(?:do|did|can|could|have|am) not|have (?:been|just|tried))|"
    r"(?:they|he|she|it|you) (?:might|says|said|will)|you (?:need|dial|just|should)|it it|"
    r"it is just|let (?:me|us)|thank you|thanks|bye|because|all right|okay then|lovely|i see|"
    r"if not|and (?:i|we|you) will|so (?:i|we) |my name|good (?:morning|afternoon)|hello|"
    r"then (?:i|we|let)) "
)
_HOLDS_ON = WH | frozenset(
    "if whether that think know say said mean sure than as before and".split()
)
_ALTERNATIVE = re.compile(r" or (?!not |anything |something |whatever |so |nothing |no $)[^ ]+ ")


def interrogatives(words: Words) -> list[Question]:
    """The questions of a turn, in order, none overlapping another."""
    starts: list[Question] = []
    for i in range(len(words)):
        if starts and i < starts[-1].end:
            continue
        if question := tagged_on(words, i) or fronted(words, i) or inverted(words, i):
            starts.append(question)
    return _joined(words, [_finish(words, q, following) for q, following in _pairs(starts)])


def _joined(words: Words, questions: list[Question]) -> list[Question]:
    """“is it on, or is it off” is one question with a choice."""
    joined: list[Question] = []
    for question in questions:
        last = joined[-1] if joined else None
        if (
            last
            and last.form in ("yes_no", "alternative")
            and question.form == "yes_no"
            and (
                words.words[last.end : question.start] == ("or",)
                and last.end - last.start >= 3
                and last.head in BE
                and question.head == last.head
            )
        ):
            joined[-1] = Question(
                last.start, question.end, "alternative", last.head, last.confidence
            )
        else:
            joined.append(question)
    return joined


def _pairs(questions: list[Question]) -> Iterator[tuple[Question, Question | None]]:
    """Each question with the one after it; abandoned starts (“is, are you having”) left out."""
    for n, question in enumerate(questions):
        after = questions[n + 1] if n + 1 < len(questions) else None
        if after and after.start - question.start <= 1 and after.form != "tag":
            continue
        yield question, after


def _finish(words: Words, question: Question, after: Question | None) -> Question:
    """Extend a question from its first words to where it ends, and settle its form."""
    if question.form == "tag":
        return question
    end = question.end
    limit = after.start if after else len(words)
    while end < limit and not words.ends(end):
        end += 1
    end = _cut(words, question.end, end)
    while end - 1 > question.start and words.at(end - 1) in ("and", "so", "or", "but", "right"):
        end -= 1
    form = question.form
    if form == "yes_no" and _ALTERNATIVE.search(words.text(question.end, end)):
        form = "alternative"
    return Question(question.start, end, form, question.head, question.confidence)


def _cut(words: Words, start: int, end: int) -> int:
    """Where a new statement starts within a question's run-on words; ``end`` if none does."""
    text = words.text(start, end)
    for restart in _RESTARTS.finditer(text):
        at = start + text[: restart.start()].count(" ")
        if at > start and words.at(at - 1) not in _HOLDS_ON:
            return at
    return end
