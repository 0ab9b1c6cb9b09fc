"""Names and scales of every criteria set, without the rules: quick to read, and needs no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from callqa.records import Status
from callqa.score.setfile import SetFile

# Words of a scorecard's scale; any other scale is read by the level that the award needs.
_ANSWERS: dict[str, Status] = {
    "yes": "evidenced", "partly": "partly", "no": "contradicted", "na": "not_applicable",
}  # fmt: skip


@dataclass(frozen=True)
class Catalogue:
    """Titles of criteria by set and id; by set and level, the status that the level stands for."""

    titles: dict[tuple[str, str], str]
    meanings: dict[tuple[str, str], Status]


def catalogue(folder: Path) -> Catalogue:
    """Titles and levels of the sets in a folder. Their rules are not read, and not checked.

    Raises:
        ConfigError: a file is not TOML.
    """
    found = Catalogue({}, {})
    for path in sorted(folder.glob("*.toml")):
        raw = SetFile(path).raw
        id = str(raw.get("id", ""))
        for one in raw.get("criteria", ()):
            found.titles[id, str(one.get("id"))] = str(one.get("title", ""))
        if raw.get("kind") == "scorecard":
            found.meanings.update({(id, word): status for word, status in _ANSWERS.items()})
        else:
            scale = [str(level) for level in raw.get("scale", ())]
            found.meanings.update(
                {(id, level): s for level, s in _meanings(scale, raw.get("award_at", "")).items()}
            )
    return found


def _meanings(scale: Sequence[str], award_at: str) -> dict[str, Status]:
    """From the level that the award needs (the last, unless told) a criterion is shown."""
    needed = scale.index(award_at) if award_at in scale else len(scale) - 1
    return {s: "evidenced" if n >= needed else "not_evidenced" for n, s in enumerate(scale)}
