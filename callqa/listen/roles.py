"""Who is the agent, from what is said and nothing else.

Phrases vote (``role_cues.toml``). A role is given when the votes lie clearly apart, and stays
``unknown`` when they do not: the side a voice is on, and a name that is heard, prove nothing.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from callqa.records import Participant, Role, Span, Transcript, Turn
from callqa.text import plain

_MARGIN = 1.5  # votes between two participants, below which neither gets a role
_ALONE = 2.5  # votes that a participant must have without another to compare with
_FIRST = 1.5  # whoever speaks first, and briefly, more often answers the call than makes it
_BRIEF = 6  # words
_SYSTEM = "system"
_GREETINGS = frozenset({"hello", "hi", "yes", "hey"})


@dataclass(frozen=True)
class _Cue:
    role: Role
    why: str
    weight: float
    phrases: tuple[str, ...]  # plain tokens between single spaces, one space at each end


@dataclass(frozen=True)
class _Vote:
    """Votes of one participant: ``lean`` is agent minus customer."""

    who: str
    lean: float
    why: dict[str, float]  # reason → signed weight
    words: int
    first: int  # index of their first turn


@cache
def _cues() -> tuple[_Cue, ...]:
    data = tomllib.loads(files("callqa.listen").joinpath("role_cues.toml").read_text("utf-8"))
    return tuple(
        _Cue(c["role"], c["why"], c["weight"], tuple(plain(p).text for p in c["phrases"]))
        for c in data["cue"]
    )


def assign(transcript: Transcript, participants: Sequence[Participant]) -> tuple[Participant, ...]:
    """The participants with roles, confidence and the reason; works without times.

    A participant whose role is already given (by a person or the system voice) keeps it.
    """
    open_ids = {p.id for p in participants if p.role == "unknown" and p.id != "unknown"}
    votes = [
        _vote(who, [t for t in transcript.turns if t.participant == who], transcript.turns)
        for who in sorted(open_ids)
    ]
    roles = _decide([v for v in votes if v.words])
    return tuple(
        p.model_copy(update=_update(*roles[p.id])) if p.id in roles else p for p in participants
    )


def _update(role: Role, confidence: float, why: str) -> dict[str, object]:
    return {"role": role, "role_confidence": round(confidence, 3), "role_why": why}


def _vote(who: str, own: Sequence[Turn], every: Sequence[Turn]) -> _Vote:
    texts = [plain(turn.text).text for turn in own]
    why: dict[str, float] = {}
    for cue in _cues():
        if cue.role not in ("agent", "customer"):
            continue
        hits = sum(min(2, sum(text.count(phrase) for text in texts)) for phrase in cue.phrases)
        if hits:  # each further one counts for less: one habit is not ten proofs
            weight = cue.weight * math.sqrt(hits)
            why[cue.why] = weight if cue.role == "agent" else -weight
    if every and every[0].participant == who:
        opening = set(plain(every[0].text).tokens) - {"|"}
        if not opening <= _GREETINGS:  # a bare “hello?” is as likely the one who is called
            why["speaks first"] = _FIRST if len(opening) <= _BRIEF else _FIRST / 3
    words = sum(len(turn.text.split()) for turn in own)
    return _Vote(who, sum(why.values()), why, words, own[0].index if own else 0)


def _decide(votes: Sequence[_Vote]) -> dict[str, tuple[Role, float, str]]:
    if not votes:
        return {}
    if len(votes) == 1:
        return {votes[0].who: _alone(votes[0])}
    by_lean = sorted(votes, key=lambda v: -v.lean)
    if len(votes) == 2:
        return _two(*by_lean)
    return _several(by_lean)


def _alone(vote: _Vote) -> tuple[Role, float, str]:
    if abs(vote.lean) < _ALONE:
        return "unknown", 0.0, "too little was said to tell"
    return _given("agent" if vote.lean > 0 else "customer", abs(vote.lean), vote)


def _two(agent: _Vote, customer: _Vote) -> dict[str, tuple[Role, float, str]]:
    apart = agent.lean - customer.lean
    if apart < _MARGIN:
        why = "both speak alike: nothing said tells agent from customer"
        return {v.who: ("unknown", 0.0, why) for v in (agent, customer)}
    return {
        agent.who: _given("agent", apart, agent),
        customer.who: _given("customer", apart, customer),
    }


def _several(by_lean: Sequence[_Vote]) -> dict[str, tuple[Role, float, str]]:
    """Agents are those who speak like one; the first is the agent, later ones joined the call."""
    agents = sorted((v for v in by_lean if v.lean >= _ALONE), key=lambda v: v.first)
    rest = [v for v in by_lean if v not in agents]
    callers = sorted((v for v in rest if v.lean <= -_MARGIN), key=lambda v: -v.words)
    if agents and not callers and rest:
        callers = [max(rest, key=lambda v: v.words)]
    roles: dict[str, tuple[Role, float, str]] = {}
    for i, vote in enumerate(agents):
        roles[vote.who] = _given("second_agent" if i else "agent", vote.lean, vote)
    for i, vote in enumerate(callers):
        apart = (agents[0].lean if agents else 0.0) - vote.lean
        roles[vote.who] = _given("third_party" if i else "customer", apart, vote)
    for vote in by_lean:
        roles.setdefault(vote.who, ("unknown", 0.0, "too little was said to tell"))
    return roles


def _given(role: Role, apart: float, vote: _Vote) -> tuple[Role, float, str]:
    confidence = 1 / (1 + math.exp(-apart / 2.5))
    sign = 1 if role in ("agent", "second_agent") else -1
    reasons = sorted((w * sign, r) for r, w in vote.why.items() if w * sign > 0)
    why = "; ".join(reason for _, reason in reversed(reasons[-3:]))
    return role, confidence, why or "the other speaks as the agent"


# ---------------------------------------------------------------- recorded voices


def set_apart_system(
    transcript: Transcript, participants: Sequence[Participant]
) -> tuple[Transcript, tuple[Participant, ...]]:
    """Turns of a recorded voice become a participant of their own, whichever side they are on."""
    recorded = [turn.index for turn in transcript.turns if _is_recording(turn)]
    if not recorded:
        return transcript, tuple(participants)
    turns = tuple(
        turn.model_copy(update={"participant": _SYSTEM}) if turn.index in recorded else turn
        for turn in transcript.turns
    )
    left = {turn.participant for turn in turns} | {
        p.id for p in participants if p.channel is not None
    }
    system = Participant(
        id=_SYSTEM, role="system", role_confidence=0.9, role_why="is a recorded voice"
    )
    speech = _speech_without(transcript, [turns[i] for i in recorded])
    kept = tuple(p for p in participants if p.id in left)
    return transcript.model_copy(update={"turns": turns, "speech": speech}), (*kept, system)


def _is_recording(turn: Turn) -> bool:
    text = plain(turn.text).text
    system = [cue for cue in _cues() if cue.role == "system"]
    votes = sum(cue.weight for cue in system for phrase in cue.phrases if phrase in text)
    person = any(p in text for c in _cues() if c.role == "customer" for p in c.phrases)
    return votes >= 4.0 and not person


def _speech_without(
    transcript: Transcript, recorded: Sequence[Turn]
) -> dict[str, tuple[Span, ...]]:
    def is_recorded(span: Span) -> bool:
        middle = (span.start_s + span.end_s) / 2
        return any((t.start_s or 0) <= middle <= (t.end_s or 0) for t in recorded)

    taken = tuple(s for spans in transcript.speech.values() for s in spans if is_recorded(s))
    kept = {
        who: tuple(s for s in spans if not is_recorded(s))
        for who, spans in transcript.speech.items()
    }
    return {**kept, _SYSTEM: taken} if transcript.speech else {}
