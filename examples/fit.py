"""Fits the model of ``callqa.detect.learned`` to labelled calls.

    python -m examples.fit

Fits to ``examples/`` and writes ``lexicons/en/learned.npz``. How likely a sum makes a label, and
how likely it must be to be given, is settled on the open part of ``evaluation/transcripts``, which
is not fitted to. The table printed at the end judges each half of these calls by what was settled
on the other half. Sealed calls are never read.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from callqa.detect.encoder import load_pieces, words_of
from callqa.detect.learned import FILE
from callqa.text import SENTENCE_END, Plain
from examples.net import FROZEN, Lines, Net
from examples.rows import LEXICONS, Call, Labelled, open_calls, single_turns, whole_calls
from examples.settle import Judged, Settled, report, settle

EPOCHS = 4
TURNS_AT_ONCE, SINGLES_AT_ONCE = 120, 100
SINGLES = 0.3  # share of single turns that an epoch takes
RATES = {"adapters": 1e-3, "rest": 2e-3}
WARM_UP = 50  # steps
LEAST = 12  # times that a label must be given to be learned
# Follow from others, or from what is not in the words.
NOT_LEARNED = ("question.asked", "identity.disclosed_unchecked", "handling.phonetic_spelling")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """A call as the model takes it, with and without sentence ends, and what is so."""

    marked: Lines
    unmarked: Lines
    is_so: Tensor  # [lines, labels]
    known: Tensor  # [lines, labels]


def ids(turn: Labelled, *, marks: bool) -> tuple[int, ...]:
    """A turn's pieces; a recogniser may leave sentence ends out."""
    plain, text = turn.view.plain, turn.view.text
    if not marks:
        kept = [n for n, t in enumerate(plain.tokens) if t != SENTENCE_END]
        plain = Plain(tuple(plain.tokens[n] for n in kept), tuple(plain.spans[n] for n in kept))
    cut = load_pieces().cut(words_of(plain, text))
    return cut[0].ids if cut else (101, 102)


def examples(calls: Iterable[Call], labels: Sequence[str]) -> list[Example]:
    """Calls as tensors."""
    made = []
    for call in calls:
        sides = torch.tensor([[t.view.role == "agent", t.view.role == "customer"] for t in call])
        matches = _table([t.found for t in call], labels)
        with_marks, without = (
            Lines(tuple(ids(t, marks=m) for t in call), sides.float(), matches)
            for m in (True, False)
        )
        known = torch.tensor([[t.knows(x) for x in labels] for t in call]).float()
        made.append(Example(with_marks, without, _table([t.labels for t in call], labels), known))
    return made


def _table(sets: Sequence[frozenset[str]], labels: Sequence[str]) -> Tensor:
    return torch.tensor([[x in has for x in labels] for has in sets]).float()


def fit(net: Net, whole: list[Example], single: list[Example]) -> None:
    """Adam over shuffled calls; the rate rises, then falls to nearly nothing."""
    net.prepare(i for e in (*whole, *single) for i in (*e.marked.ids, *e.unmarked.ids))
    adapters = [p for p in net.layers.parameters() if p.requires_grad]
    inside = {id(p) for p in net.layers.parameters()}
    rest = [p for p in net.parameters() if p.requires_grad and id(p) not in inside]
    optimiser = torch.optim.AdamW(
        [{"params": adapters, "lr": RATES["adapters"]}, {"params": rest, "lr": RATES["rest"]}],
        weight_decay=0.01,
    )
    steps = EPOCHS * len(_shuffled(whole, single))
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min(1, (n + 1) / WARM_UP) * max(0.02, 1 - n / steps)
    )
    net.train()
    everything = (batch for _ in range(EPOCHS) for batch in _shuffled(whole, single))
    for batch in track(everything, "fitting", total=steps):
        lines = [e.marked if random.random() < 0.5 else e.unmarked for e in batch]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            sums = net(lines)
        matches = torch.cat([x.matches for x in lines])
        # Phrases know these calls less well than they seem to: now and then none is there.
        matches = matches * (torch.rand(len(matches), 1) > 0.3)
        loss = binary_cross_entropy_with_logits(
            sums.float() + matches,
            torch.cat([e.is_so for e in batch]),
            weight=torch.cat([e.known for e in batch]),
            reduction="sum",
        )
        optimiser.zero_grad()
        (loss / len(sums)).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        rate.step()


