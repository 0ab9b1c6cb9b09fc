"""Labelled turns from everywhere, as calls with what phrases and detectors find in them.

``examples/calls/*.tsv`` holds whole calls: a line ``# title | organisation | agent | clean`` (or
``recognised``), then a line a turn: role, words, labels; an empty line ends a call. They are
complete for every label of ``docs/labelling.md``. ``examples/en/*.tsv`` holds single turns (role,
turn before, turn, labels), complete for the families of their file. The open part of
``evaluation/transcripts`` is what the model is settled on, never fitted to. Sealed calls are
never read.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.understanding import split
from callqa.detect.base import CallView, TurnView
from callqa.detect.engine import Engine, detectors, view_turns
from callqa.detect.learned import SAME
from callqa.detect.lexicon import load_lexicon
from callqa.pipeline import read
from callqa.profile import Profile
from callqa.records import Role
from callqa.transcripts import parse_call

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES, LEXICONS = ROOT / "examples", ROOT / "lexicons"
TRANSCRIPTS = ROOT / "evaluation" / "transcripts"
ROLES: dict[str, Role] = {"A": "agent", "C": "customer"}
# Files of single turns that are complete for more than the family they are named after.
COMPLETE = {
    "resolution_b": {"resolution", "sales", "telephony"},
    "sales": {"resolution", "sales", "telephony"},
    "telephony": {"resolution", "sales", "telephony"},
    "resolution_a": {"resolution"},
    "identity": {"identity", "handling"},
    "handling": {"identity", "handling"},
    "listening": {"negative"},
    "closing_opening": set[str](),
    "contrasts": {"complaint", "identity", "resolution"},
    "question": {"question", "situation"},
    "situation": {"question", "situation"},
}


@dataclass(frozen=True)
class Labelled:
    """A turn, what it is known to be, and what phrases and detectors find in it.

    ``families``: for which ``labels`` is all there is; None for every family.
    """

    view: TurnView
    labels: frozenset[str]
    unsure: frozenset[str]
    found: frozenset[str]
    families: frozenset[str] | None = None

    def knows(self, label: str) -> bool:
        """Whether the turn is known to have the label or not to have it."""
        if label in self.unsure:
            return False
        return self.families is None or label.split(".")[0] in self.families


Call = tuple[Labelled, ...]
_Row = tuple[str, str, str]  # role, words, labels


def whole_calls() -> Iterator[Call]:
    """The calls to fit to."""
    for path in sorted((EXAMPLES / "calls").glob("*.tsv")):
        for n, block in enumerate(re.split(r"\n\s*\n", path.read_text("utf-8").strip("\n"))):
            rows = [line.split("\t") for line in block.split("\n") if not line.startswith("# ")]
            yield _labelled(f"{path.stem}:{n}", [(r[0], r[1], r[2]) for r in rows])


def open_calls() -> Iterator[Call]:
    """The calls to settle on."""
    for path in sorted(TRANSCRIPTS.glob("*.toml")):
        if path.stem not in split.sealed("transcripts"):
            turns = tomllib.loads(path.read_text("utf-8"))["turns"]
            yield _labelled(path.stem, [(t[0], t[1], t[2]) for t in turns])


def single_turns() -> Iterator[Call]:
    """Turns that stand alone or with the one before, which is known for nothing."""
    for path in sorted((EXAMPLES / "en").glob("*.tsv")):
        families = frozenset(COMPLETE.get(path.stem, {path.stem}))
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            for n, (role, before, text, labels) in enumerate(rows):
                first = [("C" if role == "A" else "A", before, "")] if before.strip() else []
                own = _labelled(f"{path.stem}:{n}", [*first, (role, text, labels)], families)
                yield own if not first else (_unknown(own[0]), own[1])


def _unknown(turn: Labelled) -> Labelled:
    return Labelled(turn.view, frozenset(), frozenset(), turn.found, frozenset())


def _labelled(name: str, rows: Iterable[_Row], families: frozenset[str] | None = None) -> Call:
    """A call read as callqa reads a transcript, secrets taken out first."""
    rows = list(rows)
    turns = [{"role": ROLES[role], "text": text} for role, text, _ in rows]
    heard = read(parse_call({"turns": turns}, where=name, default_id=name))
    role_of = {p.id: p.role for p in heard.participants}
    views = view_turns([(t, role_of[t.participant]) for t in heard.transcript.turns])
    found: list[set[str]] = [set() for _ in rows]
    for d in _rules().run(CallView(call_id=name, turns=views), Profile()):
        if d.turn is not None:
            found[d.turn].add(SAME.get(d.label, d.label))
    return tuple(
        Labelled(
            view,
            frozenset(x for x in labels.split() if x[0] not in "!?"),
            frozenset(x[1:] for x in labels.split() if x[0] == "?"),
            frozenset(said),
            families,
        )
        for view, (_, _, labels), said in zip(views, rows, found, strict=True)
    )


@cache
def _rules() -> Engine:
    return Engine(load_lexicon(LEXICONS), detectors())
