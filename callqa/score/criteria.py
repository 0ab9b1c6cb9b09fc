"""Criteria sets as data: one TOML a unit or scorecard, checked whole when it is loaded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from callqa.errors import ConfigError, UsageError
from callqa.score.parse import Parser
from callqa.score.setfile import CLAUSES, HEADER, SetFile
from callqa.score.sets import CriteriaSet, Criterion, Group

__all__ = ["CLAUSES", "HEADER", "CriteriaSet", "Criterion", "Group", "chosen_sets",
           "load_criteria"]  # fmt: skip


def load_criteria(
    folder: Path, known_labels: Collection[str], ids: Sequence[str] | None = None
) -> list[CriteriaSet]:
    """The sets in a folder, in order of id; only those named in ``ids`` when given.

    ``known_labels`` are all labels that detectors and lexicons emit.

    Raises:
        ConfigError: a file is not TOML, or holds an unknown word, label, measure, profile field
            or criterion class, a duplicate id, or lacks something; or an id is not there.
    """
    parser = Parser(known_labels)
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ConfigError(f"There are no criteria in {folder}.", remedy="Give a folder of TOMLs.")
    loaded: dict[str, CriteriaSet] = {}
    for path in paths:
        file = SetFile(path)
        one = file.read(parser)
        if one.id in loaded:
            file.fail(f"The unit id {one.id!r} is already taken by another file", one.id)
        loaded[one.id] = one
    _check_known(loaded, ids or ())
    return [loaded[i] for i in sorted(loaded) if ids is None or i in ids]


def _check_known(known: Collection[str], ids: Sequence[str]) -> None:
    for wanted in ids:
        if wanted not in known:
            raise ConfigError(f"There are no criteria {wanted!r}.",
                              remedy=f"Known: {', '.join(sorted(known))}.")  # fmt: skip


def chosen_sets(sets: Sequence[CriteriaSet], ids: Sequence[str] | None = None) -> list[CriteriaSet]:
    """The sets to score calls against: those of ``ids``, or the default ones.

    Default are those marked ``default = true``; where none is, every set that is about a call.

    Raises:
        UsageError: an id is not there, or its set is about an agent and a period, not a call.
    """
    if ids is None:
        return [s for s in sets if s.default] or [s for s in sets if s.subject == "call"]
    known = {s.id: s for s in sets}
    _check_known(known, ids)
    for wanted in ids:
        if known[wanted].subject == "agent_period":
            raise UsageError(
                f"{wanted!r} is about an agent and a period, not about a call.",
                remedy="See callqa criteria for the sets that calls take.",
            )
    return [s for s in sets if s.id in ids]
