"""What phrases miss and what they claim wrongly: labels by a model fitted to labelled calls.

A phrase is narrow; people find other words. A sentence encoder reads each turn (``encoder.py``).
For each label, one line of weights says which of its words matter and one what they are worth; two
convolutions over the turns around tell what the turn answers and what it is answered by. A match
of phrases or detectors adds what such a match is worth. From the sum comes how likely the label
is. Where that is likely enough it is given; what phrases found is dropped only where it is plainly
unlikely (``python -m examples.fit`` fits all of this).

What the model reads (``Reading``) hangs on words and roles alone; phrases can change without
anything being read again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.detect.base import CallView, TurnView
from callqa.detect.encoder import SIZE, Encoder, Stretch, load_encoder, load_pieces, words_of
from callqa.errors import ConfigError
from callqa.records import Detection, Role
from callqa.text import Plain

Floats = npt.NDArray[np.float32]

VERSION = "4"  # changes whenever the same file may give other labels
FILE = "en/learned.npz"
_SIDES: dict[Role, int] = {"agent": 0, "second_agent": 0, "customer": 1, "third_party": 1}
_LABELLED: dict[Role, str] = {"agent": "agent", "second_agent": "agent", "customer": "customer"}
FROM_PROFILE = "/profile"  # ends the rule of what the organisation itself names: never doubted
LONG, AROUND = 20, 6  # words of a sentence too long to quote; words quoted around what speaks
ASKED = "question.asked"  # every question, beside what kind it is
SAME = {"listening.backchannel": "listening.acknowledgement"}  # one label to the model


@dataclass(frozen=True, eq=False)
class Reading:
    """What the model makes of a call's turns.

    ``sums``: float16 [turns, labels], how much each turn reads like each label; −inf where a turn
    is not read. ``places``: (turn, label) → characters that speak for it, where it reads like it.
    """

    sums: npt.NDArray[np.float16]
    places: dict[tuple[int, int], tuple[int, int]]

    def pack(self) -> bytes:
        """As bytes that ``unpack`` reads."""
        at = np.array([(*k, *v) for k, v in self.places.items()], np.int32).reshape(-1, 4)
        out = io.BytesIO()
        np.savez_compressed(out, sums=self.sums, at=at)
        return out.getvalue()

    @classmethod
    def unpack(cls, packed: bytes) -> Reading:
        """What ``pack`` packed."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
            places = {(t, x): (a, b) for t, x, a, b in kept["at"].tolist()}
            return cls(kept["sums"], places)


