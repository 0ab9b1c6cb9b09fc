"""What a careful reader says of the sample calls, and the page that lists the doubtful cases.

``tests/golden/SET.toml`` has a table a call: criteria by status, and under ``doubtful`` those
that two careful readers may see differently, each with the statuses between and the reason. They
were written from the words of a script and of the standard, before any result was looked at.
``python -m tests.golden.reading`` writes ``docs/golden.md``.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "golden.md"
SETS = sorted(p.stem for p in HERE.glob("*.toml"))


@dataclass(frozen=True)
class Doubt:
    """A criterion over which a careful reader hesitates, and between which statuses."""

    criterion: str
    between: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Reading:
    """One call under one criteria set: what is clear, and what is not."""

    statuses: dict[str, str]
    doubts: tuple[Doubt, ...] = ()

    @property
    def criteria(self) -> set[str]:
        return {*self.statuses, *(d.criterion for d in self.doubts)}


def readings(criteria: str) -> dict[str, Reading]:
    """Every call's reading under a set, by the name of its script."""
    data = tomllib.loads((HERE / f"{criteria}.toml").read_text(encoding="utf-8"))
    return {call: _reading(given) for call, given in data.items()}


def _reading(given: dict) -> Reading:
    doubts = given.pop("doubtful", {})
    statuses = {c: status for status, ids in given.items() for c in ids}
    return Reading(
        statuses, tuple(Doubt(c, tuple(d["between"]), d["why"]) for c, d in doubts.items())
    )


def page() -> str:
    """The doubtful cases by set, those of one call with one reason in one row."""
    lines = [_HEAD]
    for name in SETS:
        found = readings(name)
        clear = sum(len(r.statuses) for r in found.values())
        rows = _rows(found)
        doubtful = sum(len(r.doubts) for r in found.values())
        lines += [f"## `{name}`", "", f"{clear} clear, {doubtful} doubtful.", ""]
        lines += ["| call | criteria | may be | why |", "|---|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _rows(found: dict[str, Reading]) -> list[str]:
    rows = []
    for call, reading in found.items():
        alike: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
        for d in reading.doubts:
            alike[d.between, d.why].append(d.criterion)
        for (between, why), criteria in alike.items():
            may_be = " or ".join(s.replace("_", " ") for s in between)
            rows.append(f"| `{call}` | {', '.join(criteria)} | {may_be} | {why} |")
    return rows


_HEAD = """\
# The sample calls, read by a person
<!-- made by `python -m tests.golden.reading`; do not edit -->

`tests/golden/` holds, for each of the sixteen sample calls and each criteria set about a call, the
status that a careful reader gives to every criterion that a recording may show. They were decided
from the script's words, its times (`audio_samples/timing/`) and the words of the standard with the
set's guidance, before any result was looked at. Where two agents take part they are of the first.

`tests/golden/test_golden.py` scores the scripts and counts agreement on what is clear. It also
holds that no criterion is *evidenced* which the reader finds *contradicted*, nor the other way
round. Below stands what the reader hesitates over, with the statuses between which the call lies;
those count neither way. Where a guidance was reworded later (SQA 1d; Unit 7, 7.15 and 7.17), a
status that rested on the old words was put there too, between the old reading and what the new
words say; that was done with results in view.
"""

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
