"""How far two passes of labelling agree on the transcripts kept back.

    python -m benchmarks.second_labels

``evaluation/labels_again`` holds, a call, turn number and labels of a pass made from the words and
``docs/labelling.md`` alone. F1 of one pass against the other is what a machine could be asked for
at most. Labels undecided in either pass count for neither side.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.understanding.transcripts import load

AGAIN = Path(__file__).resolve().parents[1] / "evaluation" / "labels_again"


def second(call: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Labels of each turn, and those left undecided."""
    rows = (AGAIN / f"{call}.tsv").read_text(encoding="utf-8").splitlines()
    given = [row.partition("\t")[2].split() for row in rows]
    return [
        (
            frozenset(x for x in labels if not x.startswith("?")),
            frozenset(x[1:] for x in labels if x.startswith("?")),
        )
        for labels in given
    ]


def main() -> None:
    one, other, both = Counter[str](), Counter[str](), Counter[str]()
    for transcript in load(final=True):
        for line, (labels, unsure) in zip(transcript.lines, second(transcript.id), strict=True):
            left_out = line.undecided | unsure
            for label in (line.labels | labels) - left_out:
                family = label.split(".")[0]
                one[family] += label in line.labels
                other[family] += label in labels
                both[family] += label in line.labels and label in labels
    for family in sorted(one):
        print(f"{family:12s} F1 {2 * both[family] / (one[family] + other[family]):.3f}")
    print(f"{'all':12s} F1 {2 * both.total() / (one.total() + other.total()):.3f}")


if __name__ == "__main__":
    main()