def _shuffled(whole: list[Example], single: list[Example]) -> list[list[Example]]:
    """One epoch's batches."""
    whole = random.sample(whole, len(whole))
    single = random.sample(single, int(SINGLES * len(single)))
    batches = [single[n : n + SINGLES_AT_ONCE] for n in range(0, len(single), SINGLES_AT_ONCE)]
    batch: list[Example] = []
    for example in whole:
        batch.append(example)
        if sum(len(e.is_so) for e in batch) >= TURNS_AT_ONCE:
            batches.append(batch)
            batch = []
    batches += [batch] if batch else []
    return random.sample(batches, len(batches))


@torch.no_grad()
def judge(net: Net, calls: Sequence[Call], labels: Sequence[str], roles: Sequence[str]) -> Judged:
    """What the model makes of calls, beside what is so."""
    net.eval()
    made = examples(calls, labels)
    net.prepare(i for e in made for i in e.marked.ids)
    side = [t.view.role for call in calls for t in call]
    may = np.array([[role in ("both", s) for role in roles] for s in side])
    return Judged(
        np.concatenate([net([e.marked]).numpy() for e in made]),
        torch.cat([e.marked.matches for e in made]).numpy() > 0,
        torch.cat([e.is_so for e in made]).numpy() > 0,
        may & (torch.cat([e.known for e in made]).numpy() > 0),
    )


def write(net: Net, labels: Sequence[str], roles: Sequence[str], settled: Settled) -> None:
    """What ``callqa.detect.learned`` loads."""

    def half(x: Tensor | Floats) -> npt.NDArray[np.float16]:
        return np.asarray(x.detach().numpy() if isinstance(x, Tensor) else x).astype(np.float16)

    kept: dict[str, npt.NDArray[np.float16] | str] = {
        "labels": "\n".join(labels), "roles": "\n".join(roles),
        "look": half(net.look), "worth": half(net.worth),
        "scale": half(settled.scale), "mark": half(settled.mark), "keep": half(settled.keep),
    }  # fmt: skip
    for name in ("turn", "around1", "around2", "out"):
        module = getattr(net, name)
        kept |= {f"{name}.weight": half(module.weight), f"{name}.bias": half(module.bias)}
    for n, layer in enumerate(net.layers, start=FROZEN):
        for name, part in layer.maps.items():
            kept |= {f"adapter.{n}.{name}.in": half(part.into),
                     f"adapter.{n}.{name}.out": half(part.outof)}  # fmt: skip
        for name, part in layer.norms.items():
            kept |= {f"adapter.{n}.{name}.weight": half(part.weight),
                     f"adapter.{n}.{name}.bias": half(part.bias)}  # fmt: skip
    np.savez_compressed(LEXICONS / FILE, **kept)  # type: ignore[arg-type]
    print(f"{len(labels)} labels, {(LEXICONS / FILE).stat().st_size / 1e6:.1f} MB")


def who(label: str, calls: Iterable[Call]) -> str:
    """Who says it; a twentieth may be slips of labelling."""
    said = [t.view.role == "agent" for call in calls for t in call if label in t.labels]
    share = sum(said) / max(1, len(said))
    return "agent" if share > 0.95 else "customer" if share < 0.05 else "both"


def main() -> None:
    """Read, fit, settle, write."""
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    whole, single, settling = list(whole_calls()), list(single_turns()), list(open_calls())
    count = Counter(x for call in whole for t in call for x in t.labels)
    labels = sorted(x for x, n in count.items() if n >= LEAST and x not in NOT_LEARNED)
    net = Net(len(labels))
    fit(net, examples(whole, labels), examples(single, labels))
    roles = [who(x, whole) for x in labels]
    judged = judge(net, settling, labels, roles)
    report(labels, judged, np.repeat(np.arange(len(settling)) % 2 == 0, list(map(len, settling))))
    write(net, labels, roles, settle(labels, judged))


if __name__ == "__main__":
    main()
