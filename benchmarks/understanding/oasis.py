"""How well detections agree with human speech acts on real operator calls.

    python -m benchmarks.understanding [--final] [--confusions PATH]

Reads ``oasis/dev.jsonl`` below ``CALLQA_SHARED_DATA`` (or ``../shared/data`` beside the
checkout) and says so when it is absent. Two thirds of the calls, by a hash of their id, are for
building; the other third is read only with ``--final``. Each label is scored twice: with every
segment as a turn of its own, and with a turn's segments run together, as a recogniser gives them.
``--confusions`` writes the segments that disagree to a file of your own. Below stand the invented
utterances of the families that the corpus lacks (:mod:`benchmarks.utterances`), first the rows
that patterns were built on, then the sealed third.

Where the corpus and the labels mean different things (examples are invented):

- ``q_yn`` and ``q_wh`` mark the form of a clause, so statements that ask (our form
  ``declarative``) are left out on our side; tags on a statement are ``decl`` in most of the
  corpus and a question here, and count against us.
- The same word (“right”, “okay”, “yes”) is an ``ackn`` there, an ``init`` when its speaker goes on
  to something new, and an ``accept`` after an instruction or an offer. All three show that the
  other was heard, which is what our labels say; so an ``init`` or ``accept`` of such words alone
  counts for neither side. A “yes” to “you want it moved, then” is an ``ackn`` there and an answer
  here, so a “yes” or “no” right after the other's question or check is left out.
- ``backch`` says where a segment was spoken (under the other's turn), not what it does: “thanks”,
  “hello”, an echo, a word broken off. Only those with an acknowledging word count. “You're
  welcome” is an ``ackn`` of thanks there and courtesy here, and left out.
- ``expressRegret`` is there for some “I'm afraid”, while four in five are ``inform``, and for
  “unfortunately” and “oh dear”; here “I'm afraid” is an apology of kind ``regret``, “oh dear” is
  empathy. Such segments are left out of the row “apology”.
- ``backch`` segments carry no act, so they are left out for greeting, thanks and farewell.

A row marked “(all)” makes none of these allowances for its label.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import utterances
from callqa.detect.base import CallView
from callqa.detect.engine import load_engine, view_turns
from callqa.profile import Profile
from callqa.records import Detection, Role, Turn

ROOT = Path(__file__).resolve().parents[1]
LEXICONS = ROOT / "lexicons"
RESAMPLES = 500


@dataclass(frozen=True)
class Segment:
    """One segment of the corpus, at its characters in a turn."""

    call: str
    role: Role
    turn: int  # in the corpus's own turns
    text: str
    type: str
    act: str
    first_agent_turn: bool
    answers: bool = False  # the other side's last segment asked or checked something


_ASKS = ("confirm", "req", "offer", "suggest", "pardon", "correct")
_HEARD = re.compile(
    r"\b(?:yes|yeah|yep|right|okay|ok|alright|mm|hm|hmm|huh|oh|ah|aha|i see|i know|understand)\b"
)
_REGRETS_NEWS = re.compile(r"\b(?:afraid|unfortunately|oh dear|scuse)\b")


def shows_hearing(segment: Segment) -> bool:
    """Whether the corpus and our acknowledgements mean the same by a segment."""
    if segment.type == "backch":
        return bool(_HEARD.search(segment.text))
    if segment.type in ("yes", "no") and segment.answers:
        return False
    small = segment.type in ("dm", "yes", "no")
    return not (small and segment.act in ("init", "accept")) and "welcome" not in segment.text


@dataclass(frozen=True)
class Mapping:
    """One label of the corpus and ours."""

    name: str
    gold: Callable[[Segment], bool]
    ours: Callable[[Detection], bool]
    eligible: Callable[[Segment], bool] = lambda _: True


MAPPINGS = (
    Mapping(
        "question (3 words or more)",
        lambda s: s.type in ("q_yn", "q_wh"),
        lambda d: d.label == "question.asked" and d.attributes["form"] != "declarative",
        lambda s: len(s.text.split()) >= 3,
    ),
    Mapping(
        "greeting",
        lambda s: s.act == "greet",
        lambda d: d.label == "opening.greeting",
        lambda s: bool(s.act),
    ),
    Mapping(
        "thanks",
        lambda s: s.act == "thank",
        lambda d: d.label == "closing.thanks",
        lambda s: bool(s.act),
    ),
    Mapping(
        "farewell",
        lambda s: s.act == "bye",
        lambda d: d.label == "closing.farewell",
        lambda s: bool(s.act),
    ),
    Mapping(
        "acknowledgement or backchannel",
        lambda s: s.act == "ackn" or s.type == "backch",
        lambda d: d.label in ("listening.acknowledgement", "listening.backchannel"),
        shows_hearing,
    ),
    Mapping(
        "… (all)",
        lambda s: s.act == "ackn" or s.type == "backch",
        lambda d: d.label in ("listening.acknowledgement", "listening.backchannel"),
    ),
    Mapping(
        "agent names self or organisation",
        lambda s: s.act == "identifySelf",
        lambda d: d.label in ("opening.name_given", "opening.organisation"),
        lambda s: s.role == "agent" and s.first_agent_turn,
    ),
    Mapping(
        "apology",
        lambda s: "expressRegret" in s.act,
        lambda d: d.label == "positive.apology" and d.attributes["kind"] != "regret",
        lambda s: not _REGRETS_NEWS.search(s.text),
    ),
    Mapping(
        "apology (all)",
        lambda s: "expressRegret" in s.act,
        lambda d: d.label == "positive.apology",
    ),
    Mapping(
        "asks to repeat",
        lambda s: s.act == "pardon",
        lambda d: d.label == "handling.repeat_requested",
        lambda s: bool(s.act),
    ),
    Mapping(
        "hold (agent)",
        lambda s: "hold" in s.act,
        lambda d: d.label == "handling.hold_requested",
        lambda s: s.role == "agent",
    ),
)


def calls(path: Path, *, final: bool) -> Iterator[dict[str, Any]]:
    """The calls of the building part, or of the part kept for the final figure."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            call = json.loads(line)
            digest = hashlib.sha256(call["call_id"].encode()).hexdigest()
            if (int(digest, 16) % 3 == 0) == final:
                yield call


