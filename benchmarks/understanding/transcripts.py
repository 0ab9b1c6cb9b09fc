"""The invented transcripts: labelled turns, and what the detectors find in them.

``evaluation/transcripts/NNN.toml`` holds ``turns = [[role, text, labels], …]``. A label is one of
``docs/labelling.md``; ``!label`` is a near miss, ``?label`` is undecided and counts for neither
side. Calls go through the same steps as a transcript given to callqa (secrets are taken out
first), with no organisation's profile.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.understanding.split import EVALUATION, sealed
from benchmarks.understanding.verdicts import Verdict
from callqa.detect.base import CallView
from callqa.detect.engine import Engine, view_turns
from callqa.pipeline import read
from callqa.profile import Profile
from callqa.records import Detection, Role
from callqa.transcripts import parse_call

FOLDER = EVALUATION / "transcripts"
ROLES: dict[str, Role] = {"A": "agent", "C": "customer"}
# Ours that the guide has under another name: a turn of nothing but “mm” takes up what was said.
SAME = {"listening.backchannel": "listening.acknowledgement"}


@dataclass(frozen=True)
class Line:
    """One turn with what it was labelled as."""

    role: Role
    text: str
    labels: frozenset[str]
    near: frozenset[str]
    undecided: frozenset[str]


@dataclass(frozen=True)
class Transcript:
    """One invented call. ``recognised``: written with typical recognition errors."""

    id: str
    recognised: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Read:
    """A transcript beside the detections that count, turn by turn."""

    transcript: Transcript
    found: tuple[tuple[Detection, ...], ...]

    def labels(self, turn: int) -> dict[str, Detection]:
        """Each label found in a turn, under the guide's name, with its surest detection."""
        best: dict[str, Detection] = {}
        for d in sorted(self.found[turn], key=lambda d: d.confidence):
            best[SAME.get(d.label, d.label)] = d
        return best


def load(*, final: bool = False, folder: Path = FOLDER) -> list[Transcript]:
    """The open transcripts; with ``final`` those kept back."""
    paths = sorted(folder.glob("*.toml"))
    return [_load(p) for p in paths if (p.stem in sealed("transcripts")) == final]


def _load(path: Path) -> Transcript:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    lines = tuple(_line(*row) for row in data["turns"])
    return Transcript(path.stem, data["recognised"], lines)


def _line(role: str, text: str, labels: str) -> Line:
    marks: dict[str, set[str]] = {"": set(), "!": set(), "?": set()}
    for word in labels.split():
        name = word.lstrip("!?")
        marks[word[: len(word) - len(name)]].add(name)
    return Line(ROLES[role], text, *(frozenset(marks[m]) for m in ("", "!", "?")))


def detect(engine: Engine, rows: Sequence[tuple[Role, str]], call_id: str) -> list[Detection]:
    """What is found in turns of role and text."""
    turns = [{"role": role, "text": text} for role, text in rows]
    given = parse_call({"call_id": call_id, "turns": turns}, where=call_id, default_id=call_id)
    heard = read(given)
    role_of = {p.id: p.role for p in heard.participants}
    views = view_turns([(t, role_of[t.participant]) for t in heard.transcript.turns])
    return engine.run(CallView(call_id=call_id, turns=views), Profile())


def read_all(engine: Engine, transcripts: Sequence[Transcript]) -> Iterator[Read]:
    """Each transcript with what is found in it."""
    for transcript in transcripts:
        rows = [(line.role, line.text) for line in transcript.lines]
        by_turn: list[list[Detection]] = [[] for _ in rows]
        for d in detect(engine, rows, transcript.id):
            if d.turn is not None:
                by_turn[d.turn].append(d)
        yield Read(transcript, tuple(tuple(found) for found in by_turn))


@cache
def vocabulary() -> frozenset[str]:
    """Every label that the transcripts use, in any way; only these are counted."""
    everything = [*load(), *load(final=True)]
    return frozenset(
        label
        for transcript in everything
        for line in transcript.lines
        for label in line.labels | line.near
    )


def verdicts(reads: Sequence[Read]) -> Iterator[Verdict]:
    """One a turn and label that the turn has, is found to have, or nearly has."""
    known = vocabulary()
    for r in reads:
        for n, line in enumerate(r.transcript.lines):
            found = r.labels(n)
            for label in sorted((line.labels | line.near | found.keys()) & known - line.undecided):
                yield Verdict(
                    source=f"invented:{r.transcript.id}:{n}",
                    call=r.transcript.id,
                    label=label,
                    gold=label in line.labels,
                    detection=found.get(label),
                    text=f"{line.role}: {line.text}",
                    previous=r.transcript.lines[n - 1].text if n else "",
                    near=label in line.near,
                    recognised=r.transcript.recognised,
                )
