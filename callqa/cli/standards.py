"""``criteria``: what calls can be scored against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from callqa.cli.common import mistakes_told, out, print_json, tools

if TYPE_CHECKING:
    from callqa.score.sets import CriteriaSet

_SUBJECTS = {"call": "a call", "candidate": "a candidate", "agent_period": "an agent and period"}


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(criteria)


def criteria(
    profile: Annotated[Path | None, typer.Option(help="The organisation's profile.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """List the criteria sets and scorecards, and which are scored by default."""
    with mistakes_told():
        found = tools(profile=profile)
        rows = [_row(s, s in found.criteria) for s in found.every_set]
    if as_json:
        print_json({"criteria": rows})
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("", "set", "title", "about", "criteria", "scale"):
        table.add_column(name, justify="right" if name == "criteria" else "left")
    for row in rows:
        table.add_row(
            "●" if row["default"] else "",
            row["id"],
            f"{row['awarding_body']}, {row['unit_code']}: {row['title']}",
            _SUBJECTS[row["subject"]] + (", scorecard" if row["kind"] == "scorecard" else ""),
            str(row["criteria"]),
            " · ".join(row["scale"]),
        )
    (out if out.is_terminal else Console(width=170)).print(table)
    out.print("● scored by default; the others with: callqa score --criteria SET", markup=False)


def _row(one: CriteriaSet, is_default: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "awarding_body": one.awarding_body,
        "unit_code": one.unit_code,
        "edition": one.edition,
        "source": one.source,
        "subject": one.subject,
        "scale": list(one.scale),
        "award_at": one.award_at or None,
        "default": is_default,
        "criteria": len(one.criteria),
        "hash": one.hash,
    }
