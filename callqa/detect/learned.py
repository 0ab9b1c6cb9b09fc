"""What phrases miss: labels by the words of a turn, with weights fitted to labelled turns.

A phrase is sure and narrow; people find other words. For each label a line of weights, one a
word or run of up to three words of the turn and of what the other side said before it, was
fitted to labelled turns (``python -m examples.fit``). Its sum says how much a turn reads like the
label. It only adds to what phrases and detectors found, never where they found the label already,
and only where, on calls that they were not fitted to, they were right more often than not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt

from callqa.detect.base import CallView, TurnView
from callqa.errors import ConfigError
from callqa.records import Detection
from callqa.text import SENTENCE_END, Plain

Floats = npt.NDArray[np.float32]

VERSION = "2"  # changes whenever the same weights may give other labels
FILE = "en/learned.npz"
_LONGEST = 3  # words in a run
_BEFORE = 15  # words of the turn before, its last ones
# A yes to one of these accepts nothing that was offered for the matter.
_OTHER_YESES = ("handling.hold_requested", "telephony.mute", "identity.requested",
                "closing.further_help", "resolution.feedback_requested")  # fmt: skip
_NUMBER = re.compile(r"\d+")
_LENGTH = 0.2  # power of a turn's number of runs by which each weighs less
_SHORT = 25  # runs: in a shorter turn none weighs more, as two words alone tell little


def runs(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Runs of one to three words: first word, last word, the run."""
    for size in range(1, _LONGEST + 1):
        for i in range(len(words) - size + 1):
            yield i, i + size - 1, " ".join(words[i : i + size])


def words_of(plain: Plain) -> list[str]:
    """Plain words with every number alike."""
    return ["#" if _NUMBER.fullmatch(w) else w for w in plain.tokens]


def features(own: Sequence[str], before: Sequence[str]) -> dict[str, float]:
    """Weights of a turn's runs and of single words before it.

    A run weighs little less in a long turn: the act is often a few words in the middle of it.

    Args:
        own: words of the turn.
        before: words of the other side's turn before it.
    """
    mine = {run for _, _, run in runs(own)}
    theirs = {f"< {word}" for word in before[-_BEFORE:]}
    found = dict.fromkeys(mine, max(len(mine), _SHORT) ** -_LENGTH)
    found |= {run: 0.5 / sqrt(len(theirs)) for run in theirs}
    return found


@dataclass(frozen=True, eq=False)
class Learned:
    """Fitted weights: float [runs, labels], and what to make of their sums."""

    place: dict[str, int]  # of a run among the weights
    weights: Floats
    bias: Floats  # what is added so that zero is the sum at which the label is given, [labels]
    labels: tuple[str, ...]
    roles: tuple[str, ...]  # who says it: agent, customer or both, one a label
    slope: float  # from a sum above zero to how often it is right
    base: float
    fingerprint: str

    def add_to(self, call: CallView, found: Sequence[Detection]) -> list[Detection]:
        """Detections of what was not found yet."""
        there = {(d.label, d.turn) for d in found}
        before: dict[bool, list[str]] = {True: [], False: []}  # the last words of each side
        added = []
        for view in call.turns:
            own, agent = words_of(view.plain), view.role in ("agent", "second_agent")
            if view.role in ("agent", "second_agent", "customer"):
                sums = self.sums(features(own, before[not agent]))
                side = "agent" if agent else "customer"
                for at in np.flatnonzero(sums > 0):
                    if self.roles[at] in ("both", side) and _fits(
                        self.labels[at], view.index, there
                    ):
                        added += self._detection(call, view, int(at), float(sums[at]))
                before[agent] = own
        return added

    def sums(self, found: dict[str, float]) -> Floats:
        """How far above the mark each label is, [labels]."""
        known = [(self.place[run], weight) for run, weight in found.items() if run in self.place]
        if not known:
            return self.bias
        rows, weights = zip(*known, strict=True)
        return np.asarray(np.array(weights, np.float32) @ self.weights[list(rows)] + self.bias)

    def _detection(self, call: CallView, view: TurnView, at: int, above: float) -> list[Detection]:
        """The detection, on the words that speak for it; none where the turn has no such words."""
        words = words_of(view.plain)
        speaks = np.zeros(len(words), np.float32)
        for first, last, run in runs(words):
            if run in self.place and run != SENTENCE_END:
                speaks[first : last + 1] += self.weights[self.place[run], at] / (last + 1 - first)
        stretch = heaviest(speaks)
        if stretch is None:
            return []
        start, end = view.plain.chars(*stretch)
        return [
            call.detection(
                self.labels[at],
                view,
                start,
                end,
                confidence=1 / (1 + exp(-(self.slope * above + self.base))),
                why="reads like turns that people gave this label, above all in "
                f"“{view.text[start:end]}”",
                rule=f"learned.{self.labels[at]}",
            )
        ]


def heaviest(weights: Floats) -> tuple[int, int] | None:
    """First and last place of the stretch with the greatest sum; None where none is above zero.

    Kadane's walk: a stretch that has sunk below zero is better begun anew.
    """
    best, found, total, first = 0.0, None, 0.0, 0
    for i, weight in enumerate(weights):
        if total <= 0:
            total, first = 0.0, i
        total += float(weight)
        if total > best:
            best, found = total, (first, i)
    return found


def _fits(label: str, turn: int, there: Set[tuple[str, int | None]]) -> bool:
    """Whether a label is new in a turn, and what it needs around it is there."""
    if (label, turn) in there:
        return False
    if label.startswith("question."):
        return ("question.asked", turn) in there
    if label == "resolution.accepted":
        return not any((other, turn - 1) in there for other in _OTHER_YESES)
    return True


@lru_cache(maxsize=4)
def load_learned(lexicons: Path) -> Learned | None:
    """The weights in a folder of lexicons; None where there are none.

    Raises:
        ConfigError: the file is not one that ``examples.fit`` wrote.
    """
    path = lexicons / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            names = str(kept["runs"]).split("\n")
            return Learned(
                place={run: i for i, run in enumerate(names)},
                weights=kept["weights"].astype(np.float32),
                bias=kept["bias"].astype(np.float32),
                labels=tuple(str(kept["labels"]).split("\n")),
                roles=tuple(str(kept["roles"]).split("\n")),
                slope=float(kept["confidence"][0]),
                base=float(kept["confidence"][1]),
                fingerprint=hashlib.sha256(path.read_bytes() + VERSION.encode()).hexdigest()[:16],
            )
    except (OSError, KeyError, ValueError) as error:
        raise ConfigError(
            f"The fitted weights in {path} cannot be read ({type(error).__name__}).",
            remedy="Make them anew with: python -m examples.fit",
        ) from error
