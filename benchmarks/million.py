"""How long an agent's figures take where a million calls have been scored.

    python -m benchmarks.million [--calls 1000000] [--agents 100] [--folder DIR]

Calls are invented by seed: agents with habits of their own, a year of days, the criteria of two
units, one call in fifty judged by a person, a few voicemails and fragments. They go through the
tables and the counting that a workspace uses, in bulk. Figures are then made in a process of its
own, with the database's pages dropped from memory before, and once more in the same process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

FIRST, DAYS, TEAMS = date(2025, 1, 1), 365, 10
UNITS = ("sqa_dn8j11", "nocn_unit7")
STATUSES = ("evidenced", "partly", "contradicted", "not_evidenced", "not_applicable",
            "not_assessable")  # fmt: skip
SORTS = ("counted", "voicemail", "fragment", "other_language")
LABELS = (("agent", "question.probing"), ("agent", "positive.solution"),
          ("agent", "resolution.ownership"), ("customer", "complaint.stated"))  # fmt: skip
LIMITS = {"cold": 3.0, "peak_gb": 1.5, "warm": 0.3}


def build(folder: Path, calls: int, agents: int, seed: int = 7) -> None:
    """A workspace with that many calls, an agent at a time."""
    from callqa.settings import load_settings
    from callqa.store.store import Store

    store = Store.in_folder(folder)
    criteria = _criteria(load_settings().criteria)
    draw = random.Random(seed)
    start, number = time.perf_counter(), 0
    for n in range(agents):
        size = calls // agents + (n < calls % agents)
        _agent(store, f"A{n:03}", f"team {n % TEAMS}", size, number, criteria, draw)
        number += size
        if sys.stdout.isatty():
            print(f"{number} calls, {time.perf_counter() - start:.0f} s", end="\r")
    store.close()
    size_gb = (folder / "callqa.db").stat().st_size / 1e9
    print(f"{number} calls of {agents} agents over {DAYS} days, {len(criteria)} criteria each: "
          f"built in {time.perf_counter() - start:.0f} s, {size_gb:.1f} GB")  # fmt: skip


def _criteria(folder: Path) -> list[tuple[str, str]]:
    from callqa.score.catalogue import catalogue

    return [key for key in catalogue(folder).titles if key[0] in UNITS]


def _agent(store, agent, team, size, first, criteria, draw) -> None:  # type: ignore[no-untyped-def]
    """One agent's calls with what each adds to its day."""
    from callqa.records import CallRecord, Metadata
    from callqa.store import schema as t
    from callqa.store.counting import Days, tally_row
    from callqa.store.rows import insert_all, pack

    found = list(_tallies(agent, team, size, first, criteria, draw))
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("calls", "analyses", "tallies", "labels", "measures")
    }
    # No figure reads a call's record: one stands in for all.
    payload = pack(CallRecord(call_id=agent, kind="conversation").model_dump_json())
    for number, one in enumerate(found, start=first + 1):
        id = one.call_id
        known = Metadata(agent_id=agent, team=team, started_at=f"{one.day}T09:00:00+00:00")
        at = {"made_at": one.day, "fingerprint": id}
        rows["calls"].append({"call_id": id, "metadata": known.model_dump_json(), "added_at": ""})
        rows["analyses"].append({"id": number, "call_id": id, "record": payload, **at})
        rows["tallies"].append(tally_row(one, number))
        rows["labels"] += [
            {"analysis": number, "role": role, "label": label, "count": 1}
            for role, label in LABELS
            if draw.random() < 0.4
        ]
        length = (one.length_ms or 0) / 1000
        rows["measures"].append(
            {"analysis": number, "measure": "duration_s", "value": length, "unit": "s"}
        )
    days = Days()
    days.add(found, 1)
    with store.reading() as db:
        for name, some in rows.items():
            insert_all(db, t.metadata.tables[name], some)
        days.write(db)


def _tallies(agent, team, size, first, criteria, draw) -> Iterator:  # type: ignore[no-untyped-def, type-arg]
    from callqa.evidence.situations import TYPES
    from callqa.evidence.tallies import Mark, Tally

    habits = [[draw.random() * w for w in (5, 2, 0.5, 3, 2, 3)] for _ in criteria]
    days = [(FIRST + timedelta(n)).isoformat() for n in range(DAYS)]
    # One draw a criterion for all calls: a list of so many is much quicker than one at a time.
    status = [draw.choices(STATUSES, weights, k=size) for weights in habits]
    for n in range(size):
        sort = draw.choices(SORTS, (92, 4, 3, 1))[0]
        counts = sort == "counted"
        judged = counts and draw.random() < 0.02
        yield Tally(
            call_id=f"c{first + n:07}", agent=agent, role="agent", team=team,
            day=draw.choice(days), sort=sort, situation=draw.choice(("", *TYPES)) if counts else "",
            length_ms=draw.randrange(30_000, 1_200_000),
            marks=tuple(
                Mark(c, id, status[k][n], "evidenced" if judged and draw.random() < 0.2 else "")
                for k, (c, id) in enumerate(criteria)
            ) if counts else (),
        )  # fmt: skip


# ---------------------------------------------------------------- timing


def figures(folder: Path, agent: str, started: float) -> dict[str, float]:
    """What a fresh process takes; ``started`` is the time at which it was asked for."""
    from callqa.pipeline import Tools
    from callqa.profile import Profile
    from callqa.report.periods import cases, criteria_tables
    from callqa.settings import load_settings
    from callqa.store.days import calls_of
    from callqa.workspace import Workspace

    def of_agent() -> None:
        days = space.days(agent=agent)
        mix = cases(days)
        assert mix.table is not None
        assert len(criteria_tables(days, mix.months)) == len(UNITS)

    space = Workspace(Tools(load_settings(workspace=folder), Profile()))
    of_agent()
    cold = time.time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kB on Linux
    warm = min(_timed(of_agent) for _ in range(3))
    found = {"cold": cold, "peak_gb": peak, "warm": warm}

    def one_by_one() -> None:
        calls_of(space.store, agent, space.catalogue.meanings)

    def everyone() -> None:
        cases(space.days(by=()))

    found["the agent's calls one by one"] = _timed(one_by_one)
    found["everyone's days"] = _timed(everyone)
    return found


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _forget(path: Path) -> None:
    """Ask the system to drop a file's pages, so that it is read from the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _report(folder: Path, agent: str) -> bool:
    _forget(folder / "callqa.db")
    words = [sys.executable, "-m", "benchmarks.million", "--time", agent, "--folder", str(folder)]
    done = subprocess.run([*words, "--at", str(time.time())], check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    for name, value in found.items():
        limit = f" (at most {LIMITS[name]:g})" if name in LIMITS else ""
        unit = "GB" if name == "peak_gb" else "s"
        print(f"{name.removesuffix('_gb')}: {value:.2f} {unit}{limit}")
    return all(found[name] <= limit for name, limit in LIMITS.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="build there, or use what was built there")
    parser.add_argument("--time", help=argparse.SUPPRESS)
    parser.add_argument("--at", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.time:
        print(json.dumps(figures(given.folder, given.time, given.at)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        if not (folder / "callqa.db").is_file():
            build(folder, given.calls, given.agents)
        sys.exit(not _report(folder, "A000"))


if __name__ == "__main__":
    main()
