"""Turns a second on one core: read anew, and from kept docs."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.understanding.transcripts import Transcript
from callqa.detect.base import CallView
from callqa.detect.engine import Engine, pack_docs, parse, unpack_docs, view_turns
from callqa.profile import Profile
from callqa.records import Role, Turn

ROUNDS = 3
TARGETS = {"cold": 450, "from docs": 3000}
Rows = list[tuple[Turn, Role]]


def measure(engine: Engine, transcripts: Sequence[Transcript]) -> dict[str, float]:
    """Turns a second, the median of three rounds over whole calls, on one core for good."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    calls: list[Rows] = [
        [
            (Turn(index=n, participant=line.role, text=line.text), line.role)
            for n, line in enumerate(transcript.lines)
        ]
        for transcript in transcripts
    ]
    packed = [pack_docs(parse([turn.text for turn, _ in call])) for call in calls]

    def cold() -> None:
        for call in calls:
            engine.run(CallView(call_id="", turns=view_turns(call)), Profile())

    def from_docs() -> None:
        for call, docs in zip(calls, packed, strict=True):
            views = view_turns(call, docs=unpack_docs(docs))
            engine.run(CallView(call_id="", turns=views), Profile())

    turns = sum(map(len, calls))
    return {"cold": turns / _median(cold), "from docs": turns / _median(from_docs)}


def _median(work: Callable[[], None]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
