"""Whether a detection's confidence is how often such detections are right.

Only what is found has a confidence, so this is precision by confidence; what is missed does not
enter. Expected calibration error: the mean distance between confidence and precision over ten
bins of equal width, weighted by how many detections are in each (Naeini et al., 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.understanding.oasis import FOLDS, fold
from benchmarks.understanding.verdicts import Verdict

BINS = 10
TARGET = 0.08
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """Detections whose confidence lies in [low, high), the last bin's end included."""

    low: float
    high: float
    count: int
    confidence: float
    precision: float


def pairs(verdicts: Sequence[Verdict]) -> tuple[Floats, Floats]:
    """Confidence of each detection, and 1 where it is right."""
    found = [(v.detection.confidence, float(v.gold)) for v in verdicts if v.detection]
    table = np.array(found, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def bins(confidence: Floats, right: Floats) -> list[Bin]:
    """The bins that hold anything, from the least confident."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        Bin(k / BINS, (k + 1) / BINS, int(at.sum()), float(confidence[at].mean()),
            float(right[at].mean()))
        for k in range(BINS) if (at := place == k).any()
    ]  # fmt: skip


def expected_error(confidence: Floats, right: Floats) -> float:
    """Expected calibration error; 0 where nothing was found.

    >>> round(expected_error(np.array([0.95, 0.95, 0.55]), np.array([1.0, 0.0, 1.0])), 3)
    0.45
    """
    total = len(confidence)
    return sum(b.count * abs(b.confidence - b.precision) for b in bins(confidence, right)) / max(
        1, total
    )


def refitted_error(verdicts: Sequence[Verdict]) -> float:
    """The error after each family's confidence is refitted, monotone, on the other folds' calls."""
    from sklearn.isotonic import IsotonicRegression

    found = [v for v in verdicts if v.detection]
    confidence, right = pairs(found)
    part = np.array([fold(v.call) for v in found])
    family = np.array([v.family for v in found])
    refitted = confidence.copy()
    for name in np.unique(family):
        for k in range(FOLDS):
            held, others = (family == name) & (part == k), (family == name) & (part != k)
            if held.any() and others.any():
                fit = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
                refitted[held] = fit.fit(confidence[others], right[others]).predict(
                    confidence[held]
                )
    return expected_error(refitted, right)


def plot(path: Path, verdicts: Sequence[Verdict], name: str) -> None:
    """Draw precision against confidence; the format is the file's ending, SVG or PNG."""
    import altair as alt

    confidence, right = pairs(verdicts)
    rows = [
        {"confidence": b.confidence, "precision": b.precision, "detections": b.count}
        for b in bins(confidence, right)
    ]
    unit = alt.Scale(domain=[0, 1])
    x = alt.X("confidence:Q", title="confidence, mean of the bin", scale=unit)
    y = alt.Y("precision:Q", title="share that is right", scale=unit)
    even = [{"confidence": at, "precision": at} for at in (0, 1)]
    diagonal = alt.Chart(alt.Data(values=even)).mark_line(strokeDash=[4, 3], color="#888")
    base = alt.Chart(alt.Data(values=rows))
    layers = (
        diagonal.encode(x=x, y=y),
        base.mark_line(color="#1f5fa8").encode(x=x, y=y),
        base.mark_point(filled=True, opacity=1, color="#1f5fa8").encode(
            x=x, y=y, size=alt.Size("detections:Q", scale=alt.Scale(range=[20, 400]))
        ),
    )
    error = expected_error(confidence, right)
    title = alt.Title(
        f"Confidence and precision, {name}",
        subtitle=f"{len(right)} detections, expected calibration error {error:.3f}",
    )
    chart = alt.layer(*layers).properties(width=360, height=360, title=title)
    chart.save(str(path))
