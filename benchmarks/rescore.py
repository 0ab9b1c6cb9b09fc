"""How long it takes to score everything anew after a changed lexicon.

    python -m benchmarks.rescore [--calls 500] [--turns 60] [--processes 2]

Calls are put together at random, with a fixed seed, from the turns of the sample calls' scripts;
they are scored once (which parses them), a lexicon is added, and all are scored again. What is
printed for 10,000 calls is extrapolated from the second time.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import tempfile
import time
from pathlib import Path

from audio_samples import script
from callqa.pipeline import load_tools
from callqa.rescoring import rescore
from callqa.settings import load_settings
from callqa.sources import Source
from callqa.transcripts import GivenCall, parse_call
from callqa.workspace import Workspace

OWN = """family = "own"
[[entry]]
label = "own.morning"
phrases = ["good morning"]
match = ["Good morning."]
"""


def calls(count: int, turns: int, seed: int = 7) -> list[GivenCall]:
    """Calls of alternating turns, five seconds apart."""
    said: dict[bool, list[str]] = {True: [], False: []}
    for name in script.names():
        for turn in script.load(name).turn:
            if turn.kind == "speech":
                said[turn.role != "customer"].append(turn.text)
    draw = random.Random(seed)
    out = []
    for number in range(count):
        rows = [
            {
                "role": "customer" if n % 2 else "agent",
                "text": draw.choice(said[n % 2 == 0]),
                "start_s": 5.0 * n,
                "end_s": 5.0 * n + 4.0,
            }
            for n in range(turns)
        ]
        where = f"call {number}"
        out.append(parse_call({"call_id": f"drawn-{number:05}", "turns": rows},
                              where=where, default_id=where))  # fmt: skip
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = Workspace(load_tools(load_settings(workspace=folder / "w")))
        drawn = calls(given.calls, given.turns)
        words = sum(len(t.words) for c in drawn for t in c.transcript.turns)
        print(f"{len(drawn)} calls, {given.turns} turns, {words / len(drawn):.0f} words each")
        start = time.perf_counter()
        for call in drawn:
            outcome = first.process(Source(call.call_id, folder, given=call))
            assert outcome.record, outcome.error
        print(f"scored the first time: {(time.perf_counter() - start) / len(drawn):.3f} s a call")
        lexicons = folder / "lexicons"
        shutil.copytree(load_settings().lexicons, lexicons)
        (lexicons / "en" / "own.toml").write_text(OWN)
        again = Workspace(load_tools(load_settings(workspace=folder / "w", lexicons=lexicons)))
        for what in ("after a changed lexicon", "once more, nothing changed"):
            _timed(again, what, given.processes)


def _timed(space: Workspace, what: str, processes: int) -> None:
    ids = space.store.call_ids()
    start, worked = time.perf_counter(), _worked()
    ready = 0.0
    ran: set[str] = set()
    for outcome in rescore(space, ids, processes):
        assert outcome.error is None, outcome.error
        ready = ready or time.perf_counter() - start
        ran |= set(outcome.stages_run)
    taken = time.perf_counter() - start
    each = (taken - ready) / max(1, len(ids) - 1)
    print(f"{what}: {taken:.1f} s ({ready:.1f} s until the first), stages: {sorted(ran) or 'none'}")
    work = (_worked() - worked) / max(1, len(ids))
    print(f"  {work:.3f} s of processor time a call, loading included")
    print(f"  10,000 calls: {(ready + 10_000 * each) / 60:.1f} min on {processes} processes")


def _worked() -> float:
    """Processor time of this process and of those that it has waited for, in seconds."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in uses)


if __name__ == "__main__":
    main()
