"""The closed rule vocabulary: what a clause of a criterion may say.

A *selection* picks detections: a label, a family (``positive.*``), a ``where`` filter, or a list
of these. A *rule* is true, false or unknown of a call. Every selection is also a rule: “at least
one such moment”. ``docs/rules.md`` shows each word with an example.
"""

from __future__ import annotations

from dataclasses import dataclass

from callqa.profile import Profile


@dataclass(frozen=True)
class Number:
    """A number, or the name of a profile field that holds one."""

    value: float | None = None
    field: str | None = None

    def of(self, profile: Profile) -> float | None:
        """The number, or None where the profile holds none."""
        if self.field is None:
            return self.value
        found = getattr(profile, self.field)
        return None if found is None else float(found)


@dataclass(frozen=True)
class Limits:
    """Bounds that a value keeps; at least one of them is set."""

    at_most: Number | None = None
    at_least: Number | None = None
    above: Number | None = None


@dataclass(frozen=True)
class Test:
    """What an attribute must be: one of ``values``, or within ``limits``."""

    __test__ = False  # not a pytest class
    name: str
    values: tuple[object, ...] = ()
    limits: Limits | None = None


@dataclass(frozen=True)
class Pick:
    """Detections with one of ``labels`` that pass every test."""

    written: str
    labels: frozenset[str]
    where: tuple[Test, ...] = ()


@dataclass(frozen=True)
class Has:
    """At least one moment of any of these picks."""

    picks: tuple[Pick, ...]


@dataclass(frozen=True)
class All:
    """Every rule holds."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class AnyOf:
    """One rule or more holds."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class NoneOf:
    """No rule holds."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class AtLeast:
    """``n`` different moments of one selection."""

    n: Number
    of: Has


@dataclass(frozen=True)
class AtLeastDistinct:
    """``n`` of the rules hold; a family counts once for each of its labels."""

    n: Number
    rules: tuple[Rule, ...]
    written: tuple[Rule, ...]


@dataclass(frozen=True)
class Ratio:
    """The count of one selection over the count of another, within limits."""

    of: Has
    to: Has
    limits: Limits


@dataclass(frozen=True)
class Each:
    """Every moment of ``anchor`` has one of ``has`` close to it, before or after."""

    anchor: Has
    has: Has
    within_s: Number | None
    turns: int | None


@dataclass(frozen=True)
class Before:
    """A moment of ``has`` comes before one of ``anchor``."""

    anchor: Has
    has: Has


@dataclass(frozen=True)
class After:
    """A moment of ``has`` comes after one of ``anchor``: after the first, that is."""

    anchor: Has
    has: Has


@dataclass(frozen=True)
class FirstWithin:
    """A moment of ``has`` starts within the first seconds (or turns, without times)."""

    seconds: Number
    has: Has
    turns: int | None


@dataclass(frozen=True)
class MeasureIs:
    """A measure keeps its limits."""

    name: str
    limits: Limits


@dataclass(frozen=True)
class MetadataIs:
    """A metadata field keeps its limits, or is one of ``values``."""

    field: str
    limits: Limits | None
    values: tuple[object, ...] = ()


Rule = (
    Has | All | AnyOf | NoneOf | AtLeast | AtLeastDistinct | Ratio | Each | Before | After
    | FirstWithin | MeasureIs | MetadataIs
)  # fmt: skip
