"""The sample calls' scripts: what a careful listener expects, and what is found in their words.

A script's turn names some of the labels that it must yield, not all, so that only recall can be
told turn by turn; ``[expect] absent`` names what would be a false claim anywhere in the call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audio_samples import script
from benchmarks.understanding.transcripts import SAME, detect
from benchmarks.understanding.verdicts import Verdict
from callqa.detect.engine import Engine
from callqa.records import Detection, Role

# Labels that come from sound and silence, which words cannot show.
OF_SOUND = ("emotion.", "listening.interruption", "handling.unexplained_silence")
_OF_CALLERS = ("complaint.", "need.")


@dataclass(frozen=True)
class Claims:
    """False claims of a call: labels that are found, and must not be."""

    made: tuple[str, ...]
    of: int


def spoken(name: str) -> list[script.Turn]:
    """The turns of a script in which somebody speaks."""
    return [t for t in script.load(name).turn if t.kind == "speech"]


def found_in(engine: Engine, name: str) -> list[Detection]:
    """What is found in the words of a script."""
    rows: list[tuple[Role, str]] = [(t.role, t.text) for t in spoken(name)]
    return detect(engine, rows, name)


def verdicts(engine: Engine, name: str) -> Iterator[Verdict]:
    """One a turn and expected label; never a false alarm, for the reason above."""
    found = found_in(engine, name)
    before = ""
    for n, turn in enumerate(spoken(name)):
        here = {SAME.get(d.label, d.label): d for d in found if d.turn == n}
        for label in turn.expect:
            if not label.startswith(OF_SOUND):
                yield Verdict(f"sample:{name}:{n}", name, label, True,
                              here.get(SAME.get(label, label)), f"{turn.role}: {turn.text}",
                              before)  # fmt: skip
        before = turn.text


def claims(engine: Engine, name: str) -> Claims:
    """What is claimed of a call and must not be: of the agents, or of callers what is theirs."""
    absent = [x for x in script.load(name).expect.absent if not x.startswith(OF_SOUND)]
    found = found_in(engine, name)
    wrong = {
        d.label
        for d in found
        if (d.role == "customer") == d.label.startswith(_OF_CALLERS) and d.label in absent
    }
    return Claims(tuple(sorted(wrong)), len(absent))
