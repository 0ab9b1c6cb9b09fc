"""Criteria sets as values: units to be assessed against, and scorecards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from callqa.records import CriterionClass
from callqa.requirements import Asks, Computed
from callqa.score.rules import Rule

TitleSource = Literal["source", "ours"]
Subject = Literal["call", "candidate", "agent_period"]
Kind = Literal["unit", "scorecard"]
Answer = Literal["yes", "partly", "no", "na"]


@dataclass(frozen=True)
class Group:
    """An outcome or part of a unit that totals are shown for."""

    id: str
    title: str
    title_source: TitleSource
    in_total: bool
    requirement: str  # how much evidence the awarding body asks for, in our words
    asks: Asks | None = None  # the same, as numbers


@dataclass(frozen=True)
class OnlyIf:
    """A scorecard's item is asked only where another has one of these answers."""

    item: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Criterion:
    """One criterion, or one item of a scorecard; a clause that is None says nothing."""

    id: str
    group: str
    title: str
    title_source: TitleSource
    criterion_class: CriterionClass
    guidance: str
    needs: str = ""
    applies_when: Rule | None = None
    assessable_when: Rule | None = None
    evidenced: Rule | None = None
    partly: Rule | None = None
    contradicted: Rule | None = None
    supports: Rule | None = None
    weight: float = 0.0  # points of a scorecard's item
    critical: bool = False  # a confirmed “no” fails the whole card
    only_if: OnlyIf | None = None
    computed: Computed | None = None  # how a figure of an agent and period comes from calls


@dataclass(frozen=True)
class Band:
    """A name for a share of the applicable points, from ``from_share`` up."""

    name: str
    from_share: float


@dataclass(frozen=True)
class CriteriaSet:
    """A unit or scorecard. ``hash`` is of its content: comments and layout do not change it."""

    id: str
    title: str
    awarding_body: str
    unit_code: str
    edition: str
    source: str
    acknowledgement: str
    notice: str
    subject: Subject
    scale: tuple[str, ...]
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    hash: str
    kind: Kind = "unit"
    default: bool = False  # scored unless other sets are asked for
    award_at: str = ""  # the level every criterion needs, where people enter levels
    partly_share: float = 0.5  # of an item's points
    bands: tuple[Band, ...] = ()  # highest first