def view(call: dict[str, Any], *, joined: bool) -> tuple[CallView, dict[int, list[Segment]]]:
    """A call as detectors see it, and the segments of each of its turns."""
    turns: list[tuple[Turn, Role]] = []
    held: dict[int, list[Segment]] = {}
    agent_turns = [n for n, t in enumerate(call["turns"]) if t["role"] == "agent"]
    last: dict[str, bool] = {}  # whether a role's last segment asked something
    for n, turn in enumerate(call["turns"]):
        first = bool(agent_turns) and n == agent_turns[0]
        asked = any(asks for role, asks in last.items() if role != turn["role"])
        segments = [
            Segment(
                call["call_id"], turn["role"], n, s["text"], s["type"], s["act"], first, asked
            )
            for s in turn["segments"]
        ]  # fmt: skip
        last[turn["role"]] = _asked(segments[-1]) if segments else False
        groups = [segments] if joined else [[s] for s in segments]
        for group in groups:
            index = len(turns)
            text = " ".join(s.text for s in group)
            turns.append((Turn(index=index, participant=turn["role"], text=text), turn["role"]))
            held[index] = group
    return CallView(call_id=call["call_id"], turns=view_turns(turns)), held


def _asked(segment: Segment) -> bool:
    return segment.type.startswith("q_") or segment.act.startswith(_ASKS)


def placed(
    detections: Sequence[Detection], held: dict[int, list[Segment]]
) -> Iterator[tuple[Segment, list[Detection]]]:
    """Each segment with the detections that lie mostly in it."""
    for index, segments in held.items():
        at = 0
        bounds = []
        for segment in segments:
            bounds.append((at, at + len(segment.text)))
            at += len(segment.text) + 1
        chosen: list[list[Detection]] = [[] for _ in segments]
        for d in detections:
            if d.turn == index and d.start_char is not None and d.end_char is not None:
                shares = [min(d.end_char, b) - max(d.start_char, a) for a, b in bounds]
                chosen[shares.index(max(shares))].append(d)
        yield from zip(segments, chosen, strict=True)


