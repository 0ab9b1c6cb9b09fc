"""Generated pages: ``python -m callqa.docs [DIR]`` writes JSON Schema, labels and settings.

A test compares them with what stands in ``docs/``, so that they cannot go stale.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from callqa.detect.engine import load_engine
from callqa.measures import MEASURES
from callqa.profile import Profile
from callqa.records import CallRecord
from callqa.settings import Settings, load_settings

_MADE = "<!-- made by `make docs`; do not edit -->"


def pages() -> dict[str, str]:
    """Every generated page, by its path below ``docs/``."""
    schema = CallRecord.model_json_schema()
    return {
        "schema/call_record.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n",
        "labels.md": _labels(),
        "reference.md": _reference(),
    }


def _labels() -> str:
    engine = load_engine(load_settings().lexicons)
    coded = {label: d.name for d in engine.detectors for label in d.labels}
    families: dict[str, list[str]] = defaultdict(list)
    for label in sorted(engine.labels):
        families[label.split(".")[0]].append(label)
    lines = ["# Labels", _MADE, "", "What a detection can be, and what finds it.", ""]
    for family, labels in families.items():
        lines += [f"## {family}", "", "| label | found by |", "|---|---|"]
        lines += [f"| `{x}` | {_source(x, coded)} |" for x in labels]
        lines.append("")
    return "\n".join(lines)


def _source(label: str, coded: dict[str, str]) -> str:
    if label in coded:
        return f"detector `{coded[label]}`"
    return f"phrases, `lexicons/en/{label.split('.')[0]}.toml`"


def _reference() -> str:
    lines = ["# Settings, profile, measures", _MADE, ""]
    lines += ["## Settings", "", "From arguments, `CALLQA_*` variables or `callqa.toml`.", ""]
    lines += _fields(Settings, prefix="CALLQA_")
    lines += ["", "## Profile", "", "`organisation.toml`; criteria may name them `profile.…`.", ""]
    lines += _fields(Profile)
    lines += ["", "## Measures", "", "What `measure` in a rule can name.", ""]
    lines += ["| measure | definition |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in MEASURES.items()]
    return "\n".join([*lines, ""])


def _fields(model: type[Settings] | type[Profile], prefix: str = "") -> list[str]:
    rows = ["| name | default | what |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = (
            "shipped with callqa"
            if isinstance(default, Path) and default.is_absolute()
            else default
        )
        shown = '""' if shown == "" else shown
        rows.append(
            f"| `{prefix}{name.upper() if prefix else name}` | {shown} | {field.description} |"
        )
    return rows


def write(folder: Path) -> None:
    """Write every page below ``folder``."""
    for name, text in pages().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
