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
from callqa.pipeline import load_tools
from callqa.profile import Profile
from callqa.records import CallRecord
from callqa.score.sets import CriteriaSet, Criterion
from callqa.settings import Settings, load_settings

_MADE = "<!-- made by `make docs`; do not edit -->"


def pages() -> dict[str, str]:
    """Every generated page, by its path below ``docs/``."""
    schema = CallRecord.model_json_schema()
    return {
        "schema/call_record.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n",
        "labels.md": _labels(),
        "reference.md": _reference(),
        "sets.md": _sets(),
    }


def _labels() -> str:
    engine = load_engine(load_settings().lexicons)
    coded = {label: d.name for d in engine.detectors for label in d.labels}
    learned = frozenset(engine.learned.labels if engine.learned else ())
    families: dict[str, list[str]] = defaultdict(list)
    for label in sorted(engine.labels):
        families[label.split(".")[0]].append(label)
    lines = ["# Labels", _MADE, "", "What a detection can be, and what finds it.", ""]
    for family, labels in families.items():
        lines += [f"## {family}", "", "| label | found by |", "|---|---|"]
        lines += [f"| `{x}` | {_source(x, coded, learned)} |" for x in labels]
        lines.append("")
    return "\n".join(lines)


def _source(label: str, coded: dict[str, str], learned: frozenset[str]) -> str:
    also = "; the fitted model" if label in learned else ""
    if label in coded:
        return f"detector `{coded[label]}`{also}"
    return f"phrases, `lexicons/en/{label.split('.')[0]}.toml`{also}"


def _sets() -> str:
    lines = ["# Criteria sets", _MADE, ""]
    lines += ["What `criteria/` holds; `docs/criteria.md` explains classes and statuses.", ""]
    lines += ["A title marked * is ours; every other is its source's own.", ""]
    for one in load_tools().every_set:
        default = "scored by default" if one.default else "scored on demand"
        subject = one.subject.replace("_", " and ")
        lines += [f"## {one.awarding_body}, {one.unit_code}: {one.title}", ""]
        lines += [f"`{one.id}` · {one.kind} about a {subject} · {default} · {one.edition}", ""]
        lines += [f"Source: {one.source}. {one.acknowledgement} {one.notice}", ""]
        lines += [f"Scale: {', '.join(one.scale)}" + _award(one) + ".", ""]
        for group in one.groups:
            lines += [f"**{group.title}** ({group.requirement.rstrip('.')})", ""]
            lines += ["| | title | class | what we listen for |", "|---|---|---|---|"]
            lines += [_criterion(c) for c in one.criteria if c.group == group.id]
            lines.append("")
    return "\n".join(lines)


def _award(one: CriteriaSet) -> str:
    return f"; every criterion needs {one.award_at}" if one.award_at else ""


def _criterion(one: Criterion) -> str:
    title = one.title + (" *" if one.title_source == "ours" else "")
    return f"| {one.id} | {title} | {one.criterion_class} | {one.guidance} |"


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
