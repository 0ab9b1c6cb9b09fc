"""Real operator calls (Oasis, ``oasis/dev.jsonl``) with human speech acts, beside our labels.

Each call is read twice: with every segment as a turn of its own, and with a turn's segments run
together, as a recogniser gives them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.understanding.mapping import FORM, MAPPINGS, Segment
from benchmarks.understanding.split import sealed
from benchmarks.understanding.verdicts import Verdict
from callqa.detect.base import CallView
from callqa.detect.engine import Engine, view_turns
from callqa.profile import Profile
from callqa.records import Detection, Role, Turn

FOLDS = 5
_ASKS = ("confirm", "req", "offer", "suggest", "pardon", "correct")
Pairs = list[tuple[Segment, list[Detection]]]


def load(path: Path, *, final: bool) -> list[dict[str, Any]]:
    """The calls of the building part, or of the part kept for the final figure."""
    with path.open(encoding="utf-8") as lines:
        calls = [json.loads(line) for line in lines]
    return [c for c in calls if (c["call_id"] in sealed("oasis")) == final]


def fold(call_id: str) -> int:
    """Which of five parts a call belongs to, by the hash of its id."""
    return int(hashlib.sha256(call_id.encode()).hexdigest(), 16) // 3 % FOLDS


def segments(call: dict[str, Any]) -> list[list[Segment]]:
    """The segments of each turn of a call."""
    first = next((n for n, t in enumerate(call["turns"]) if t["role"] == "agent"), None)
    asked: dict[str, bool] = {}  # whether a role's last segment asked something
    turns: list[list[Segment]] = []
    number = 0
    for n, turn in enumerate(call["turns"]):
        answers = any(asks for role, asks in asked.items() if role != turn["role"])
        held = [
            Segment(call["call_id"], number + k, n, turn["role"], s["text"], s["type"], s["act"],
                    n == first, answers)
            for k, s in enumerate(turn["segments"])
        ]  # fmt: skip
        number += len(held)
        asked[turn["role"]] = bool(held) and _asked(held[-1])
        turns.append(held)
    return turns


def _asked(segment: Segment) -> bool:
    return segment.type.startswith("q_") or segment.act.startswith(_ASKS)


def detect(engine: Engine, call: dict[str, Any], *, joined: bool) -> Pairs:
    """Each segment of a call with the detections that lie mostly in it."""
    said: list[tuple[Turn, Role]] = [
        (Turn(index=n, participant=role, text=text), role)
        for n, (role, text) in enumerate(rows(call, joined=joined))
    ]
    found = engine.run(CallView(call_id=call["call_id"], turns=view_turns(said)), Profile())
    groups = _groups(call, joined=joined)
    return [pair for n, group in enumerate(groups) for pair in placed(found, n, group)]


def rows(call: dict[str, Any], *, joined: bool) -> list[tuple[Role, str]]:
    """Role and words of each segment, or of each turn with its segments run together."""
    groups = _groups(call, joined=joined)
    return [(group[0].role, " ".join(s.text for s in group)) for group in groups]


def _groups(call: dict[str, Any], *, joined: bool) -> list[list[Segment]]:
    turns = segments(call)
    return [held for held in turns if held] if joined else [[s] for held in turns for s in held]


def placed(found: Sequence[Detection], turn: int, group: Sequence[Segment]) -> Pairs:
    """The segments of one turn, each with the detections that lie mostly in it."""
    ends = [0]
    for segment in group:
        ends.append(ends[-1] + len(segment.text) + 1)
    chosen: list[list[Detection]] = [[] for _ in group]
    for d in found:
        if d.turn == turn and d.start_char is not None and d.end_char is not None:
            shares = [
                min(d.end_char, end - 1) - max(d.start_char, start) for start, end in pairwise(ends)
            ]
            chosen[shares.index(max(shares))].append(d)
    return list(zip(group, chosen, strict=True))


def verdicts(pairs: Pairs) -> Iterator[Verdict]:
    """One a segment and row of the mapping that either side sees there."""
    previous = ""
    for segment, found in pairs:
        for m in MAPPINGS:
            if m.eligible(segment):
                gold, ours = m.gold(segment), next(filter(m.ours, found), None)
                if gold or ours:
                    yield _verdict(m.name, segment, gold, ours, previous)
        yield from _form(segment, found, previous)
        previous = segment.text


def _form(segment: Segment, found: Sequence[Detection], previous: str) -> Iterator[Verdict]:
    """Whether the form is right, where both sides see a question; wrong is wrong on both sides."""
    asked = next(filter(FORM.ours, found), None)
    if asked and FORM.gold(segment) and FORM.eligible(segment):
        right = (asked.attributes.get("form") == "wh") == (segment.type == "q_wh")
        yield _verdict(FORM.name, segment, True, asked if right else None, previous)
        if not right:
            yield _verdict(FORM.name, segment, False, asked, previous)


def _verdict(
    name: str, segment: Segment, gold: bool, ours: Detection | None, previous: str
) -> Verdict:
    return Verdict(
        source=f"oasis:{segment.call}:{segment.number}",
        call=segment.call,
        label=name,
        gold=gold,
        detection=ours,
        text=f"{segment.role} ({segment.type}, {segment.act}): {segment.text}",
        previous=previous,
    )
