"""Figures of agents and periods: computed where calls show them, entered by people elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from callqa.errors import UsageError
from callqa.evidence.aggregates import case_mix
from callqa.evidence.figures import MINIMUM, Calls, Figure, figure
from callqa.evidence.judgements import incomplete, now
from callqa.evidence.mending import without_secrets
from callqa.records import Entered
from callqa.store.days import agents, calls_of
from callqa.workspace import Workspace

if TYPE_CHECKING:
    from callqa.score.sets import CriteriaSet, Criterion


@dataclass(frozen=True)
class Kpi:
    """One figure: from calls, from people, or from both; ``note`` says what either lacks."""

    id: str
    title: str
    computed: Figure | None  # None where calls cannot show it
    entered: tuple[Entered, ...]
    note: str


@dataclass(frozen=True)
class AgentKpis:
    """An agent's figures for some days, with the calls that they rest on."""

    agent: str
    case_mix: dict[str, Any]  # as callqa.evidence.aggregates.case_mix gives it; empty: no calls
    kpis: tuple[Kpi, ...]


def kpi_set(sets: Iterable[CriteriaSet], id: str | None = None) -> CriteriaSet:
    """The set of figures of that id, or the only one that there is.

    Raises:
        UsageError: there is none, or more than one and none was named.
    """
    known = {s.id: s for s in sets if s.subject == "agent_period"}
    if id is None and len(known) == 1:
        return next(iter(known.values()))
    if id not in known:
        raise UsageError(
            f"There are no figures {id!r}." if id else "It has to be said which figures are meant.",
            remedy=f"Known: {', '.join(sorted(known)) or 'none'}; give one with --criteria.",
        )
    return known[id]


def kpis(
    space: Workspace,
    unit: CriteriaSet,
    wanted: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> list[AgentKpis]:
    """The figures of some agents, or of everyone, in order of id.

    Args:
        since, until: the first and the last day; entered figures are those of periods within.

    Raises:
        UsageError: an agent is not known, or the period ends before it begins.
    """
    if since and until and until < since:
        raise UsageError("The period ends before it begins.", remedy="Give --from before --to.")
    for agent in wanted:
        _check_known(space, agent)
    said = _in_period(space.store.entered(), unit, since, until)
    everyone = {*agents(space.store, since, until), *(e.agent_id for e in said)}
    return [
        _of(space, unit, agent, since, until, [e for e in said if e.agent_id == agent])
        for agent in sorted(wanted or everyone)
    ]


def enter(
    space: Workspace,
    unit: CriteriaSet,
    agent: str,
    kpi: str,
    value: str,
    *,
    since: date,
    until: date,
    by: str,
    reason: str,
    level: str = "",
    at: str | None = None,
) -> Entered:
    """Keep a figure that a person gives, in their name.

    Args:
        level: a word of the set's scale, where the figure is held against a target.
        at: ISO 8601; now, unless given.

    Raises:
        UsageError: agent, figure or level are not known, or name, reason, value or time are
            missing or cannot be used; nothing is kept.
    """
    _check_known(space, agent)
    ids = [c.id for c in unit.criteria]
    if kpi not in ids:
        raise UsageError(f"There is no figure {kpi!r}.", remedy=f"Known: {', '.join(ids)}.")
    if level and level not in unit.scale:
        raise UsageError(f"{level!r} is no level of {unit.id}.",
                         remedy=f"Known: {', '.join(unit.scale)}.")  # fmt: skip
    try:
        made = Entered(
            agent_id=agent, criteria=unit.id, criterion=kpi, since=since, until=until,
            value=without_secrets(value), level=level, by=by, reason=without_secrets(reason),
            at=at or now(),
        )  # fmt: skip
    except ValidationError as error:
        raise incomplete("figure", error) from error
    space.store.add_entered([made])
    return made


def _check_known(space: Workspace, agent: str) -> None:
    known = agents(space.store)
    if agent not in known:
        raise UsageError(
            f"There are no calls of {agent!r} in this workspace.",
            remedy=f"Known agents: {', '.join(known) or 'none; score with --agent'}.",
        )


def _in_period(
    said: Iterable[Entered], unit: CriteriaSet, since: date | None, until: date | None
) -> list[Entered]:
    """Each person's latest word on a figure and period; earlier ones are kept, and not shown."""
    latest: dict[tuple[object, ...], Entered] = {}
    for e in sorted(said, key=lambda e: e.at):
        within = (since is None or e.since >= since) and (until is None or e.until <= until)
        if e.criteria == unit.id and within:
            latest[e.agent_id, e.criterion, e.since, e.until, e.by] = e
    return sorted(latest.values(), key=lambda e: (e.since, e.until, e.at))


def _of(
    space: Workspace,
    unit: CriteriaSet,
    agent: str,
    since: date | None,
    until: date | None,
    said: Sequence[Entered],
) -> AgentKpis:
    calls = calls_of(space.store, agent, space.catalogue.meanings, since, until)
    mix = case_mix(space.days(agent=agent, since=since, until=until))
    found = tuple(
        _kpi(c, calls, tuple(e for e in said if e.criterion == c.id)) for c in unit.criteria
    )
    return AgentKpis(agent, mix.to_dicts()[0] if mix.height else {}, found)


def _kpi(criterion: Criterion, calls: Calls, said: tuple[Entered, ...]) -> Kpi:
    what = criterion.computed
    if what is None:
        note = "" if said else f"To be entered by a person. {criterion.needs}"
        return Kpi(criterion.id, criterion.title, None, said, note)
    found = figure(what, calls)
    note = ""
    if found.value is None:
        note = f"Too few calls: {found.n}; a figure needs {MINIMUM}."
        if what.free_of and what.free_of not in set(calls.results["criteria"]):
            note = f"No call is scored against {what.free_of}; name it to callqa rescore."
    return Kpi(criterion.id, criterion.title, found, said, note)
