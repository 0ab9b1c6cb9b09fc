"""The tables that are printed."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.understanding.figures import Figure, Interval, figure
from benchmarks.understanding.verdicts import Verdict, near_misses, tabulate

# Groups of families that have a target of their own beside those of one family.
TOGETHER = {"telephony": "telephony, handling", "handling": "telephony, handling"}
FAMILY_TARGET = 0.85
TARGETED = (
    "identity", "complaint", "resolution", "need", "positive", "negative", "telephony, handling",
)  # fmt: skip


def transcripts(verdicts: Sequence[Verdict], calls: Sequence[str]) -> None:
    """Print the figures of the invented transcripts, label by label and family by family."""
    print(HEADER.format("label") + "   near misses taken")
    near = near_misses(verdicts, lambda v: v.label)
    for label, counts in tabulate(verdicts, calls, lambda v: v.label).items():
        print(row(label, figure(counts)) + _near(near.get(label)))
    print("\n" + HEADER.format("family") + "   near misses taken")
    _families(verdicts, calls)
    for name, recognised in (("clean", False), ("recognised", True)):
        part = [v for v in verdicts if v.recognised == recognised]
        print(f"\n{HEADER.format(f'{name} transcripts')}   near misses taken")
        _families(part, sorted({v.call for v in part}))


def _families(verdicts: Sequence[Verdict], calls: Sequence[str]) -> None:
    near = near_misses(verdicts, lambda v: v.family)
    tables = tabulate(verdicts, calls, lambda v: v.family)
    both = [v for v in verdicts if v.family in TOGETHER]
    tables |= tabulate(both, calls, lambda v: TOGETHER[v.family])
    near |= near_misses(both, lambda v: TOGETHER[v.family])
    for name, counts in tables.items():
        target = FAMILY_TARGET if name in TARGETED else None
        print(row(name, figure(counts), target) + _near(near.get(name)))


HEADER = f"{{:32}} {'P':>5} {'95%':^11} {'R':>5} {'95%':^11} {'F1':>5} {'95%':^11} " + (
    f"{'tp':>5} {'fp':>5} {'fn':>5} target"
)


def row(name: str, f: Figure, target: float | None = None) -> str:
    """One line under ``HEADER``; a target that is not met has a mark."""
    wanted = f"{target:.2f}{' ' if f.f1 >= target else '✗'}" if target is not None else ""
    return (
        f"{name:32} {f.precision:5.3f} {_span(f.precision_interval)} "
        f"{f.recall:5.3f} {_span(f.recall_interval)} {f.f1:5.3f} {_span(f.f1_interval)} "
        f"{f.tp:5} {f.fp:5} {f.fn:5} {wanted:6}"
    )


def _span(interval: Interval) -> str:
    return f"{interval[0]:.3f}–{interval[1]:.3f}"


def _near(taken: tuple[int, int] | None) -> str:
    return f"   {taken[0]:3} of {taken[1]:3} {taken[0] / taken[1]:6.1%}" if taken else ""
