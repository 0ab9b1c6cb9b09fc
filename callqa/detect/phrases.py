"""Emits every label of the lexicons: phrases and token patterns, as they stand in the turns."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, TurnView
from callqa.detect.lexicon import Hit, Lexicon
from callqa.records import Detection

VERSION = "1"


def find_phrases(call: CallView, lexicon: Lexicon) -> Iterable[Detection]:
    """One detection per lexicon match whose place in the call fits."""
    for view in call.turns:
        for hit in lexicon.find(view.plain, view.doc, view.role):
            if _in_place(call, view, hit):
                yield call.detection(
                    hit.entry.label,
                    view,
                    hit.start_char,
                    hit.end_char,
                    confidence=hit.entry.confidence,
                    why=_why(view, hit),
                    rule=hit.rule,
                    attributes=hit.entry.attributes,
                )


def _in_place(call: CallView, view: TurnView, hit: Hit) -> bool:
    if hit.entry.where == "opening":
        return call.is_opening(view)
    if hit.entry.where == "closing":
        return call.is_closing(view)
    return True


def _why(view: TurnView, hit: Hit) -> str:
    says = hit.entry.says or hit.entry.label.rsplit(".", 1)[1].replace("_", " ")
    return f"{says}: “{view.text[hit.start_char : hit.end_char]}”"