@dataclass(frozen=True, eq=False)
class Learned:
    """The fitted model.

    Shapes: L labels, H the width of what is known of a turn.
    """

    labels: tuple[str, ...]
    roles: tuple[str, ...]  # who says it: agent, customer or both, one a label
    look: Floats  # [L, SIZE], which pieces matter
    worth: Floats  # [L, SIZE], what they are worth
    turn: tuple[Floats, Floats]  # [H, SIZE + 2] and [H]: a turn and its side, in short
    around: tuple[tuple[Floats, Floats], ...]  # [H, H, 5] and [H]: two turns before and after
    out: tuple[Floats, Floats]  # [L, 2 H + 2] and [L]
    scale: Floats  # [L, 3]: odds of the label, by its sum, for a match of phrases, and at the least
    mark: Floats  # [L], how likely a label must be to be given
    keep: Floats  # [L], how likely it must be where phrases found it
    adapters: dict[str, Floats]
    fingerprint: str

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder with what was fitted to it, loaded when first needed."""
        return load_encoder(self.adapters, self.fingerprint)

    @cached_property
    def place(self) -> dict[str, int]:
        """Of a label among the labels."""
        return {label: n for n, label in enumerate(self.labels)}

    def read(self, turns: Sequence[TurnView]) -> Reading:
        """Read a call's turns; takes most of the time."""
        pieces = load_pieces()
        lines: list[tuple[int, Stretch]] = [
            (n, stretch)
            for n, view in enumerate(turns)
            if view.role in _SIDES or view.role == "unknown"
            for stretch in pieces.cut(words_of(view.plain, view.text))
        ]
        sums = np.full((len(turns), len(self.labels)), -np.inf, np.float16)
        if not lines:
            return Reading(sums, {})
        heard = self.encoder.read([stretch for _, stretch in lines])
        worths = [self._worths(states) for states in heard]
        own = np.stack([w.sum(axis=0) for w in worths])
        total = own + self._context(
            np.stack([states.mean(axis=0) for states in heard]),
            [_SIDES.get(turns[n].role) for n, _ in lines],
        )
        places: dict[tuple[int, int], tuple[int, int]] = {}
        for (n, stretch), worth, line in zip(lines, worths, total, strict=True):
            better = line > sums[n]
            for x in np.flatnonzero(better & (self._likely(line) >= self.mark)):
                first, last = strongest(worth[1:-1, x], stretch.tokens)
                places[n, int(x)] = turns[n].plain.chars(*readable(turns[n].plain, first, last))
            sums[n] = np.where(better, line, sums[n])
        return Reading(sums, places)

    def _worths(self, states: Floats) -> Floats:
        """What each piece adds to each label: [pieces, L], by soft attention over the pieces."""
        seen = states @ self.look.T
        seen = np.exp(seen - seen.max(axis=0))
        return np.asarray(seen / seen.sum(axis=0) * (states @ self.worth.T), np.float32)

    def _context(self, turns: Floats, sides: Sequence[int | None]) -> Floats:
        """What a turn and those around it add to each label, [lines, L]."""
        side = np.zeros((len(turns), 2), np.float32)
        for n, at in enumerate(sides):
            if at is not None:
                side[n, at] = 1
        own = _gelu(np.concatenate([turns, side], axis=1) @ self.turn[0].T + self.turn[1])
        state = own
        for kernel, bias in self.around:
            state = state + _gelu(_convolve(state, kernel) + bias)
        known = np.concatenate([state, own, side], axis=1)
        return np.asarray(known @ self.out[0].T + self.out[1], np.float32)

    def _likely(self, sums: npt.NDArray[np.floating[Any]], matched: Floats | None = None) -> Floats:
        """How likely each label is, [..., L]; ``matched`` is 1 where phrases found it."""
        odds = self.scale[:, 0] * sums.astype(np.float32) + self.scale[:, 2]
        if matched is not None:
            odds = odds + self.scale[:, 1] * matched
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)

    def settle(
        self, call: CallView, found: Iterable[Detection], reading: Reading
    ) -> list[Detection]:
        """Detections as they stand in the end: what is unlikely dropped, what is likely added."""
        matched: dict[tuple[int, int], list[Detection]] = {}
        settled: list[Detection] = []
        for d in found:
            label = self.place.get(SAME.get(d.label, d.label))
            if label is None or d.turn is None or d.rule.endswith(FROM_PROFILE):
                settled.append(d)
            else:
                matched.setdefault((d.turn, label), []).append(d)
        matches = np.zeros(reading.sums.shape, np.float32)
        for at in matched:
            matches[at] = 1
        likely = self._likely(reading.sums, matches)
        given = likely >= np.where(matches, self.keep, self.mark)
        questions = {d.turn: d for d in reversed(settled) if d.label == ASKED}
        for n, view in enumerate(call.turns):
            unread = not np.isfinite(reading.sums[n]).any()
            for x in np.flatnonzero(given[n] | unread):
                at, sure = (n, int(x)), float(likely[n, x])
                if at in matched:
                    settled += matched[at] if unread else [_as_sure(d, sure) for d in matched[at]]
                elif at in reading.places and self._may(view, int(x)):
                    place = reading.places[at]
                    if self.labels[x].startswith("question."):
                        if n not in questions:
                            questions[n] = self._question(call, view, place, sure)
                            settled.append(questions[n])
                        place = (questions[n].start_char or 0, questions[n].end_char or 0)
                    settled.append(self._detection(call, view, self.labels[x], place, sure))
        return _without_checked(settled)

    def _may(self, view: TurnView, label: int) -> bool:
        return self.roles[label] in ("both", side) if (side := _LABELLED.get(view.role)) else False

    def _detection(
        self, call: CallView, view: TurnView, label: str, place: tuple[int, int], sure: float
    ) -> Detection:
        return call.detection(
            label, view, *place, confidence=sure, rule=f"learned.{label}",
            why="reads like turns that people gave this label, above all in "
            f"“{view.text[slice(*place)]}”",
        )  # fmt: skip

    def _question(
        self, call: CallView, view: TurnView, place: tuple[int, int], sure: float
    ) -> Detection:
        """A question that no order of words shows: a statement that asks."""
        asked = self._detection(call, view, ASKED, place, sure)
        return asked.model_copy(update={"attributes": {"form": "declarative"}})


