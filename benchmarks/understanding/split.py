"""Which calls are kept back for the final figure, by the ids in ``evaluation/split.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

EVALUATION = Path(__file__).resolve().parents[2] / "evaluation"


@cache
def sealed(source: str) -> frozenset[str]:
    """The ids kept back of ``oasis`` or ``transcripts``."""
    split = tomllib.loads((EVALUATION / "split.toml").read_text(encoding="utf-8"))
    return frozenset(split[source])
