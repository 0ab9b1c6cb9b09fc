"""What each source's comparison comes down to: one verdict a turn and label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.understanding.figures import Counts
from callqa.records import Detection

OUTCOMES = ("tp", "fp", "fn")


@dataclass(frozen=True)
class Verdict:
    """A label that a turn has, or is found to have, or nearly has (``near``)."""

    source: str  # as in the files of ids: invented:<NNN>:<turn>, oasis:<call_id>:<segment>
    call: str
    label: str
    gold: bool
    detection: Detection | None
    text: str
    previous: str = ""
    near: bool = False
    recognised: bool = False

    @property
    def outcome(self) -> str:
        """``tp``, ``fp``, ``fn``, or ``tn`` for a near miss that was left alone."""
        if self.gold:
            return "tp" if self.detection else "fn"
        return "fp" if self.detection else "tn"

    @property
    def family(self) -> str:
        """What stands before the label's dot."""
        return self.label.partition(".")[0]


def tabulate(
    verdicts: Iterable[Verdict], calls: Sequence[str], key: Callable[[Verdict], str]
) -> dict[str, Counts]:
    """Counts of shape (calls, 3) for each value of ``key``, in the order of the names."""
    row = {call: n for n, call in enumerate(calls)}
    tables: dict[str, Counts] = {}
    for v in verdicts:
        if v.outcome != "tn":
            table = tables.setdefault(key(v), np.zeros((len(calls), 3), dtype=np.int64))
            table[row[v.call], OUTCOMES.index(v.outcome)] += 1
    return dict(sorted(tables.items()))


def near_misses(
    verdicts: Iterable[Verdict], key: Callable[[Verdict], str]
) -> dict[str, tuple[int, int]]:
    """How many near misses were taken for the label, of how many there are."""
    out: dict[str, tuple[int, int]] = {}
    for v in verdicts:
        if v.near:
            fired, of = out.get(key(v), (0, 0))
            out[key(v)] = (fired + (v.detection is not None), of + 1)
    return dict(sorted(out.items()))


COLUMNS = ("source", "turn", "label", "outcome", "text", "previous", "fired", "rule")


def write_confusions(path: Path, verdicts: Iterable[Verdict]) -> int:
    """Write what disagrees as TSV; a taken near miss is ``fp!``. Returns how many there are."""
    rows = ["\t".join(COLUMNS)]
    for v in sorted(verdicts, key=lambda v: (v.label, v.outcome)):
        if v.outcome in ("fp", "fn"):
            source, _, turn = v.source.rpartition(":")
            fired, rule = (v.detection.quote, v.detection.rule) if v.detection else ("", "")
            cells = (source, turn, v.label, v.outcome + "!" * v.near, v.text, v.previous,
                     fired or "", rule)  # fmt: skip
            rows.append("\t".join(" ".join(cell.split()) for cell in cells))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return len(rows) - 1
