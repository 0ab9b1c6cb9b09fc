"""Calls drawn for review: at random, by strata, and by risk; each draw can be audited later.

A draw orders the calls of a frame by SHA-256 of seed and call id: as good as random for anyone who
did not choose the ids to fit, and the same on every machine. Rates are estimated from random draws
alone; a draw by risk finds what is worth hearing and says nothing about how often it occurs.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pydantic import Field

from callqa.errors import EvidenceError, UsageError
from callqa.records import Record

Kind = Literal["random", "stratified", "risk"]


class Framed(Record):
    """A call that may be drawn."""

    call_id: str
    agent: str = ""
    situation: str = ""
    risk: float = 0.0  # the weight of its reasons to listen; only a draw by risk looks at it


class Drawn(Record):
    """A call that was drawn; ``probability`` is None where chance had no part in it."""

    call_id: str
    stratum: str = ""
    probability: float | None = Field(None, gt=0, le=1)


class Sample(Record):
    """A draw with all that repeats it. ``frame`` is the hash of the calls it was drawn from."""

    kind: Kind
    size: int
    seed: str = ""
    frame: str
    frame_size: int
    strata: dict[str, tuple[int, int]] = Field(default_factory=dict)  # name → drawn, of
    drawn: tuple[Drawn, ...]


class Draw(Record):
    """A sample as it is kept: who drew it, when, and the frame, so that it can be drawn again."""

    by: str = ""
    at: str = Field(description="ISO 8601, UTC")
    scope: str = ""  # which calls of the workspace make the frame, in words
    sample: Sample
    frame: tuple[Framed, ...]

    @property
    def id(self) -> str:
        """Short, of the whole content."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]


class Rate(Record):
    """An estimated share over the whole frame, with its 95% interval."""

    value: float
    low: float
    high: float
    n: int


def at_random(frame: Sequence[Framed], size: int, seed: str) -> Sample:
    """``size`` calls, each as likely as any other.

    Raises:
        UsageError: the size or the frame cannot be used.
    """
    frame = _usable(frame, size)
    chosen = _shuffled(frame, seed)[:size]
    drawn = [Drawn(call_id=c.call_id, probability=size / len(frame)) for c in chosen]
    return _sample("random", frame, seed, drawn)


def stratified(frame: Sequence[Framed], size: int, seed: str) -> Sample:
    """Calls from every agent and situation: one at least, the rest in proportion.

    Each stratum's share is rounded by largest remainders.

    Raises:
        UsageError: the size or the frame cannot be used, or there are more strata than calls.
    """
    frame = _usable(frame, size)
    strata: dict[str, list[Framed]] = defaultdict(list)
    for call in frame:
        strata[f"{call.agent} · {call.situation}"].append(call)
    if size < len(strata):
        raise UsageError(
            f"{size} calls cannot hold one of each of {len(strata)} agents and situations.",
            remedy=f"Draw {len(strata)} or more, or draw at random.",
        )
    share = _allotted({name: len(calls) for name, calls in strata.items()}, size)
    drawn = [
        Drawn(call_id=c.call_id, stratum=name, probability=share[name] / len(calls))
        for name, calls in sorted(strata.items())
        for c in _shuffled(calls, seed)[: share[name]]
    ]
    told = {name: (share[name], len(calls)) for name, calls in sorted(strata.items())}
    return _sample("stratified", frame, seed, drawn, told)


def by_risk(frame: Sequence[Framed], size: int) -> Sample:
    """The calls with most reasons to listen. Nothing here is left to chance, so no rate follows.

    Raises:
        UsageError: the size or the frame cannot be used.
    """
    frame = _usable(frame, size)
    first = sorted(frame, key=lambda c: (-c.risk, c.call_id))[:size]
    return _sample("risk", frame, "", [Drawn(call_id=c.call_id) for c in first])


