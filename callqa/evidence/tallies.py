"""What one call adds to the figures of a day: for each agent in it, statuses and the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from callqa.evidence.judgements import standing
from callqa.evidence.situations import situation
from callqa.records import CallRecord, Judgement, Kind, Role

# Why a call is left out of figures; the others are whole English conversations.
Sort = Literal[
    "counted", "voicemail", "ivr_only", "abandoned", "no_speech", "fragment", "other_language"
]
COUNTED: Sort = "counted"
STALE = "stale"  # in the place of a level: what was judged has changed since
_NO_CONVERSATION: dict[Kind, Sort] = {
    "voicemail": "voicemail", "ivr_only": "ivr_only", "abandoned": "abandoned",
    "no_speech": "no_speech",
}  # fmt: skip


class Mark(NamedTuple):
    """A criterion in a call: what the machine proposes, what a person decided.

    ``decided`` is the latest word of a person, ``STALE`` where what it judged has changed since,
    and empty where nobody has judged it.
    """

    criteria: str
    criterion: str
    proposed: str
    decided: str


@dataclass(frozen=True)
class Tally:
    """One agent's part in one call. ``agent``, ``team`` and ``day`` are empty where unknown."""

    call_id: str
    agent: str
    role: Role
    team: str
    day: str  # ISO date of when it began, in the zone that was given
    sort: Sort
    situation: str  # empty where the words do not tell
    length_ms: int | None  # None without sound
    marks: tuple[Mark, ...] = ()


def tallies(record: CallRecord, judgements: Iterable[Judgement] = ()) -> tuple[Tally, ...]:
    """A tally for each agent who is assessed in a call; one for all that is left out of figures.

    An agent without an id of their own is taken for the call's where they are its first agent,
    and is unknown where they came in later.
    """
    sort = sort_of(record)
    about = situation(record) if sort == COUNTED else None
    parts: dict[tuple[str, Role], list[Mark]] = {}
    if sort == COUNTED:
        for s in standing(record, judgements):
            if s.machine is not None:
                last = s.people[-1] if s.people else None
                level = "" if last is None else STALE if last.stale else last.judgement.level
                who = _agent(record, s.participant)
                parts.setdefault(who, []).append(Mark(s.criteria, s.criterion, s.machine, level))
    if not parts:
        parts = {(record.metadata.agent_id or "", "agent"): []}
    return tuple(
        Tally(
            call_id=record.call_id,
            agent=agent,
            role=role,
            team=record.metadata.team or "",
            day=_day(record.metadata.started_at),
            sort=sort,
            situation=about.type if about else "",
            length_ms=None if record.duration_s is None else round(1000 * record.duration_s),
            marks=tuple(marks),
        )
        for (agent, role), marks in parts.items()
    )


def sort_of(record: CallRecord) -> Sort:
    """Whether a call counts, or why it does not."""
    if record.kind in _NO_CONVERSATION:
        return _NO_CONVERSATION[record.kind]
    if not record.transcript.language.lower().startswith("en"):
        return "other_language"
    return "fragment" if record.completeness else COUNTED


def _agent(record: CallRecord, participant: str) -> tuple[str, Role]:
    own = next((p for p in record.participants if p.id == participant), None)
    if own is not None and own.role == "second_agent":
        return own.agent_id or "", own.role
    return (own.agent_id if own else None) or record.metadata.agent_id or "", "agent"


def _day(started_at: str | None) -> str:
    try:
        return datetime.fromisoformat(started_at).date().isoformat() if started_at else ""
    except ValueError:
        return ""
