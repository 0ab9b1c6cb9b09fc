"""Fits the weights of ``callqa.detect.learned`` to labelled turns.

    python -m examples.fit

Reads ``examples/en/*.tsv`` (role, turn before, turn, labels; complete for the file's families),
the open part of ``evaluation/transcripts`` and the lexicons' own sentences; writes
``lexicons/en/learned.npz``. One logistic line a label over runs of words, all fitted at once; a
turn counts only for the labels that its source is complete for. Where the mark lies is settled
on open calls by weights that were fitted without them (three folds by call): where F1 of phrases
and weights together is best, and never where fewer than six in ten that are added are right; labels
for which there is no such place are left to phrases. Of what lies above its mark only that is
given which is more likely right than wrong. Sealed calls are never read.
"""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.understanding import split, utterances
from callqa.detect.base import CallView
from callqa.detect.engine import load_engine, view_turns
from callqa.detect.learned import FILE, features, words_of
from callqa.profile import Profile
from callqa.records import Role, Turn
from callqa.text import plain

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES, LEXICONS = ROOT / "examples" / "en", ROOT / "lexicons"
TRANSCRIPTS = ROOT / "evaluation" / "transcripts"
FAMILIES = ("complaint", "handling", "identity", "need", "negative", "positive", "question",
            "resolution", "sales", "situation", "telephony")  # fmt: skip
# What needs more than words, and what must be the same before and after redaction.
LEFT_TO_RULES = ("question.open", "question.closed", "question.multiple", "handling.hold_explained",
                 "handling.phonetic_spelling", "handling.readback", "complaint.repeat_contact",
                 "identity.disclosed_unchecked", "identity.provided")  # fmt: skip
# Files that are complete for more than the family they are named after, or for none of these.
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
ROLES: dict[str, Role] = {"A": "agent", "C": "customer"}
FOLDS, ROUNDS, RATE, PENALTY, RAREST = 3, 120, 0.1, 3e-4, 3
CONTRAST = 4.0  # times a turn counts that is there for what it is not
LEAST_RIGHT, LEAST_ADDED = 0.6, 3  # of all that a label adds
LEAST_SURE = 0.5  # of each: more likely right than wrong, though more would raise F1

Floats = npt.NDArray[np.float32]


@dataclass
class Row:
    """A turn, and what it is known to be and not to be."""

    role: str
    features: dict[str, float]
    labels: frozenset[str]
    complete: frozenset[str]  # families, or single labels, for which ``labels`` is all there is
    unsure: frozenset[str] = frozenset()
    call: int | None = None  # of the open part
    found: frozenset[str] = field(default_factory=frozenset)  # by phrases and detectors
    weight: float = 1.0


def words(text: str) -> list[str]:
    """Words as weights know them."""
    return words_of(plain(text))


def from_examples() -> list[Row]:
    """Labelled turns, each complete for its file's families."""
    rows = []
    for path in sorted(EXAMPLES.glob("*.tsv")):
        families = COMPLETE.get(path.stem, {path.stem})
        with path.open(encoding="utf-8", newline="") as lines:
            for role, before, text, labels in csv.reader(
                lines, delimiter="\t", quoting=csv.QUOTE_NONE
            ):
                found = features(words(text), words(before))
                row = Row(role, found, frozenset(labels.split()), frozenset(families))
                row.weight = CONTRAST if path.stem == "contrasts" else 1.0
                rows.append(row)
    return rows


