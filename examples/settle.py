"""From what the model sums up to what is given: settled on calls that it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

TOGETHER = 20.0  # examples for which a label's family counts beside its own
LOWEST, HIGHEST = 0.2, 0.8  # that a mark may be
UNLIKELY = 0.15  # what phrases found is dropped only where it is less likely than this
# Real calls show that phrases are right about these (docs/evaluation.md): what they found is never
# dropped; and of some, only what is sure is added.
KEPT = ("closing.farewell", "handling.repeat_requested", "listening.acknowledgement",
        "positive.apology")  # fmt: skip
SURE = {"closing.farewell": 0.75, "handling.repeat_requested": 0.75,
        "opening.organisation": 0.95, "opening.name_given": 0.75}  # fmt: skip

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """Turns to settle on, all [turns, labels]; ``known``: where the label is told, and can be."""

    sums: Floats
    matches: Bools
    is_so: Bools
    known: Bools

    def of(self, turns: Bools) -> Judged:
        """Some of the turns."""
        return Judged(self.sums[turns], self.matches[turns], self.is_so[turns], self.known[turns])


@dataclass(frozen=True)
class Settled:
    """From sums and matches to what is given."""

    scale: Floats  # [labels, 3]: for the sum, for a match, and at the least
    mark: Floats  # [labels], from which chance a label is given
    keep: Floats  # [labels], the same where phrases found it

    def likely(self, judged: Judged) -> Floats:
        """How likely each label is."""
        odds = self.scale[:, 0] * judged.sums + self.scale[:, 1] * judged.matches
        return np.asarray(1 / (1 + np.exp(-odds - self.scale[:, 2])), np.float32)

    def given(self, judged: Judged) -> Bools:
        """Which labels are given."""
        return np.asarray(self.likely(judged) >= np.where(judged.matches, self.keep, self.mark))


def settle(labels: Sequence[str], judged: Judged) -> Settled:
    """By family, the odds that a sum and a match mean (Platt 1999), and where F1 is best.

    A label's own best mark counts by how often the label is given, beside its family's.
    """
    scale, mark = np.zeros((len(labels), 3), np.float32), np.ones(len(labels), np.float32)
    for family in sorted({x.split(".")[0] for x in labels}):
        of = np.array([x.startswith(family + ".") for x in labels])
        cells = judged.known & of
        told = np.stack([judged.sums[cells], judged.matches[cells]], axis=1)
        line = LogisticRegression(C=100).fit(told, judged.is_so[cells])
        scale[of] = *line.coef_[0], line.intercept_[0]
        likely = Settled(scale, mark, mark).likely(judged)
        shared = _best_mark(likely[cells], judged.is_so[cells])
        for x in np.flatnonzero(of):
            rows = judged.known[:, x]
            count = judged.is_so[rows, x].sum()
            own = _best_mark(likely[rows, x], judged.is_so[rows, x]) if count else shared
            mark[x] = (count * own + TOGETHER * shared) / (count + TOGETHER)
    keep = np.where([x in KEPT for x in labels], 0, np.minimum(mark, UNLIKELY)).astype(np.float32)
    mark = np.maximum(mark, [SURE.get(x, 0) for x in labels]).astype(np.float32)
    return Settled(scale, mark, keep)


def _best_mark(likely: Floats, is_so: Bools) -> float:
    """Where F1 is best, halfway to the next lower."""
    order = np.argsort(-likely)
    right = np.cumsum(is_so[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + is_so.sum())
    at = int(np.argmax(f1))
    below = likely[order[min(at + 1, len(order) - 1)]]
    return float(np.clip((likely[order[at]] + below) / 2, LOWEST, HIGHEST))


def report(labels: Sequence[str], judged: Judged, half: Bools) -> None:
    """F1 by family; each half judged by what was settled on the other."""
    given = np.zeros_like(judged.is_so)
    for side in (half, ~half):
        given[side] = settle(labels, judged.of(~side)).given(judged.of(side))
    for family in sorted({x.split(".")[0] for x in labels}):
        of = judged.known & np.array([x.startswith(family + ".") for x in labels])
        right = (given & judged.is_so & of).sum()
        both = (given & of).sum() + (judged.is_so & of).sum()
        print(f"{family:12s} F1 {2 * right / max(1, both):.3f}")
