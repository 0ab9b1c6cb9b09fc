"""Open or closed, and the functions of questions; the agreement of two passes of labelling.

Labels come with the invented transcripts, and for real calls from ``evaluation/questions.tsv``:
``id<TAB>labels``, an id being ``oasis:<call_id>:<segment>`` or ``invented:<NNN>:<turn>`` and the
labels ``open`` or ``closed`` with the functions, separated by spaces; no words of any call.
``questions_again.tsv`` holds a second, blind pass over some of them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.understanding.figures import kappa, prf
from benchmarks.understanding.mapping import Segment
from benchmarks.understanding.split import EVALUATION, sealed
from benchmarks.understanding.transcripts import load
from benchmarks.understanding.verdicts import OUTCOMES, Verdict
from callqa.records import Detection

FIRST, AGAIN = EVALUATION / "questions.tsv", EVALUATION / "questions_again.tsv"
FUNCTIONS = (
    "probing", "clarifying", "reflective", "leading", "hypothetical", "multiple", "sensitive",
)  # fmt: skip
KINDS = ("open", "closed")
LEAST_SEALED = 20  # examples kept back that a function needs to count in the average
Labels = Mapping[str, frozenset[str]]


def read_labels(path: Path) -> dict[str, frozenset[str]]:
    """Labels by id.

    Raises:
        ValueError: an id or a label that the page of questions does not know.
    """
    out: dict[str, frozenset[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t"), start=1):
            if not row or row[0] == "id":
                continue
            labels = frozenset(row[1].split()) if len(row) > 1 else frozenset()
            known = row[0].startswith(("oasis:", "invented:")) and row[0].count(":") == 2
            if not known or not labels <= {*KINDS, *FUNCTIONS}:
                raise ValueError(f"{path.name}, line {number}: cannot use {row}")
            out[row[0]] = labels
    return out


def agreement(first: Labels, again: Labels) -> dict[str, tuple[float, int, int, int]]:
    """Of each label over the ids in both passes: κ, how often each pass gives it, and ids."""
    shared = sorted(first.keys() & again.keys())
    out = {}
    for label in ("open", *FUNCTIONS):
        a, b = [label in first[i] for i in shared], [label in again[i] for i in shared]
        out[label] = (kappa(a, b), sum(a), sum(b), len(shared))
    return out


def sealed_examples(first: Labels) -> Counter[str]:
    """How many examples of each function are kept back, over real and invented calls."""
    counts = Counter(
        label.removeprefix("question.")
        for transcript in load(final=True)
        for line in transcript.lines
        for label in line.labels
    )
    for key, labels in first.items():
        source, call, _ = key.split(":")
        if source == "oasis" and call in sealed("oasis"):
            counts.update(labels)
    return Counter({f: counts[f] for f in FUNCTIONS})


def oasis_verdicts(
    pairs: Sequence[tuple[Segment, Sequence[Detection]]], first: Labels
) -> Iterator[Verdict]:
    """One a labelled segment and label that either side sees there."""
    for segment, found in pairs:
        source = f"oasis:{segment.call}:{segment.number}"
        if source in first:
            ours = {d.label: d for d in found if d.label.startswith("question.")}
            for kind in (*KINDS, *FUNCTIONS):
                label = f"question.{kind}"
                if kind in first[source] or label in ours:
                    yield Verdict(source, segment.call, label, kind in first[source],
                                  ours.get(label), f"{segment.role}: {segment.text}")  # fmt: skip


def open_or_closed(verdicts: Sequence[Verdict]) -> tuple[int, int, int]:
    """Of the places with exactly one of the two: found as a question, found the same, all.

    A place found as both counts as found, not as the same.
    """
    gold: dict[str, set[str]] = {}
    ours: dict[str, set[str]] = {}
    for v in verdicts:
        if v.label in ("question.open", "question.closed"):
            gold.setdefault(v.source, set()).update({v.label} if v.gold else ())
            ours.setdefault(v.source, set()).update({v.label} if v.detection else ())
    one = [place for place, labels in gold.items() if len(labels) == 1]
    found = [place for place in one if ours[place]]
    return len(found), sum(ours[p] == gold[p] for p in found), len(one)


def macro_f1(verdicts: Sequence[Verdict], counted: Sequence[str]) -> float:
    """The mean of the F1 of the functions that count."""
    values = []
    for function in counted:
        of = Counter(v.outcome for v in verdicts if v.label == f"question.{function}")
        values.append(float(prf(np.array([of[o] for o in OUTCOMES]))[2]))
    return float(np.mean(values)) if values else 0.0
