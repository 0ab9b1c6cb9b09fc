"""Invented utterances with the label that each must or must not have, and how well that goes.

``tests/detect/utterances/<family>.toml`` holds the families that real calls show too little of.
A row is ``[label, turns…]``: the label must be found; ``["!label", turns…]``: it must not
(``!family.*``: nothing of the family). Patterns were built while looking at two rows of every
three; each third row (row number % 3 == 0) is sealed and read only for the final figure.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import numpy as np

from benchmarks.understanding.figures import prf
from callqa.detect.base import CallView
from callqa.detect.engine import Engine, view_turns
from callqa.profile import Profile
from callqa.records import Role, Turn

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "detect" / "utterances"
SEALED = 3
ROLES: dict[str, Role] = {"A": "agent", "C": "customer"}


@dataclass(frozen=True)
class Utterance:
    """A few turns, and the label that they must have or, when ``absent``, must not."""

    family: str
    number: int
    label: str
    absent: bool
    lines: tuple[str, ...]

    @property
    def sealed(self) -> bool:
        """Whether it is kept back for the final figure."""
        return self.number % SEALED == 0

    def found_by(self, engine: Engine) -> bool:
        """Whether the engine finds the label in these turns."""
        turns: list[tuple[Turn, Role]] = []
        for index, line in enumerate(self.lines):
            role = ROLES[line[0]]
            turns.append((Turn(index=index, participant=role, text=line[3:]), role))
        call = CallView(call_id="utterance", turns=view_turns(turns))
        return any(fnmatch(d.label, self.label) for d in engine.run(call, Profile()))


def families() -> list[str]:
    """The families that have utterances."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(family: str) -> Iterator[Utterance]:
    """The utterances of one family."""
    data = tomllib.loads((FOLDER / f"{family}.toml").read_text(encoding="utf-8"))
    for number, (label, *lines) in enumerate(data["utterances"]):
        yield Utterance(family, number, label.lstrip("!"), label.startswith("!"), tuple(lines))


def judge(
    engine: Engine, family: str, *, sealed: bool
) -> tuple[Counter[str], list[tuple[str, Utterance]]]:
    """Counts of ``tp``, ``fp`` and ``fn`` over one part of a family, and what went wrong."""
    counts: Counter[str] = Counter(tp=0, fp=0, fn=0)
    wrong: list[tuple[str, Utterance]] = []
    for utterance in load(family):
        if utterance.sealed != sealed:
            continue
        outcome = {(True, False): "tp", (False, False): "fn", (True, True): "fp"}.get(
            (utterance.found_by(engine), utterance.absent)
        )
        if outcome:
            counts[outcome] += 1
        if outcome in ("fn", "fp"):
            wrong.append((outcome, utterance))
    return counts, wrong


def score(counts: Counter[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of ``tp``, ``fp`` and ``fn``."""
    precision, recall, f1 = prf(np.array([counts[outcome] for outcome in ("tp", "fp", "fn")]))
    return float(precision), float(recall), float(f1)
