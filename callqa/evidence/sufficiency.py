"""Whether a candidate's contacts suffice for a unit, what is lacking, and which to put forward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from callqa.requirements import Asks

EXACT_UP_TO = 14  # contacts for which every choice is tried: 16,384 at most


@dataclass(frozen=True)
class Point:
    """A criterion of a part; ``beyond`` says why no call can show it, or is empty."""

    id: str
    title: str
    beyond: str = ""


@dataclass(frozen=True)
class Part:
    """An outcome or part of a unit, with what it asks for."""

    id: str
    title: str
    points: tuple[Point, ...]
    asks: Asks


@dataclass(frozen=True)
class Contact:
    """One contact of the candidate. ``shows`` holds criteria; ``excused`` did not apply there."""

    call_id: str
    shows: frozenset[str]
    excused: frozenset[str] = frozenset()
    situation: str | None = None
    customer: str | None = None  # None: the customer cannot be told
    particular_need: bool = False


@dataclass(frozen=True)
class PartState:
    """A part as it stands: which calls show which criterion, and what is lacking, in words."""

    part: Part
    shown: Mapping[str, tuple[str, ...]]
    counted: tuple[str, ...]  # contacts that count for this part
    lacking: tuple[str, ...]  # what further contacts would bring
    people: tuple[str, ...]  # what no call can show, and people have not added yet

    @property
    def suffices(self) -> bool:
        """Whether nothing is lacking any more."""
        return not self.lacking and not self.people


@dataclass(frozen=True)
class Choice:
    """Calls to put forward. ``covered`` of ``wanted`` is what any calls at hand can reach."""

    calls: tuple[str, ...]
    covered: int
    wanted: int
    method: str  # "exact": no smaller set covers as much; "greedy": a smaller one may exist


@dataclass(frozen=True)
class _Tally:
    """What some contacts bring to a part, each count stopped at what is asked for."""

    points: int
    contacts: int
    situations: int
    customers: int
    needs: int
    asks: Asks = field(repr=False)

    @property
    def total(self) -> int:
        a = self.asks
        pairs = ((self.contacts, a.contacts), (self.situations, a.situations),
                 (self.customers, a.customers), (self.needs, a.particular_needs))  # fmt: skip
        return self.points + sum(min(have, want) for have, want in pairs)


def state(
    parts: Sequence[Part],
    contacts: Sequence[Contact],
    attached: Mapping[str, frozenset[str]] | None = None,
) -> list[PartState]:
    """Every part with what is lacking.

    Args:
        attached: records that people have attached, by part; criteria that a record shows too.
    """
    held = attached or {}
    return [_state(part, contacts, held.get(part.id, frozenset())) for part in parts]


def smallest(parts: Sequence[Part], contacts: Sequence[Contact]) -> Choice:
    """The fewest contacts that bring as much as all of them do.

    Every choice is tried where few contacts bring anything; otherwise they are taken greedily,
    the one that adds most first, and those that turn out to add nothing are dropped again.
    What contacts bring is submodular, so that the greedy choice covers as much as all do
    (Wolsey 1982, Combinatorica 2:385–393, bounds how much larger it can be).
    """
    useful = sorted((c for c in contacts if _brings(parts, [c])), key=lambda c: c.call_id)
    covered, wanted = _brings(parts, useful), _wanted(parts)
    if len(useful) > EXACT_UP_TO:
        chosen, method = _greedy(parts, useful, covered), "greedy"
    else:
        chosen, method = _exact(parts, useful, covered), "exact"
    return Choice(tuple(c.call_id for c in chosen), covered, wanted, method)


# ---------------------------------------------------------------- one part


def counts(part: Part, contact: Contact) -> bool:
    """Whether a contact counts for a part at all."""
    asks = part.asks
    open_points = {p.id for p in part.points if not p.beyond}
    if not (contact.shows & open_points) or not set(asks.confirms) <= contact.shows:
        return False
    if asks.situations_from and contact.situation not in asks.situations_from:
        return False
    return asks.shown == "together" or open_points <= contact.shows | contact.excused


def _state(part: Part, contacts: Sequence[Contact], held: frozenset[str]) -> PartState:
    counted = [c for c in contacts if counts(part, c)]
    shown = {
        p.id: tuple(c.call_id for c in counted if p.id in c.shows)
        for p in part.points
        if not p.beyond
    }
    beyond = [f"{p.id} {p.title}: {p.beyond}" for p in part.points if p.beyond and p.id not in held]
    records = [r for r in part.asks.records if r not in held]
    return PartState(
        part=part,
        shown=shown,
        counted=tuple(c.call_id for c in counted),
        lacking=tuple(_lacking(part, counted, shown)),
        people=(*beyond, *records),
    )


def _lacking(
    part: Part, counted: Sequence[Contact], shown: Mapping[str, tuple[str, ...]]
) -> Iterable[str]:
    asks, tally = part.asks, _tally(part, counted)
    missing = [p for p, calls in shown.items() if not calls]
    if missing:
        yield f"no contact shows {', '.join(missing)}"
    for have, want, what in (
        (tally.contacts, asks.contacts, "contacts"),
        (tally.situations, asks.situations, "types of situation"),
        (tally.customers, asks.customers, "different customers"),
        (tally.needs, asks.particular_needs, "customers with particular needs"),
    ):
        if have < want:
            yield f"{have} of {want} {what}"
    unknown = sum(c.customer is None for c in counted)
    if unknown and tally.customers < asks.customers:
        yield f"whose customer {unknown} of these contacts had is not known"


def _tally(part: Part, counted: Sequence[Contact]) -> _Tally:
    shown = {p for c in counted for p in c.shows} & {p.id for p in part.points if not p.beyond}
    return _Tally(
        points=len(shown),
        contacts=len(counted),
        situations=len({c.situation for c in counted if c.situation}),
        customers=len({c.customer for c in counted if c.customer}),
        needs=len({c.customer or c.call_id for c in counted if c.particular_need}),
        asks=part.asks,
    )


# ---------------------------------------------------------------- choosing


def _brings(parts: Sequence[Part], contacts: Sequence[Contact]) -> int:
    return sum(_tally(p, [c for c in contacts if counts(p, c)]).total for p in parts)


def _wanted(parts: Sequence[Part]) -> int:
    return sum(
        sum(not p.beyond for p in part.points)
        + part.asks.contacts
        + part.asks.situations
        + part.asks.customers
        + part.asks.particular_needs
        for part in parts
    )


def _exact(parts: Sequence[Part], useful: Sequence[Contact], covered: int) -> Sequence[Contact]:
    for size in range(len(useful) + 1):
        for some in combinations(useful, size):
            if _brings(parts, some) == covered:
                return some
    return useful


def _greedy(parts: Sequence[Part], useful: Sequence[Contact], covered: int) -> Sequence[Contact]:
    chosen: list[Contact] = []
    left = list(useful)
    while _brings(parts, chosen) < covered:
        best = max(left, key=lambda c: _brings(parts, [*chosen, c]))
        chosen.append(best)
        left.remove(best)
    for one in list(chosen):
        others = [c for c in chosen if c is not one]
        if _brings(parts, others) == covered:
            chosen = others
    return sorted(chosen, key=lambda c: c.call_id)
