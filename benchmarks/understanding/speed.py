"""Turns a second of one core's time: read anew, and from what was kept of an earlier reading.

Processor time is counted, which other work on the machine disturbs less than the clock.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from callqa.detect.base import CallView
from callqa.detect.engine import Engine, pack_docs, unpack_docs, view_turns
from callqa.detect.learned import Reading
from callqa.profile import Profile
from callqa.records import Role, Turn

ROUNDS = 3
TARGETS = {"cold": 450, "kept": 3000}


@dataclass(frozen=True)
class Speed:
    """Turns a second by how they were read, and how long the turns are."""

    turns: int
    words_a_turn: float
    reached: dict[str, float]


def measure(engine: Engine, said: Sequence[Sequence[tuple[Role, str]]]) -> Speed:
    """The median of three rounds over calls of role and text, on one core from here on."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    calls = [
        [(Turn(index=n, participant=role, text=text), role) for n, (role, text) in enumerate(call)]
        for call in said
    ]
    learned = engine.learned
    kept = [
        (pack_docs([v.doc for v in views]), learned.read(views).pack() if learned else b"")
        for views in map(view_turns, calls)
    ]

    def cold() -> None:
        for call in calls:
            engine.run(CallView(call_id="", turns=view_turns(call)), Profile())

    def from_kept() -> None:
        for call, (docs, read) in zip(calls, kept, strict=True):
            views = view_turns(call, docs=unpack_docs(docs))
            reading = Reading.unpack(read) if read else None
            engine.run(CallView(call_id="", turns=views), Profile(), reading)

    turns = sum(map(len, calls))
    words = sum(len(text.split()) for call in said for _, text in call)
    reached = {"cold": turns / _median(cold), "kept": turns / _median(from_kept)}
    return Speed(turns, words / turns, reached)


def _median(work: Callable[[], None]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)
