"""Stretches of speech laid end to end for the model, and its words put back on the clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.listen.vad import FRAME_S
from callqa.records import Span

Floats = npt.NDArray[np.float32]

PACK_S = 29.0
PAUSE_S = 0.2  # of silence between the passages of one pack
APART_S = 1.0  # of silence between two channels in one pack
AROUND_S = 0.2  # of sound kept before and after speech
_PAUSE_FRAMES = 7  # 0.22 s: a pause between phrases
_QUIET = 0.15  # mean probability of speech in such a pause
_LEAST_HEAD_S = 2.0  # a shorter beginning would lose its context
_LATE_S = 10.0  # how far from the end of a pack a cut may lie


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


def pack_passages(
    passages: Sequence[tuple[int, Span]], probabilities: Sequence[Floats], pause_s: float
) -> list[list[Piece]]:
    """Passages side by side in packs; times are from the pack's start.

    The model's work is by the pack, however full, so a passage that does not fit is cut at a
    pause if there is one near where the pack ends. One longer than a whole pack is cut where
    speech is least likely. Packs hold one channel each, save that what is left over of one
    shares the last pack of another where both fit.

    Args:
        passages: (channel, span), in order.
        probabilities: of speech, by channel.
    """
    packs = _packs_of_one_channel(passages, probabilities, pause_s)
    lasts = {pack[0].channel: pack for pack in packs}
    shared: list[Piece] = []
    for pack in sorted(lasts.values(), key=_length_s):
        at = _length_s(shared) + APART_S if shared else 0.0
        if at + _length_s(pack) > PACK_S:
            break
        shared += [replace(piece, at_s=piece.at_s + at) for piece in pack]
    joined = {piece.channel for piece in shared}
    if len(joined) < 2:
        return packs
    whole = [p for p in packs if p[0].channel not in joined or p is not lasts[p[0].channel]]
    return [*whole, shared]


def _length_s(pack: Sequence[Piece]) -> float:
    return pack[-1].at_s + pack[-1].span.length_s if pack else 0.0


def _packs_of_one_channel(
    passages: Sequence[tuple[int, Span]], probabilities: Sequence[Floats], pause_s: float
) -> list[list[Piece]]:
    packs: list[list[Piece]] = []
    waiting = deque(passages)
    while waiting:
        channel, span = waiting.popleft()
        if not packs or (packs[-1] and packs[-1][-1].channel != channel):
            packs.append([])
        last = packs[-1][-1] if packs[-1] else None
        at = last.at_s + last.span.length_s + pause_s if last else 0.0
        if span.length_s > PACK_S - at:
            cut_s = _cut_s(span, PACK_S - at, probabilities[channel], anywhere=last is None)
            if cut_s is None:
                packs.append([])
                waiting.appendleft((channel, span))
                continue
            waiting.appendleft((channel, Span(start_s=cut_s, end_s=span.end_s)))
            span = Span(start_s=span.start_s, end_s=cut_s)
        packs[-1].append(Piece(channel, span, at))
    return packs


def _cut_s(span: Span, room_s: float, probability: Floats, *, anywhere: bool) -> float | None:
    """Where to cut so that the head fits: the quietest place late in the room; None if loud."""
    least_s = room_s / 2 if anywhere else max(_LEAST_HEAD_S, room_s - _LATE_S)
    first, last = int((span.start_s + least_s) / FRAME_S), int((span.start_s + room_s) / FRAME_S)
    last = min(last, len(probability) - 1)
    if last - first <= _PAUSE_FRAMES:
        return span.start_s + room_s if anywhere else None
    window = np.ones(_PAUSE_FRAMES) / _PAUSE_FRAMES
    around = np.convolve(probability[first:last], window, mode="valid")
    at = int(np.argmin(around))
    if not anywhere and around[at] > _QUIET:
        return None
    return round((first + at + _PAUSE_FRAMES / 2) * FRAME_S, 3)


def on_the_clock(pack: list[Piece], segments: list[Any]) -> list[tuple[int, HeardWord]]:
    """The words of a pack, each with its channel and the recording's times."""
    raw = [
        replace(w, start_s=w.start_s - pack_start, end_s=w.end_s - pack_start)
        for segment, pack_start in segments
        for w in _whole_words(segment.words or [])
        if w.text
    ]
    places = _places(pack, raw)
    words: list[tuple[int, HeardWord]] = []
    for word, at in zip(raw, places, strict=True):
        span, shift = pack[at].span, pack[at].span.start_s - pack[at].at_s
        begins = min(max(word.start_s + shift, span.start_s), span.end_s - 0.02)
        ends = max(min(word.end_s + shift, span.end_s), begins + 0.02)
        on_time = replace(word, start_s=round(begins, 3), end_s=round(ends, 3))
        words.append((pack[at].channel, on_time))
    return words


def _places(pack: list[Piece], raw: Sequence[HeardWord]) -> list[int]:
    """The passage of each word: the one it ends in, as Whisper starts a word too early.

    The first word of a sentence at the very end of a passage, with the rest of the sentence in
    the next passage, belongs there; the last word of one, alone at the start, belongs back.
    """
    ends = [piece.at_s + piece.span.length_s for piece in pack]
    leads = [a.channel == b.channel for a, b in pairwise(pack)]  # into the next, by one speaker
    last = len(pack) - 1
    places = [min(last, int(np.searchsorted(ends, word.end_s - 0.02))) for word in raw]
    for i in range(len(raw) - 2, -1, -1):
        opens = i == 0 or raw[i - 1].text[-1:] in ".?!"
        at_edge = raw[i].end_s > ends[places[i]] - AROUND_S - 0.2
        runs_on = places[i + 1] == places[i] + 1 and leads[places[i]]
        if runs_on and opens and at_edge and raw[i].text[-1:] not in ".?!":
            places[i] += 1
    for i in range(1, len(raw)):
        closes = raw[i].text[-1:] in ".?!" and raw[i - 1].text[-1:] not in ".?!,"
        at_edge = raw[i].start_s < ends[places[i - 1]] + PAUSE_S + AROUND_S
        runs_on = places[i] == places[i - 1] + 1 and leads[places[i - 1]]
        if runs_on and closes and at_edge:
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
