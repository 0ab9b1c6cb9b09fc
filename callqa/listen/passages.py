"""Stretches of speech laid end to end for the model, and its words put back on the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.listen.vad import FRAME, FRAME_S, RATE
from callqa.records import Span

Floats = npt.NDArray[np.float32]

PACK_S = 29.0
PAUSE_S = 0.2  # of silence between the passages of one pack
AROUND_S = 0.2  # of sound kept before and after speech


@dataclass(frozen=True)
class HeardWord:
    """One word as it was heard; ``text`` carries its punctuation and no space."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True)
class Piece:
    """A stretch of speech of one channel and where it lies in the packed sound, in seconds."""

    channel: int
    span: Span
    at_s: float


def split_long(span: Span, probability: Floats, *, longest_s: float = PACK_S - 1) -> list[Span]:
    """A stretch in parts of at most ``longest_s``, cut where speech is least likely."""
    if span.length_s <= longest_s:
        return [span]
    first = int((span.start_s + longest_s / 2) / FRAME_S)
    last = int((span.start_s + longest_s) / FRAME_S)
    cut_s = (first + int(np.argmin(probability[first:last]))) * FRAME * 1.0 / RATE
    rest = Span(start_s=cut_s, end_s=span.end_s)
    return [
        Span(start_s=span.start_s, end_s=cut_s),
        *split_long(rest, probability, longest_s=longest_s),
    ]


def pack_passages(passages: list[tuple[int, Span]], pause_s: float) -> list[list[Piece]]:
    """Passages side by side in packs of one channel; times are from the pack's start."""
    packs: list[list[Piece]] = []
    for channel, span in passages:
        last = packs[-1][-1] if packs else None
        if last is not None and last.channel == channel:
            at = last.at_s + last.span.length_s + pause_s
            if at + span.length_s <= PACK_S:
                packs[-1].append(Piece(channel, span, at))
                continue
        packs.append([Piece(channel, span, 0.0)])
    return packs


def on_the_clock(pack: list[Piece], segments: list[Any]) -> list[HeardWord]:
    """The words of a pack with the recording's times."""
    raw = [
        replace(w, start_s=w.start_s - pack_start, end_s=w.end_s - pack_start)
        for segment, pack_start in segments
        for w in _whole_words(segment.words or [])
        if w.text
    ]
    places = _places(pack, raw)
    words: list[HeardWord] = []
    for word, at in zip(raw, places, strict=True):
        span, shift = pack[at].span, pack[at].span.start_s - pack[at].at_s
        begins = min(max(word.start_s + shift, span.start_s), span.end_s - 0.02)
        ends = max(min(word.end_s + shift, span.end_s), begins + 0.02)
        words.append(replace(word, start_s=round(begins, 3), end_s=round(ends, 3)))
    return words


def _places(pack: list[Piece], raw: Sequence[HeardWord]) -> list[int]:
    """The passage of each word: the one it ends in, as Whisper starts a word too early.

    The first word of a sentence at the very end of a passage, with the rest of the sentence in
    the next passage, belongs there; the last word of one, alone at the start, belongs back.
    """
    ends = [piece.at_s + piece.span.length_s for piece in pack]
    last = len(pack) - 1
    places = [min(last, int(np.searchsorted(ends, word.end_s - 0.02))) for word in raw]
    for i in range(len(raw) - 2, -1, -1):
        opens = i == 0 or raw[i - 1].text[-1:] in ".?!"
        at_edge = raw[i].end_s > ends[places[i]] - AROUND_S - 0.2
        if places[i + 1] == places[i] + 1 and opens and at_edge and raw[i].text[-1:] not in ".?!":
            places[i] += 1
    for i in range(1, len(raw)):
        closes = raw[i].text[-1:] in ".?!" and raw[i - 1].text[-1:] not in ".?!,"
        at_edge = raw[i].start_s < ends[places[i - 1]] + PAUSE_S + AROUND_S
        if places[i] == places[i - 1] + 1 and closes and at_edge:
            places[i] -= 1
    return places


def _whole_words(tokens: Sequence[Any]) -> Iterator[HeardWord]:
    """Whisper gives “it”, “-s” as two tokens without a space between: one word."""
    held: list[Any] = []
    for token in tokens:
        if held and str(token.word).startswith(" "):
            yield _joined(held)
            held = []
        held.append(token)
    if held:
        yield _joined(held)


def _joined(tokens: Sequence[Any]) -> HeardWord:
    text = "".join(str(t.word) for t in tokens).strip()
    sure = float(np.mean([t.probability for t in tokens]))
    return HeardWord(text, float(tokens[0].start), float(tokens[-1].end), round(sure, 4))
