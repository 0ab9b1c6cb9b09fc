"""Corrections: a named person's overlay between what was heard and what is detected.

Nothing is overwritten: the machine's own listening stays as it is, corrections are only ever
added, and one is taken back by another of kind ``undo``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import get_args

from callqa.errors import UsageError
from callqa.evidence.mending import does_not_fit, mend, text_of, words_between
from callqa.records import (
    CallRecord,
    Correction,
    Detection,
    Heard,
    Participant,
    Role,
    Turn,
    detection_id,
)

BEFORE_DETECTION = ("swap_roles", "set_role", "assign_agent", "fix_word")
AFTER_DETECTION = ("reject_detection", "add_detection")


def in_force(corrections: Sequence[Correction]) -> tuple[Correction, ...]:
    """Those that count, in the order in which they were made; an undo may be undone."""
    gone: set[str] = set()
    for c in reversed(corrections):
        if c.kind == "undo" and c.id not in gone:
            gone.add(c.payload["correction"])
    return tuple(c for c in corrections if c.id not in gone and c.kind != "undo")


def apply(heard: Heard, corrections: Sequence[Correction]) -> Heard:
    """What was heard, with roles, agent and words as people corrected them.

    Args:
        corrections: those in force, earliest first.

    Raises:
        UsageError: a participant or role is not known, or no two roles can be swapped.
        EvidenceError: a word was fixed that is not heard there any more.
    """
    if not any(c.kind in BEFORE_DETECTION for c in corrections):
        return heard
    people = heard.participants
    for c in corrections:
        if c.kind == "swap_roles":
            people = _swapped(people, c)
        elif c.kind == "set_role":
            people = _with_role(people, c)
        elif c.kind == "assign_agent":
            people = _assigned(people, c)
    fixes = [c for c in corrections if c.kind == "fix_word"]
    return heard.model_copy(
        update={"participants": people, "transcript": mend(heard.transcript, fixes)}
    )


def apply_to_detections(
    detections: Iterable[Detection], corrections: Sequence[Correction], heard: Heard
) -> list[Detection]:
    """Detections without the rejected ones, and with those that people added.

    An added one carries the rule ``person/NAME`` and confidence 1. One that is rejected may come
    back from nowhere else: detections are the same across runs by label, participant and words.

    Args:
        heard: as corrected; an added detection is verified against its words.

    Raises:
        EvidenceError: an added detection was made for other words than are there.
    """
    found = {d.id: d for d in detections}
    for c in corrections:
        if c.kind == "reject_detection":
            found.pop(c.payload["detection"], None)
        elif c.kind == "add_detection":
            added = _added(c, heard)
            found[added.id] = added
    order = (lambda d: (-1 if d.turn is None else d.turn, d.start_s or 0.0, d.start_char or 0))  # noqa: E731  # fmt: skip
    return sorted(found.values(), key=order)


def fixed_word(machine: Heard, record: CallRecord, id: str, text: str) -> dict[str, str]:
    """The payload of a fix for the word that has this id in a call's record.

    Raises:
        UsageError: there is no such word.
    """
    now = words_between(record.transcript.turns, id, id)
    if now is None or "+" in id:
        turn = next((t for t in record.transcript.turns if f"{t.index}" == id.split(".")[0]), None)
        known = f"Turn {turn.index} has {_ids(turn)}." if turn else "Turns count from 0."
        raise UsageError(f"There is no word {id!r} in call {record.call_id}.", remedy=known)
    covered = [c for c in record.corrections if c.payload.get("first_word") == id]
    last = next((c.payload["last_word"] for c in covered[::-1] if c.kind == "fix_word"), id)
    place = words_between(machine.transcript.turns, id, last)
    assert place is not None, "ids are those of the machine's own words"
    return {"first_word": id, "last_word": last, "was": text_of(*place), "text": text}


def added_at(record: CallRecord, place: str) -> dict[str, str]:
    """The payload of a detection that a person adds: ``LABEL@TURN:START-END``.

    Characters count from 0 in the turn's text; they are widened to whole words.

    Raises:
        UsageError: this cannot be read, or the turn has no such characters.
    """
    read = re.fullmatch(r"([a-z_]+\.[a-z_]+)@(\d+):(\d+)-(\d+)", place)
    if read is None:
        raise UsageError(
            f"{place!r} cannot be read.",
            remedy="Write LABEL@TURN:START-END, such as positive.empathy@4:0-12.",
        )
    index, start, end = map(int, read.groups()[1:])
    turns = {t.index: t for t in record.transcript.turns}
    if index not in turns:
        raise UsageError(
            f"There is no turn {index}.", remedy=f"Turns count from 0 to {max(turns, default=0)}."
        )
    turn = turns[index]
    inside = [w for w in turn.words if w.start_char < end and w.end_char > start]
    if not inside or not start < end <= len(turn.text):
        raise UsageError(
            f"Turn {index} has no words from character {start} to {end}.",
            remedy=f"Its text has characters 0 to {len(turn.text)}.",
        )
    was = turn.text[inside[0].start_char : inside[-1].end_char]
    return {"label": read[1], "first_word": inside[0].id, "last_word": inside[-1].id, "was": was}


def _ids(turn: Turn) -> str:
    ids = [w.id for w in turn.words]
    return f"{ids[0]} to {ids[-1]}" if ids else "no words"


def agent_of(participants: Sequence[Participant]) -> str | None:
    """The id of the agent that a person assigned, if one did."""
    return next((p.agent_id for p in participants if p.role == "agent" and p.agent_id), None)


def _swapped(people: Sequence[Participant], c: Correction) -> tuple[Participant, ...]:
    other: dict[Role, Role] = {"agent": "customer", "customer": "agent"}
    if not {"agent", "customer"} <= {p.role for p in people}:
        raise UsageError(
            "There are no agent and customer whose roles could be swapped in this call; it has "
            f"{_people(people)}.",
            remedy="Name each role instead, with --role PARTICIPANT=ROLE.",
        )
    return tuple(_as(p, other[p.role], c) if p.role in other else p for p in people)


def _with_role(people: Sequence[Participant], c: Correction) -> tuple[Participant, ...]:
    id, role = c.payload["participant"], c.payload["role"]
    if role not in get_args(Role):
        raise UsageError(
            f"There is no role {role!r}.", remedy=f"Known: {', '.join(get_args(Role))}."
        )
    if id not in {p.id for p in people}:
        raise UsageError(
            f"There is no participant {id!r} in this call.", remedy=f"It has {_people(people)}."
        )
    return tuple(_as(p, role, c) if p.id == id else p for p in people)  # type: ignore[arg-type]


def _assigned(people: Sequence[Participant], c: Correction) -> tuple[Participant, ...]:
    if not any(p.role == "agent" for p in people):
        raise UsageError(
            f"Nobody in this call is the agent; it has {_people(people)}.",
            remedy="Say first who is, with --role PARTICIPANT=agent.",
        )
    agent = {"agent_id": c.payload["agent_id"]}
    return tuple(p.model_copy(update=agent) if p.role == "agent" else p for p in people)


def _as(person: Participant, role: Role, c: Correction) -> Participant:
    why = f"as {c.by} says"
    return person.model_copy(update={"role": role, "role_confidence": 1.0, "role_why": why})


def _people(people: Sequence[Participant]) -> str:
    return ", ".join(f"{p.id} ({p.role})" for p in people) or "no participants"


def _added(c: Correction, heard: Heard) -> Detection:
    p = c.payload
    place = words_between(heard.transcript.turns, p["first_word"], p["last_word"])
    if place is None or text_of(*place) != p["was"]:
        raise does_not_fit(c)
    turn, first, last = place
    start, end = turn.words[first], turn.words[last]
    role = next(x.role for x in heard.participants if x.id == turn.participant)
    return Detection(
        id=detection_id(p["label"], turn.participant, start.id, end.id),
        label=p["label"],
        participant=turn.participant,
        role=role,
        turn=turn.index,
        start_char=start.start_char,
        end_char=end.end_char,
        first_word=start.id,
        last_word=end.id,
        start_s=turn.start_s if start.start_s is None else start.start_s,
        end_s=turn.end_s if end.end_s is None else end.end_s,
        quote=p["was"],
        confidence=1.0,
        why=f"{c.by}: {c.reason}",
        rule=f"person/{c.by}",
    )