def audit(sample: Sample, frame: Sequence[Framed]) -> None:
    """Draw again and compare.

    Raises:
        EvidenceError: the frame is another one, or the sample is not what its seed draws.
    """
    if sample.frame != frame_hash(frame):
        raise EvidenceError(
            f"The sample was drawn from another set of {sample.frame_size} calls "
            f"({sample.frame}); this is {frame_hash(frame)} with {len(frame)}.",
            remedy="Give the calls, agents, situations and risks as they were at the draw.",
        )
    again: dict[Kind, Callable[[], Sample]] = {
        "random": lambda: at_random(frame, sample.size, sample.seed),
        "stratified": lambda: stratified(frame, sample.size, sample.seed),
        "risk": lambda: by_risk(frame, sample.size),
    }
    redrawn = again[sample.kind]()
    if redrawn != sample:
        theirs, ours = ({d.call_id for d in s.drawn} for s in (sample, redrawn))
        raise EvidenceError(
            f"The sample is not what its seed draws: {len(theirs - ours)} calls are not of the "
            f"draw, {len(ours - theirs)} are missing.",
            remedy="Somebody changed it; draw again.",
        )


def rate(sample: Sample, found: Mapping[str, bool]) -> Rate:
    """The share of calls in the frame for which something was found, from those drawn by chance.

    Weighted by stratum, with the normal 95% interval and the finite population correction
    (Cochran 1977, Sampling Techniques, ch. 5), the shares of each stratum drawn in towards one
    half by one success and one failure (so that a stratum without any has some variance).

    Raises:
        UsageError: the sample was drawn by risk, or a drawn call was not reviewed.
    """
    if sample.kind == "risk":
        raise UsageError(
            "Calls drawn by risk give no rate: they were chosen because something is amiss.",
            remedy="Use the calls that were drawn at random.",
        )
    missing = [d.call_id for d in sample.drawn if d.call_id not in found]
    if missing:
        raise UsageError(f"{len(missing)} drawn calls are not reviewed yet, {missing[0]} first.",
                         remedy="Leaving calls out would bias the rate.")  # fmt: skip
    strata = sample.strata or {"": (sample.size, sample.frame_size)}
    value = variance = 0.0
    for name, (n, of) in strata.items():
        k = sum(found[d.call_id] for d in sample.drawn if d.stratum == name)
        weight, calm = of / sample.frame_size, (k + 1) / (n + 2)
        value += weight * k / n
        variance += weight**2 * calm * (1 - calm) / n * (1 - n / of)
    half = 1.959964 * variance**0.5
    return Rate(value=value, low=max(0.0, value - half), high=min(1.0, value + half),
                n=sample.size)  # fmt: skip


def frame_hash(frame: Sequence[Framed]) -> str:
    """Of the calls a draw is made from, in whatever order they come."""
    lines = sorted(c.model_dump_json() for c in frame)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


# ---------------------------------------------------------------- drawing


def _usable(frame: Sequence[Framed], size: int) -> list[Framed]:
    if len({c.call_id for c in frame}) != len(frame):
        raise UsageError("A call stands twice in the frame.", remedy="Give each call once.")
    if not 1 <= size <= len(frame):
        raise UsageError(f"{size} of {len(frame)} calls cannot be drawn.",
                         remedy="Draw at least one, and no more than there are.")  # fmt: skip
    return sorted(frame, key=lambda c: c.call_id)


def _shuffled(frame: Sequence[Framed], seed: str) -> list[Framed]:
    return sorted(frame, key=lambda c: hashlib.sha256(f"{seed}\x1f{c.call_id}".encode()).digest())


def _allotted(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """One for each, the rest in proportion to what is left of each, never more than it has."""
    share = dict.fromkeys(sizes, 1)
    spare = {name: size - 1 for name, size in sizes.items()}
    left, pool = total - len(sizes), sum(spare.values())
    if not left:
        return share
    exact = {name: left * n / pool for name, n in spare.items()}
    for name, part in exact.items():
        share[name] += int(part)
    rest = total - sum(share.values())
    by_remainder = sorted(sizes, key=lambda n: (int(exact[n]) - exact[n], n))
    for name in by_remainder[:rest]:
        share[name] += 1
    return share


def _sample(
    kind: Kind,
    frame: Sequence[Framed],
    seed: str,
    drawn: Sequence[Drawn],
    strata: Mapping[str, tuple[int, int]] | None = None,
) -> Sample:
    return Sample(
        kind=kind, size=len(drawn), seed=seed, frame=frame_hash(frame), frame_size=len(frame),
        strata=dict(strata or {}), drawn=tuple(drawn),
    )  # fmt: skip
