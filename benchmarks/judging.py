"""People's two blind readings of the sealed transcripts beside each other and the machine.

    python -m benchmarks.judging

``evaluation/judgements/first.csv`` and ``second.csv`` hold a status for each of 40 calls and 31
criteria, decided from the words and the standard's text alone, blind to rules, machine and each
other. Both judged the agent who opens the call. The machine scores the words as a transcript,
so what needs sound is left out where it says ``not_assessable``. False “evidenced”: of what the
machine calls evidenced, the share that neither reader calls evidenced or partly shown. Triage:
the share of the machine's errors (it differs from both readers, who agree) that lie in the fifth
of the calls that the review queue puts first.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import defaultdict
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from benchmarks.understanding import split
from benchmarks.understanding.transcripts import FOLDER
from callqa.evidence.triage import attention
from callqa.pipeline import analyse, load_tools

JUDGEMENTS = Path(__file__).resolve().parents[1] / "evaluation" / "judgements"
Key = tuple[str, str, str]  # call, criteria set, criterion


def read(name: str) -> dict[Key, str]:
    with (JUDGEMENTS / name).open(encoding="utf-8", newline="") as lines:
        return {
            (r["call"], r["criteria"], r["criterion"]): r["status"] for r in csv.DictReader(lines)
        }


def machine() -> tuple[dict[Key, str], dict[str, float]]:
    """Statuses of the first agent, and how much attention each call asks for."""
    import tomllib

    tools = load_tools(criteria=["sqa_dn8j11", "nocn_unit7"])
    found, asks = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for number in sorted(split.sealed("transcripts")):
            call = tomllib.loads((FOLDER / f"{number}.toml").read_text("utf-8"))
            turns = [
                {"role": "agent" if t[0] == "A" else "customer", "text": t[1]}
                for t in call["turns"]
            ]
            path = Path(folder) / f"{number}.json"
            path.write_text(json.dumps({"turns": turns}), encoding="utf-8")
            record = analyse(path, tools=tools, call_id=number)
            asks[number] = float(attention(record))
            for r in record.results:
                found.setdefault((number, r.criteria, r.criterion), r.status)
    return found, asks


def main() -> None:
    first, second = read("first.csv"), read("second.csv")
    found, asks = machine()
    keys = [k for k in first if k in second and found.get(k, "not_assessable") != "not_assessable"]
    kappas = {
        "people with each other": (first, second),
        "machine with the first": (found, first),
        "machine with the second": (found, second),
    }
    print(f"{len(keys)} decisions that the machine makes, of {len(first)}")
    for name, (one, other) in kappas.items():
        a, b = [one[k] for k in keys], [other[k] for k in keys]
        same = sum(x == y for x, y in zip(a, b, strict=True)) / len(keys)
        print(f"{name:26s} agreement {same:.3f}  κ {cohen_kappa_score(a, b):.3f}")
    said = [k for k in keys if found[k] == "evidenced"]
    false = [k for k in said if not {first[k], second[k]} & {"evidenced", "partly"}]
    print(f"false evidenced: {len(false)} of {len(said)} ({len(false) / max(1, len(said)):.1%})")
    errors: dict[str, int] = defaultdict(int)
    for k in keys:
        errors[k[0]] += first[k] == second[k] != found[k]
    queue = sorted(asks, key=lambda c: -asks[c])
    top = queue[: len(queue) // 5]
    share = sum(errors[c] for c in top) / max(1, sum(errors.values()))
    print(f"errors in the fifth of the calls queued first: {share:.1%} of {sum(errors.values())}")


if __name__ == "__main__":
    main()
