"""Levels that people enter for a candidate, and whether they make the award."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callqa.errors import UsageError


@dataclass(frozen=True)
class Award:
    """What stands between a candidate and the award."""

    reached: bool
    lacking: tuple[str, ...]  # criteria below the level, or without one
    levels: Mapping[str, str]  # every criterion's level; the lowest where none was entered


def award(
    criteria: Sequence[str], scale: Sequence[str], award_at: str, entered: Mapping[str, str]
) -> Award:
    """Whether every criterion has reached the level that the award asks for.

    Args:
        criteria: ids, in order.
        scale: levels, lowest first; the lowest is the default.
        award_at: the level that every criterion needs.
        entered: levels by criterion, as people entered them. The machine enters none.

    Raises:
        UsageError: a level or criterion that the set does not have.
    """
    for criterion, level in entered.items():
        if criterion not in criteria:
            raise UsageError(f"There is no criterion {criterion!r}.",
                             remedy=f"Known: {', '.join(criteria)}.")  # fmt: skip
        if level not in scale:
            raise UsageError(f"There is no level {level!r} for {criterion}.",
                             remedy=f"The scale is {', '.join(scale)}.")  # fmt: skip
    levels = {c: entered.get(c, scale[0]) for c in criteria}
    needed = scale.index(award_at)
    lacking = tuple(c for c in criteria if scale.index(levels[c]) < needed)
    return Award(not lacking, lacking, levels)
