"""Emits every label of the lexicons: phrases and token patterns, as they stand in the turns."""

from __future__ import annotations

from collections.abc import Iterable

from callqa.detect.base import CallView, TurnView
from callqa.detect.lexicon import Hit, Lexicon
from callqa.records import Detection

VERSION = "2"


def find_phrases(call: CallView, lexicon: Lexicon) -> Iterable[Detection]:
    """One detection per lexicon match whose place in the call fits.

    Of matches that one label has on the same words, the surest is kept, then the longest.
    """
    for view in call.turns:
        hits = lexicon.find(view.plain, view.doc, view.role)
        for hit in surest(h for h in hits if _in_place(call, view, h)):
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


def surest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits of one turn, of which no two of the same label share characters."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (-h.entry.confidence, h.start_char - h.end_char)):
        shared = (
            k.entry.label == hit.entry.label
            and k.start_char < hit.end_char
            and hit.start_char < k.end_char
            for k in kept
        )
        if not any(shared):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start_char)


def _in_place(call: CallView, view: TurnView, hit: Hit) -> bool:
    if hit.entry.where == "first":
        return call.is_opening(view, turns=2)
    if hit.entry.where == "opening":
        return call.is_opening(view)
    if hit.entry.where == "closing":
        return call.is_closing(view)
    return True


def _why(view: TurnView, hit: Hit) -> str:
    says = hit.entry.says or hit.entry.label.rsplit(".", 1)[1].replace("_", " ")
    return f"{says}: “{view.text[hit.start_char : hit.end_char]}”"
