"""People's blind readings of invented calls beside each other and the machine.

    python -m benchmarks.judging              # the open calls, one reading
    python -m benchmarks.judging --final      # the calls kept back, two readings
    python -m benchmarks.judging --write      # callqa/evidence/doubts.csv from the open calls

``evaluation/judgements`` holds a status a call and criterion, decided from the words and the
standard's text alone, blind to rules, machine and each other; the agent who opens the call was
judged. The machine scores the words as a transcript, so what needs sound is left out where it says
``not_assessable``; of criteria that a recording can show only in part, no reading is above partly.

False “evidenced”: of what the machine calls evidenced, the share that no reading calls evidenced or
partly shown. Triage: the share of the machine's errors (it differs from all readings, which agree)
that lie in the fifth of decisions, and of calls, that the queue puts first.
"""

from __future__ import annotations

import argparse
import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from benchmarks.understanding import split
from benchmarks.understanding.transcripts import FOLDER
from callqa.evidence import doubt
from callqa.evidence.triage import attention, pressing
from callqa.pipeline import Tools, judge, load_tools, read, understand
from callqa.records import CallRecord, CriterionResult, Metadata
from callqa.transcripts import parse_call

JUDGEMENTS = Path(__file__).resolve().parents[1] / "evaluation" / "judgements"
DOUBTS = Path(doubt.__file__).with_name("doubts.csv")
SETS = ["sqa_dn8j11", "nocn_unit7"]
Key = tuple[str, str, str]  # call, criteria set, criterion
Reading = dict[Key, str]


def people(name: str, partly_at_most: set[tuple[str, str]]) -> Reading:
    """One reading; what a recording shows in part alone is never above partly."""
    with (JUDGEMENTS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        given = {
            (r["call"], r["criteria"], r["criterion"]): r["status"] for r in csv.DictReader(lines)
        }
    return {
        key: "partly" if status == "evidenced" and key[1:] in partly_at_most else status
        for key, status in given.items()
        if status != "not_assessable"
    }


def records(tools: Tools, *, final: bool) -> list[CallRecord]:
    """The machine's records of the calls."""
    made = []
    for path in sorted(FOLDER.glob("*.toml")):
        if (path.stem in split.sealed("transcripts")) != final:
            continue
        turns = [
            {"role": "agent" if t[0] == "A" else "customer", "text": t[1]}
            for t in tomllib.loads(path.read_text("utf-8"))["turns"]
        ]
        heard = read(parse_call({"turns": turns}, where=path.stem, default_id=path.stem))
        found = understand(path.stem, heard, Metadata(), tools)
        made.append(judge(path.stem, heard, found, Metadata(), tools))
    return made


def first_agents(made: Sequence[CallRecord]) -> dict[Key, CriterionResult]:
    """What the machine decides of the agent who opens each call."""
    found: dict[Key, CriterionResult] = {}
    for record in made:
        for r in record.results:
            found.setdefault((record.call_id, r.criteria, r.criterion), r)
    return {k: r for k, r in found.items() if r.status != "not_assessable"}


def kappa(name: str, one: Sequence[str], other: Sequence[str]) -> None:
    same = sum(x == y for x, y in zip(one, other, strict=True)) / len(one)
    print(f"{name:28s} agreement {same:.3f}  κ {cohen_kappa_score(one, other):.3f}")


def report(made: Sequence[CallRecord], readings: Sequence[Reading]) -> None:
    """Agreement, false claims, and where the errors lie in the queue."""
    found = first_agents(made)
    keys = [k for k in readings[0] if k in found and all(k in r for r in readings)]
    print(f"{len(keys)} decisions that the machine makes, of {len(readings[0])}")
    said = [[reading[k] for k in keys] for reading in readings]
    if len(said) == 2:
        kappa("people with each other", *said)
    for n, reading in enumerate(said, 1):
        kappa(f"machine with reading {n}", [found[k].status for k in keys], reading)
    claimed = [k for k in keys if found[k].status == "evidenced"]
    false = [k for k in claimed if not {r[k] for r in readings} & {"evidenced", "partly"}]
    share = len(false) / max(1, len(claimed))
    print(f"false evidenced: {len(false)} of {len(claimed)} ({share:.1%})")
    wrong = {
        k for k in keys if len({r[k] for r in readings}) == 1 and readings[0][k] != found[k].status
    }
    ranked = sorted(keys, key=lambda k: -pressing(found[k]))
    _first_fifth("decisions", ranked, {k: float(k in wrong) for k in keys})
    errors = Counter(k[0] for k in wrong)
    calls = sorted(made, key=lambda r: -attention(r))
    _first_fifth("calls", [r.call_id for r in calls], errors)


def _first_fifth(what: str, ranked: Sequence[object], errors: dict[object, float]) -> None:
    top = ranked[: len(ranked) // 5]
    total = sum(errors.get(x, 0) for x in ranked)
    held = sum(errors.get(x, 0) for x in top)
    print(
        f"errors in the fifth of the {what} queued first: {held / max(1, total):.1%} of {total:g}"
    )


def by_criterion(made: Sequence[CallRecord], reading: Reading) -> None:
    """Where machine and people part, criterion by criterion."""
    found = first_agents(made)
    apart: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for key, status in reading.items():
        if key in found:
            apart[key[1:]][status, found[key].status] += 1
    for (_, criterion), pairs in sorted(apart.items()):
        right = sum(n for (a, b), n in pairs.items() if a == b) / sum(pairs.values())
        told = ", ".join(f"{a}→{b} {n}" for (a, b), n in pairs.most_common(6) if a != b)
        print(f"{criterion:6s} {right:.2f}  {told}")


def write(made: Sequence[CallRecord], reading: Reading) -> None:
    """The table of ``callqa.evidence.doubt``."""
    counts: dict[doubt.Key, list[int]] = defaultdict(lambda: [0, 0])
    for key, result in first_agents(made).items():
        for row in doubt.keys(result):
            counts[row][0] += reading[key] != result.status if key in reading else 0
            counts[row][1] += key in reading
    with DOUBTS.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["criteria", "criterion", "status", "otherwise", "readings"])
        rows.writerows([*row, *n] for row, n in sorted(counts.items()) if n[1])
    print(f"{DOUBTS.name}: {len(counts)} rows")


def main() -> None:
    given = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    given.add_argument("--final", action="store_true", help="the calls kept back")
    given.add_argument("--write", action="store_true", help="write the table of doubts")
    asked = given.parse_args()
    tools = load_tools(criteria=SETS)
    part = {(s.id, c.id) for s in tools.criteria for c in s.criteria if c.criterion_class == "part"}
    made = records(tools, final=asked.final)
    readings = [people(n, part) for n in (("first", "second") if asked.final else ("open",))]
    if not asked.final:
        by_criterion(made, readings[0])
    if asked.write:
        write(made, readings[0])
    report(made, readings)


if __name__ == "__main__":
    main()