def score(counts: Counter[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of ``tp``, ``fp`` and ``fn``."""
    tp, fp, fn = counts["tp"], counts["fp"], counts["fn"]
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return precision, recall, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def interval(by_call: Sequence[Counter[str]]) -> tuple[float, float]:
    """95% bootstrap interval of F1, resampling calls."""
    drawn = random.Random(1)
    values = []
    for _ in range(RESAMPLES):
        total: Counter[str] = Counter()
        for counts in drawn.choices(by_call, k=len(by_call)):
            total.update(counts)
        values.append(score(total)[2])
    values.sort()
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES)]


def evaluate(
    path: Path, *, final: bool, joined: bool
) -> tuple[dict[str, list[Counter[str]]], list[str]]:
    """Counts per label and call, and the segments that disagree."""
    engine = load_engine(LEXICONS)
    counts: dict[str, list[Counter[str]]] = {m.name: [] for m in MAPPINGS}
    counts["form: yes-no or wh"] = []
    wrong: list[str] = []
    for call in calls(path, final=final):
        shown, held = view(call, joined=joined)
        pairs = list(placed(engine.run(shown, Profile()), held))
        for mapping in MAPPINGS:
            tally: Counter[str] = Counter()
            for segment, found in pairs:
                if not mapping.eligible(segment):
                    continue
                gold, ours = mapping.gold(segment), any(mapping.ours(d) for d in found)
                outcome = {(1, 1): "tp", (0, 1): "fp", (1, 0): "fn"}.get((gold, ours))
                tally.update([outcome] if outcome else [])
                if outcome in ("fp", "fn"):
                    wrong.append(
                        f"{mapping.name}\t{outcome}\t{segment.role}\t{segment.type}\t"
                        f"{segment.act}\t{segment.text}"
                    )
            counts[mapping.name].append(tally)
        counts["form: yes-no or wh"].append(forms(pairs))
    return counts, wrong


def forms(pairs: Sequence[tuple[Segment, list[Detection]]]) -> Counter[str]:
    """Right and wrong forms among questions that both sides see."""
    tally: Counter[str] = Counter()
    for segment, found in pairs:
        asked = [d for d in found if d.label == "question.asked"]
        if segment.type in ("q_yn", "q_wh") and asked and len(segment.text.split()) >= 3:
            right = (asked[0].attributes["form"] == "wh") == (segment.type == "q_wh")
            tally.update(["tp"] if right else ["fp", "fn"])
    return tally


def invented() -> None:
    """Print how well each family's invented utterances are told apart."""
    engine = load_engine(LEXICONS)
    for sealed in (False, True):
        print(f"\ninvented utterances, {'sealed third' if sealed else 'built on'}")
        print(f"{'family':34} {'P':>6} {'R':>6} {'F1':>6}   tp   fp   fn")
        for family in utterances.families():
            counts, _ = utterances.judge(engine, family, sealed=sealed)
            precision, recall, f1 = score(counts)
            print(
                f"{family:34} {precision:6.3f} {recall:6.3f} {f1:6.3f} "
                f"{counts['tp']:4} {counts['fp']:4} {counts['fn']:4}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--final", action="store_true", help="score the part kept back")
    parser.add_argument("--confusions", type=Path, help="write disagreeing segments here")
    options = parser.parse_args()
    shared = Path(os.environ.get("CALLQA_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = shared / "oasis" / "dev.jsonl"
    invented()
    if not path.is_file():
        print(f"Skipped: {path} is absent. Set CALLQA_SHARED_DATA to the folder that holds it.")
        return
    wrong: list[str] = []
    for joined in (False, True):
        counts, confusions = evaluate(path, final=options.final, joined=joined)
        wrong.extend(f"{'joined' if joined else 'single'}\t{line}" for line in confusions)
        print(f"\n{'segments run together' if joined else 'segment by segment'}")
        print(f"{'label':34} {'P':>6} {'R':>6} {'F1':>6}  95% interval   tp   fp   fn")
        for name, by_call in counts.items():
            total: Counter[str] = sum(by_call, Counter())
            precision, recall, f1 = score(total)
            low, high = interval(by_call)
            print(
                f"{name:34} {precision:6.3f} {recall:6.3f} {f1:6.3f}  {low:.3f}–{high:.3f} "
                f"{total['tp']:6} {total['fp']:4} {total['fn']:4}"
            )
    if options.confusions:
        options.confusions.write_text("\n".join(wrong) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
