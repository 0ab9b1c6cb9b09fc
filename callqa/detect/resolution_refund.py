"""Money back that the agent offers, with the amount where it is said."""

from __future__ import annotations

import re
from collections.abc import Iterable

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.cues import relabel, view_of
from callqa.profile import Profile
from callqa.records import Attribute, Detection

LABEL = "resolution.refund_offered"
_SIGN = re.compile(r"[£$€]\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?")
_NUMERAL = re.compile(
    r"\b(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?\s?(?:pounds?|quid|dollars?|bucks|euros?)\b", re.I
)
_WORD = {
    word: n
    for n, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen""".split()
    )
} | {
    word: 10 * n
    for n, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_POUNDS = frozenset("pound pounds quid dollar dollars bucks euro euros".split())
_PENCE = frozenset("pence p cents cent".split())


def amount(text: str) -> float | None:
    """The first sum of money in a text, in its own currency; None where none is said.

    >>> amount("i'll take twenty five pounds fifty off")
    25.5
    >>> amount("a credit of £1,200.00")
    1200.0
    """
    if match := _SIGN.search(text) or _NUMERAL.search(text):
        return float(match.group(1).replace(",", "") + (match.group(2) or ""))
    words = re.findall(r"[a-z]+", text.lower())
    for i, word in enumerate(words):
        if word in _POUNDS | _PENCE and (number := _number_before(words, i)) is not None:
            if word in _PENCE:
                return number / 100
            return number + _number_after(words, i) / 100
    return None


def _number_before(words: list[str], end: int) -> int | None:
    start = end
    while start and (words[start - 1] in _WORD or words[start - 1] in ("hundred", "and", "a")):
        start -= 1
    run = words[start:end]
    if not any(w in _WORD or w == "hundred" for w in run):
        return None
    total = 0
    for word in run:
        total = max(total, 1) * 100 if word == "hundred" else total + _WORD.get(word, 0)
    return total


def _number_after(words: list[str], at: int) -> int:
    """Pence said after the pounds: “pounds fifty”, “pounds and ninety nine pence”."""
    rest = [w for w in words[at + 1 : at + 4] if w != "and"]
    pence = 0
    for word in rest:
        if word not in _WORD:
            break
        pence += _WORD[word]
    return pence if pence < 100 else 0


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """One offer per cue; the amount is sought in its sentence, first after the offer."""
    for cue in earlier["cue.refund"]:
        view = view_of(call, cue)
        tokens = view.plain.tokens_in(cue.start_char or 0, cue.end_char or 0)
        first, end = view.plain.sentence(tokens[0])
        start_char, end_char = view.plain.spans[first][0], view.plain.spans[end - 1][1]
        after = view.text[cue.start_char or 0 : end_char]
        sum_said = amount(after)
        if sum_said is None:
            sum_said = amount(view.text[start_char : cue.end_char or 0])
        attributes: dict[str, Attribute] = {"full": " full " in view.plain.text}
        if sum_said is not None:
            attributes["amount"] = sum_said
        yield relabel(
            call, cue, LABEL, "resolution_refund/offer",
            why="offers money back" + ("" if sum_said is None else f" ({sum_said:g})"),
            attributes=attributes,
        )  # fmt: skip


DETECTOR = Detector(name="resolution_refund", labels=(LABEL,), needs=("cue.refund",), detect=detect)