def from_lexicons() -> list[Row]:
    """Sentences that must and must not match, each known for one label."""
    rows = []
    for path in sorted((LEXICONS / "en").glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8")).get("entry", []):
            label = entry["label"]
            for role in {"agent": "A", "customer": "C"}.get(entry.get("role", ""), "AC"):
                for key, labels in (("match", {label}), ("near_miss", set())):
                    rows += [_single(role, "", text, label, labels) for text in entry.get(key, [])]
    return rows


def from_utterances() -> list[Row]:
    """The open rows of the utterances that detectors are tested on; the last turn is judged."""
    rows = []
    for said in (u for family in utterances.families() for u in utterances.load(family)):
        if not said.sealed and "*" not in said.label:
            before, text = [*said.lines[-2:-1], ""][0], said.lines[-1]
            labels = set() if said.absent else {said.label}
            rows.append(_single(text[0], before[3:], text[3:], said.label, labels))
    return rows


def _single(role: str, before: str, text: str, label: str, labels: set[str]) -> Row:
    """A turn that is known for one label."""
    found = features(words(text), words(before))
    weight = 1.0 if labels else CONTRAST
    return Row(role, found, frozenset(labels), frozenset({label}), weight=weight)


def from_calls() -> list[Row]:
    """The open calls, with what phrases and detectors find in them."""
    engine = load_engine(LEXICONS).rules_only
    rows = []
    for number, path in enumerate(sorted(TRANSCRIPTS.glob("*.toml"))):
        if path.stem in split.sealed("transcripts"):
            continue
        call = tomllib.loads(path.read_text("utf-8"))
        turns = [
            (Turn(index=i, participant=t[0], text=t[1], words=()), ROLES[t[0]])
            for i, t in enumerate(call["turns"])
        ]
        view = CallView(call_id=path.stem, turns=view_turns(turns))
        found: dict[int | None, set[str]] = {}
        for d in engine.run(view, Profile()):
            found.setdefault(d.turn, set()).add(d.label)
        before: dict[str, list[str]] = {"A": [], "C": []}
        for i, (role, text, labels) in enumerate(call["turns"]):
            own, given = words(text), labels.split()
            rows.append(
                Row(
                    role,
                    features(own, before["C" if role == "A" else "A"]),
                    frozenset(x for x in given if x[0] not in "!?"),
                    frozenset(FAMILIES),
                    frozenset(x[1:] for x in given if x[0] == "?"),
                    number,
                    frozenset(found.get(i, ())),
                )
            )
            before[role] = own
    return rows


class Problem:
    """Rows as matrices: runs [rows, runs] sparse, labels and what is known [rows, labels]."""

    def __init__(self, rows: Sequence[Row]) -> None:
        from scipy.sparse import csr_matrix

        said = Counter(x for r in rows for x in r.labels if x.split(".")[0] in FAMILIES)
        self.rows = rows
        self.labels = tuple(
            sorted(x for x, n in said.items() if n >= 10 and x not in LEFT_TO_RULES)
        )
        seen = Counter(run for r in rows for run in r.features)
        self.runs = tuple(sorted(run for run, n in seen.items() if n >= RAREST))
        place = {run: i for i, run in enumerate(self.runs)}
        cells = [
            (i, place[run], w)
            for i, r in enumerate(rows)
            for run, w in r.features.items()
            if run in place
        ]
        at, of, weights = zip(*cells, strict=True)
        self.said = csr_matrix(
            (np.array(weights, np.float32), (at, of)), shape=(len(rows), len(self.runs))
        )
        self.is_so = np.array([[x in r.labels for x in self.labels] for r in rows], np.float32)
        self.known = np.array([[self._known(r, x) for x in self.labels] for r in rows], np.float32)
        self.found = np.array([[x in r.found for x in self.labels] for r in rows], bool)
        self.call = np.array([-1 if r.call is None else r.call for r in rows])
        self.weight = np.array([r.weight for r in rows], np.float32)[:, None]
        self.agent = np.array([r.role == "A" for r in rows])
        self.roles = tuple(self._role(j) for j in range(len(self.labels)))

    @staticmethod
    def _known(row: Row, label: str) -> bool:
        return label not in row.unsure and bool({label, label.split(".")[0]} & row.complete)

    def _role(self, label: int) -> str:
        """Who says it; a twentieth may be slips of labelling."""
        agents = float(self.agent[self.is_so[:, label] > 0].mean())
        return "agent" if agents > 0.95 else "customer" if agents < 0.05 else "both"

    def fit(self, of: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Weights [runs, labels] and bias [labels] on some of the rows."""
        import torch

        torch.manual_seed(0)
        part = self.said[of].tocsr()
        said = torch.sparse_csr_tensor(
            torch.from_numpy(part.indptr.astype(np.int64)),
            torch.from_numpy(part.indices.astype(np.int64)),
            torch.from_numpy(part.data),
            size=part.shape,
        )
        is_so, known = torch.from_numpy(self.is_so[of]), torch.from_numpy(self.known[of])
        counts = torch.from_numpy(self.weight[of])
        yes, no = (known * is_so).sum(0), (known * (1 - is_so)).sum(0)
        rare = (no / yes.clamp(min=1)).clamp(1, 50).sqrt()  # a rare label counts for more
        share = counts * known * (1 + is_so * (rare - 1)) / known.sum(0).clamp(min=1) * 1000
        weights = torch.zeros(part.shape[1], len(self.labels), requires_grad=True)
        bias = torch.full((len(self.labels),), -2.0, requires_grad=True)
        optimiser = torch.optim.Adam([weights, bias], lr=RATE)
        for _ in range(ROUNDS):
            optimiser.zero_grad()
            sums = said @ weights + bias
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                sums, is_so, weight=share, reduction="sum"
            )
            (loss / 1000 + PENALTY * weights.square().sum()).backward()
            optimiser.step()
        return weights.detach().numpy(), bias.detach().numpy()

    def sums(self, weights: Floats, bias: Floats) -> Floats:
        """How much each row reads like each label, [rows, labels]."""
        return np.asarray(self.said @ weights + bias, np.float32)


def marks(problem: Problem, sums: Floats) -> Floats:
    """The sum from which each label is given, [labels]; infinite where it never is."""
    out = np.full(len(problem.labels), np.inf, np.float32)
    for j in range(len(problem.labels)):
        use = (problem.call >= 0) & (problem.known[:, j] > 0)
        if problem.roles[j] != "both":
            use &= problem.agent == (problem.roles[j] == "agent")
        is_so, found = problem.is_so[use, j] > 0, problem.found[use, j]
        order = np.argsort(-sums[use, j])
        new = ~found[order]
        right, added = np.cumsum(new & is_so[order]), np.cumsum(new)
        total = is_so.sum()
        together = 2 * (right + (found & is_so).sum()) / (found.sum() + added + max(1, total))
        fair = (added >= LEAST_ADDED) & (right >= LEAST_RIGHT * added)
        before = 2 * (found & is_so).sum() / max(1, found.sum() + total)
        if fair.any():
            best = int(np.argmax(np.where(fair, together, -1)))
            if together[best] > before:
                out[j] = sums[use, j][order][best]
    return out


def confidence(problem: Problem, above: Floats) -> tuple[float, float]:
    """Slope and base of how often what is added is right, by how far it is above the mark."""
    from sklearn.linear_model import LogisticRegression

    added = (above > 0) & ~problem.found & (problem.known > 0) & (problem.call >= 0)[:, None]
    model = LogisticRegression().fit(above[added][:, None], problem.is_so[added] > 0)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def report(problem: Problem, above: Floats) -> None:
    """F1 by family of phrases alone and with the weights, on calls not fitted to."""
    open_ = (problem.call >= 0)[:, None] & (problem.known > 0)
    is_so, rules = problem.is_so > 0, problem.found
    allowed = np.array([[r == "both" or (r == "agent") == a for r in problem.roles]
                        for a in problem.agent])  # fmt: skip
    both = rules | ((above > 0) & allowed)
    for family in FAMILIES:
        of = np.array([x.startswith(family + ".") for x in problem.labels])
        cell = open_ & of[None]
        figures = [
            2 * (p & is_so & cell).sum() / max(1, (p & cell).sum() + (is_so & cell).sum())
            for p in (rules, both)
        ]
        print(f"{family:12s} phrases {figures[0]:.3f}  with weights {figures[1]:.3f}")


def main() -> None:
    """Fit, settle the marks, write."""
    rows = [*from_examples(), *from_lexicons(), *from_utterances(), *from_calls()]
    problem = Problem(rows)
    held = np.zeros_like(problem.is_so)
    for fold in range(FOLDS):
        here = (problem.call >= 0) & (problem.call % FOLDS == fold)
        held[here] = problem.sums(*problem.fit(~here))[here]
    mark = marks(problem, held)
    slope, base = confidence(problem, held - mark)
    sure = (log(LEAST_SURE / (1 - LEAST_SURE)) - base) / slope
    mark, base = mark + max(0.0, sure), base + slope * max(0.0, sure)
    report(problem, held - mark)
    weights, bias = problem.fit(np.ones(len(rows), bool))
    write(problem, weights, bias - mark, slope, base)


def write(problem: Problem, weights: Floats, bias: Floats, slope: float, base: float) -> None:
    """Keep the labels that have a mark and the runs that weigh anything."""
    given = np.isfinite(bias)
    weights = np.where(np.abs(weights[:, given]) < 0.15, 0, weights[:, given])
    heavy = np.abs(weights).max(axis=1) > 0
    kept: dict[str, Any] = {
        "runs": "\n".join(np.array(problem.runs)[heavy]),
        "labels": "\n".join(np.array(problem.labels)[given]),
        "roles": "\n".join(np.array(problem.roles)[given]),
        "weights": weights[heavy].astype(np.float16),
        "bias": bias[given].astype(np.float32),
        "confidence": np.array([slope, base], np.float32),
    }
    np.savez_compressed(LEXICONS / FILE, **kept)
    size = (LEXICONS / FILE).stat().st_size
    print(f"{int(given.sum())} labels, {int(heavy.sum())} runs, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