def _without_checked(found: list[Detection]) -> list[Detection]:
    """Nothing was told unchecked after a detail that was asked for, whatever phrases missed."""

    def turns(label: str) -> list[int]:
        return [d.turn for d in found if d.label == label and d.turn is not None]

    asked = min(turns("identity.requested"), default=None)
    given = [t for t in turns("identity.provided") if asked is not None and t > asked]
    checked = min([*given, *turns("identity.confirmed")], default=None)
    return [
        d
        for d in found
        if d.label != "identity.disclosed_unchecked" or checked is None or (d.turn or 0) < checked
    ]


def strongest(worth: Floats, tokens: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """First and last plain token of the stretch of pieces that speaks most for a label.

    Kadane's walk over what each piece is worth above the mean; a stretch that has sunk below zero
    is better begun anew.
    """
    above = worth - worth.mean() if len(worth) > 1 else worth * 0 + 1
    best, found, total, first = -np.inf, (0, 0), 0.0, 0
    for n, value in enumerate(above):
        if total <= 0:
            total, first = 0.0, n
        total += float(value)
        if total > best:
            best, found = total, (first, n)
    return tokens[found[0]][0], tokens[found[1]][1]


def readable(plain: Plain, first: int, last: int) -> tuple[int, int]:
    """Plain tokens that make sense to a reader: the sentence, or some words around in a long one.

    Args:
        first: first token that speaks for the label.
        last: last such token.
    """
    start, _ = plain.sentence(first)
    _, end = plain.sentence(last)
    start, end = min(start, first), max(end - 1, last)
    if end - start >= LONG:
        start, end = max(start, first - AROUND), min(end, last + AROUND)
    return start, end


def _as_sure(d: Detection, sure: float) -> Detection:
    return d.model_copy(update={"confidence": round(sure, 4)})


def _gelu(x: Floats) -> Floats:
    """Hendrycks & Gimpel 2016 (arXiv 1606.08415), with the error function."""
    from scipy.special import erf

    return np.asarray(x * 0.5 * (1 + erf(x / np.sqrt(2, dtype=np.float32))), np.float32)


def _convolve(state: Floats, kernel: Floats) -> Floats:
    """A convolution over lines; nothing stands before the first and after the last.

    Args:
        state: [lines, H].
        kernel: [H out, H in, width], width odd.
    """
    reach = kernel.shape[2] // 2
    padded = np.pad(state, ((reach, reach), (0, 0)))
    beside = np.concatenate([padded[k : k + len(state)] for k in range(kernel.shape[2])], axis=1)
    flat = kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])
    return np.asarray(beside @ flat, np.float32)


@lru_cache(maxsize=4)
def load_learned(lexicons: Path) -> Learned | None:
    """The model in a folder of lexicons; None where there is none.

    Raises:
        ConfigError: the file is not one that ``examples.fit`` wrote.
    """
    path = lexicons / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            array = {name: kept[name].astype(np.float32) for name in kept
                     if kept[name].dtype.kind == "f"}  # fmt: skip
            labels, roles = (tuple(str(kept[name]).split("\n")) for name in ("labels", "roles"))
        if array["look"].shape != (len(labels), SIZE):
            raise ValueError("look")
        return Learned(
            labels=labels,
            roles=roles,
            look=array["look"],
            worth=array["worth"],
            turn=(array["turn.weight"], array["turn.bias"]),
            around=tuple((array[f"around{n}.weight"], array[f"around{n}.bias"]) for n in (1, 2)),
            out=(array["out.weight"], array["out.bias"]),
            scale=array["scale"],
            mark=array["mark"],
            keep=array["keep"],
            adapters={
                name.removeprefix("adapter."): value
                for name, value in array.items()
                if name.startswith("adapter.")
            },
            fingerprint=hashlib.sha256(path.read_bytes() + VERSION.encode()).hexdigest()[:16],
        )
    except (OSError, KeyError, ValueError) as error:
        raise ConfigError(
            f"The fitted weights in {path} cannot be read ({type(error).__name__}).",
            remedy="Make them anew with: python -m examples.fit",
        ) from error
