"""``criteria``, ``card``: what calls can be scored against, and one call on a scorecard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from callqa.cli.common import mistakes_told, open_workspace, out, print_json, tools

if TYPE_CHECKING:
    from callqa.records import CallRecord, CriterionResult
    from callqa.score.scorecard import CardScore, Given
    from callqa.score.sets import Answer, CriteriaSet

# A judgement's word as an answer: of a card's own scale, or a status.
_ANSWERS: dict[str, Answer] = {
    "yes": "yes", "evidenced": "yes", "partly": "partly", "no": "no", "contradicted": "no",
    "not_evidenced": "no", "na": "na", "not_applicable": "na",
}  # fmt: skip
_SUBJECTS = {"call": "a call", "candidate": "a candidate", "agent_period": "an agent and period"}


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(criteria)
    app.command()(card)


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


def card(
    call: Annotated[str, typer.Argument(help="The id of a call.")],
    name: Annotated[str, typer.Option("--card", help="Which scorecard.")] = "scorecard_default",
    workspace: Annotated[Path | None, typer.Option(help="Folder of the database.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show a call on a scorecard: points of applicable points, and what is still open."""
    from callqa.score import ScoreInput, chosen_sets, score
    from callqa.score.scorecard import fill_in

    with mistakes_told():
        space = open_workspace(workspace)
        (one,) = chosen_sets(space.tools.every_set, [name])
        record = space.record(call)
        results = score(ScoreInput.of(record), [one], space.tools.profile)
        people: dict[str, list[CriterionResult]] = {}
        for r in results:
            people.setdefault(r.participant, []).append(r)
        filled = {p: fill_in(one, own, _given(record, own)) for p, own in people.items()}
    if as_json:
        rows = [{"participant": p, **_filled(f)} for p, f in filled.items()]
        print_json({"card": one.id, "hash": one.hash, "cards": rows})
        return
    for participant, one_card in filled.items():
        table = Table(header_style="bold", box=None, pad_edge=False)
        for heading, justify in (("item", "left"), ("proposed", "left"), ("points", "right")):
            table.add_column(heading, justify=justify)  # type: ignore[arg-type]
        for i in one_card.items:
            points = f"{i.points:g}/{i.item.weight:g}" if i.applies else "–"
            mark = " (critical)" if i.item.critical else ""
            table.add_row(i.item.title + mark, i.answer or "open", points)
        out.print(f"{call}, {participant or 'no agent'}: {one_card.told}", markup=False)
        out.print(table)


def _given(record: CallRecord, results: Sequence[CriterionResult]) -> list[Given]:
    """What people judged on these results: their ids hold the card's version."""
    from callqa.score.scorecard import Given

    known = {r.id: r for r in results}
    said = sorted((j for j in record.judgements if j.result_id in known), key=lambda j: j.at)
    return [
        Given(j.criterion, _ANSWERS[j.level], j.by, known[j.result_id].criteria_hash)
        for j in said
        if j.level in _ANSWERS
    ]


def _filled(one: CardScore) -> dict[str, Any]:
    return {
        "points": one.points,
        "applicable": one.applicable,
        "open_points": one.open_points,
        "confirmed_points": one.confirmed_points,
        "bands": list(one.bands),
        "proposed_fails": list(one.proposed_fails),
        "failed": list(one.failed),
        "items": [
            {"id": i.item.id, "answer": i.answer, "proposed": i.proposed, "points": i.points,
             "weight": i.item.weight, "applies": i.applies, "critical": i.item.critical}
            for i in one.items
        ],
    }  # fmt: skip
