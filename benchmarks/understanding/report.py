"""The tables that are printed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.understanding import calibration, questions, speed
from benchmarks.understanding.figures import Figure, Interval, figure, folds_f1
from benchmarks.understanding.mapping import FORM, MAPPINGS
from benchmarks.understanding.oasis import fold
from benchmarks.understanding.samples import Claims
from benchmarks.understanding.verdicts import Verdict, near_misses, tabulate

# Two families that share a target.
TOGETHER = dict.fromkeys(("telephony", "handling"), "telephony, handling")
FAMILY_TARGET = 0.85
TARGETED = (
    "identity", "complaint", "resolution", "need", "positive", "negative", "telephony, handling",
)  # fmt: skip
JOINED_LESS = 0.05  # that segments run together may fall behind
FUNCTIONS_TARGET, OPEN_CLOSED_TARGET = 0.80, 0.90
HEADER = f"{{:32}} {'P':>5} {'95%':^11} {'R':>5} {'95%':^11} {'F1':>5} {'95%':^11} " + (
    f"{'tp':>5} {'fp':>5} {'fn':>5} target "
)


def row(name: str, f: Figure, target: float | None = None, *, by_recall: bool = False) -> str:
    """One line under ``HEADER``; a target that is not met has a mark."""
    reached = f.recall if by_recall else f.f1
    wanted = "" if target is None else f"{'R ' * by_recall}{_beside(reached, target)}"
    return (
        f"{name:32} {f.precision:5.3f} {_span(f.precision_interval)} "
        f"{f.recall:5.3f} {_span(f.recall_interval)} {f.f1:5.3f} {_span(f.f1_interval)} "
        f"{f.tp:5} {f.fp:5} {f.fn:5} {wanted:7}"
    )


def _span(interval: Interval) -> str:
    return f"{interval[0]:.3f}–{interval[1]:.3f}"


def _beside(value: float, target: float, *, at_most: bool = False) -> str:
    met = value <= target if at_most else value >= target
    return f"{target:.2f} {'✓' if met else '✗'}"


# ---------------------------------------------------------------- invented transcripts


def transcripts(verdicts: Sequence[Verdict], calls: Sequence[str]) -> None:
    """Print the figures of the invented transcripts, label by label and family by family."""
    near = near_misses(verdicts, lambda v: v.label)
    print(HEADER.format("label") + "  near misses taken")
    for label, counts in tabulate(verdicts, calls, lambda v: v.label).items():
        print(row(label, figure(counts)) + _near(near.get(label)))
    _families("family", verdicts, calls)
    for name, recognised in (("clean", False), ("recognised", True)):
        part = [v for v in verdicts if v.recognised == recognised]
        _families(f"{name} transcripts", part, sorted({v.call for v in part}))


def _families(name: str, verdicts: Sequence[Verdict], calls: Sequence[str]) -> None:
    near = near_misses(verdicts, lambda v: v.family)
    tables = tabulate(verdicts, calls, lambda v: v.family)
    both = [v for v in verdicts if v.family in TOGETHER]
    tables |= tabulate(both, calls, lambda v: TOGETHER[v.family])
    near |= near_misses(both, lambda v: TOGETHER[v.family])
    print("\n" + HEADER.format(name) + "  near misses taken")
    for family, counts in tables.items():
        target = FAMILY_TARGET if family in TARGETED else None
        print(row(family, figure(counts), target) + _near(near.get(family)))


def _near(taken: tuple[int, int] | None) -> str:
    return f"  {taken[0]:3} of {taken[1]:3} {taken[0] / taken[1]:6.1%}" if taken else ""


# ---------------------------------------------------------------- real calls


def mapping() -> None:
    """Print which label of the corpus is which of ours, whose, and what is left out."""
    print("\nThe corpus's labels and ours (examples are invented):")
    for m in (*MAPPINGS, FORM):
        print(f"  {m.name}: {m.theirs} = {m.labels}; role: {m.role}")
        if m.left_out:
            print(f"    left out: {m.left_out}")


def oasis(verdicts: Sequence[Verdict], calls: Sequence[str], *, joined: bool) -> None:
    """Print the figures of the real calls, with the mean and spread of five folds by call."""
    tables = tabulate(verdicts, calls, lambda v: v.label)
    part = np.array([fold(call) for call in calls])
    title = "segments run together" if joined else "segment by segment"
    print("\n" + HEADER.format(title) + "  F1 of 5 folds")
    for m in (*MAPPINGS, FORM):
        if m.name in tables:
            folds = folds_f1(tables[m.name], part)
            target = m.target - JOINED_LESS * joined if m.target else None
            line = row(m.name, figure(tables[m.name]), target, by_recall=m.by_recall)
            print(f"{line}  {folds.mean():.3f} ± {folds.std(ddof=1):.3f}")


# ---------------------------------------------------------------- sample scripts


def samples(verdicts: Sequence[Verdict], claims: Mapping[str, Claims]) -> None:
    """Print how many expected labels are found by family, and which false claims are made."""
    found: Counter[str] = Counter(v.family for v in verdicts if v.detection)
    wanted = Counter(v.family for v in verdicts)
    print("\nexpected labels found, turn by turn")
    for family, of in sorted(wanted.items()):
        print(f"  {family:14} {found[family]:4} of {of:4}  {found[family] / of:6.1%}")
    total = found.total() / max(1, wanted.total())
    print(f"  {'all':14} {found.total():4} of {wanted.total():4}  {total:6.1%}")
    made = [f"{name}: {', '.join(c.made)}" for name, c in claims.items() if c.made]
    count = sum(len(c.made) for c in claims.values())
    print(
        f"labels claimed of a call that has none: {count} of {sum(c.of for c in claims.values())}"
    )
    print("".join(f"  {line}\n" for line in made), end="")


# ---------------------------------------------------------------- questions


def functions(verdicts: Sequence[Verdict], kept_back: Counter[str]) -> None:
    """Print open against closed, and each function of questions."""
    found, same, of = questions.open_or_closed(verdicts)
    if not of:
        return
    share = same / max(1, found)
    beside = _beside(share, OPEN_CLOSED_TARGET)
    print(f"\nopen or closed: {of} places have one of the two; {found} are found as either,")
    print(f"  of which {same} ({share:.1%}) as the same; target {beside}")
    calls = sorted({v.call for v in verdicts})
    tables = tabulate(verdicts, calls, lambda v: v.label)
    counted = [f for f in questions.FUNCTIONS if kept_back[f] >= questions.LEAST_SEALED]
    print("\n" + HEADER.format("function") + "  kept-back examples")
    for name in questions.FUNCTIONS:
        if f"question.{name}" in tables:
            aside = "" if name in counted else ", not averaged"
            print(row(name, figure(tables[f"question.{name}"])) + f"  {kept_back[name]}{aside}")
    mean = questions.macro_f1(verdicts, counted)
    print(f"mean F1 of {len(counted)} functions: {mean:.3f}; "
          f"target {_beside(mean, FUNCTIONS_TARGET)}")  # fmt: skip


def two_passes(first: questions.Labels, again: questions.Labels) -> None:
    """Print κ of each label over the questions that were labelled twice."""
    rows = questions.agreement(first, again)
    print(f"\ntwo passes over {next(iter(rows.values()))[3]} questions")
    print(f"{'label':16} {'κ':>6} first again")
    for label, (kappa, a, b, _) in rows.items():
        print(f"{label:16} {kappa:6.3f} {a:5} {b:5}")
    known = [r[0] for r in rows.values() if not math.isnan(r[0])]
    if known:
        print(f"{'mean':16} {sum(known) / len(known):6.3f}")


# ---------------------------------------------------------------- confidence, speed


def confidence(verdicts: Sequence[Verdict]) -> None:
    """Print how often detections are right, by how sure they are."""
    sure, right = calibration.pairs(verdicts)
    if not len(sure):
        return
    print("\nconfidence    detections   mean  right")
    for b in calibration.bins(sure, right):
        print(f"{b.low:.1f}–{b.high:.1f} {b.count:17} {b.confidence:6.3f} {b.precision:6.3f}")
    error = calibration.expected_error(sure, right)
    print(f"expected calibration error {error:.3f}; "
          f"target {_beside(error, calibration.TARGET, at_most=True)}")  # fmt: skip
    for family in sorted({v.family for v in verdicts if v.detection}):
        sure, right = calibration.pairs([v for v in verdicts if v.family == family])
        error = calibration.expected_error(sure, right)
        print(
            f"  {family:14} {len(sure):5} detections, confidence {sure.mean():.3f}, "
            f"right {right.mean():.3f}, error {error:.3f}"
        )
    print(
        f"refitted by family on the other folds' calls: {calibration.refitted_error(verdicts):.3f}"
    )


def turns_a_second(of: str, measured: speed.Speed) -> None:
    """Print the speeds beside their targets."""
    words = f"{measured.words_a_turn:.1f} words each"
    print(f"\n{of}: turns a second of one core ({measured.turns} turns, {words})")
    for how, value in measured.reached.items():
        mark = "✓" if value >= speed.TARGETS[how] else "✗"
        print(f"  {how:10} {value:7.0f}  target {speed.TARGETS[how]} {mark}")
