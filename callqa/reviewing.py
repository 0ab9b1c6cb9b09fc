"""Reviewing a workspace: which calls to listen to first, samples drawn, how judges agree."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import get_args

from callqa.errors import UsageError
from callqa.evidence.doubt import doubt
from callqa.evidence.judgements import now
from callqa.evidence.sampling import (
    Draw,
    Framed,
    Kind,
    at_random,
    audit,
    by_risk,
    stratified,
)
from callqa.evidence.situations import situation
from callqa.evidence.tallies import COUNTED, sort_of
from callqa.evidence.triage import attention, looked_at, pressing
from callqa.records import CallRecord, CriterionResult
from callqa.rescoring import calls_since
from callqa.store.kept import add_draw, draws
from callqa.workspace import Workspace


def frame(workspace: Workspace, agent: str | None = None, since: str | None = None) -> list[Framed]:
    """The conversations that may be drawn; voicemails, fragments, other languages are none.

    Raises:
        UsageError: ``since`` is no time.
    """
    wanted = set(calls_since(workspace, since))
    found = [_framed(r) for r in workspace.records() if r.call_id in wanted and _is_whole(r)]
    return [f for f in found if agent is None or f.agent == agent]


def draw(
    workspace: Workspace,
    kind: str,
    size: int,
    *,
    seed: str | None = None,
    by: str = "",
    agent: str | None = None,
    since: str | None = None,
) -> Draw:
    """Draw calls for review and keep the draw, its frame with it.

    Args:
        seed: made up by chance and kept, unless given.

    Raises:
        UsageError: an unknown kind, a seed where chance has no part, or a frame too small.
    """
    if kind not in get_args(Kind):
        raise UsageError(
            f"There is no draw {kind!r}.", remedy=f"Known: {', '.join(get_args(Kind))}."
        )
    if kind == "risk" and seed is not None:
        raise UsageError("Chance has no part in a draw by risk.", remedy="Leave the seed out.")
    calls = frame(workspace, agent, since)
    if not calls:
        raise UsageError(
            "There is no conversation to draw from.", remedy="Score some, or ask wider."
        )
    seed = seed or secrets.token_hex(4)
    if kind == "risk":
        sample = by_risk(calls, size)
    else:
        sample = (stratified if kind == "stratified" else at_random)(calls, size, seed)
    scope = ", ".join(
        ["conversations"] + [f"of {agent}"] * bool(agent) + [f"since {since}"] * bool(since)
    )
    made = Draw(by=by, at=now(), scope=scope, sample=sample, frame=tuple(calls))
    add_draw(workspace.store, made)
    return made


def drawn(workspace: Workspace) -> list[Draw]:
    """Every draw that was made, oldest first."""
    return draws(workspace.store)


def kept_draw(workspace: Workspace, id: str) -> Draw:
    """A draw that was kept.

    Raises:
        UsageError: there is none of that id.
    """
    found = {d.id: d for d in drawn(workspace)}
    if id not in found:
        raise UsageError(f"There is no sample {id!r} in this workspace.",
                         remedy=f"Known: {', '.join(found) or 'none'}.")  # fmt: skip
    return found[id]


def audited(workspace: Workspace, made: Draw) -> list[str]:
    """Draw again from the frame that was kept; returns its calls that are no longer here.

    Raises:
        EvidenceError: the sample is not what its seed draws.
    """
    audit(made.sample, made.frame)
    here = set(workspace.store.call_ids())
    return [c.call_id for c in made.frame if c.call_id not in here]


def queue(workspace: Workspace) -> tuple[list[CallRecord], int]:
    """Calls with a reason to listen, most pressing first; and how many were looked at already."""
    flagged = [r for r in workspace.records() if r.flags]
    waiting = [r for r in flagged if not looked_at(r)]
    waiting.sort(key=lambda r: (-attention(r), r.call_id))
    return waiting, len(flagged) - len(waiting)


def decisions(workspace: Workspace) -> list[tuple[CallRecord, CriterionResult]]:
    """Single decisions that nobody has judged yet, the most pressing first."""
    waiting = []
    for record in workspace.records():
        judged = {(j.result_id, j.result_hash) for j in record.judgements}
        waiting += [(record, r) for r in record.results
                    if doubt(r) and (r.id, r.content_hash) not in judged]  # fmt: skip
    return sorted(waiting, key=lambda w: (-pressing(w[1]), w[0].call_id, w[1].id))


def enough(workspace: Workspace) -> Mapping[str, frozenset[str]]:
    """By criteria set, the levels of its scale that count as shown."""
    return {
        s.id: frozenset(s.scale[s.scale.index(s.award_at) if s.award_at else -1 :])
        for s in workspace.tools.every_set
    }


def _is_whole(record: CallRecord) -> bool:
    """A conversation that figures count too, so that rates of a sample are rates of the same."""
    return record.kind == "conversation" and sort_of(record) == COUNTED


def _framed(record: CallRecord) -> Framed:
    about = situation(record)
    agents = (p.agent_id for p in record.participants if p.role == "agent")
    return Framed(
        call_id=record.call_id,
        agent=next((a for a in agents if a), record.metadata.agent_id or ""),
        situation=about.type if about else "",
        risk=attention(record),
    )
