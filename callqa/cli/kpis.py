"""``kpis``, ``enter``: an agent's figures for a period, from calls and from people."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from callqa.cli.common import mistakes_told, open_workspace, out, print_json
from callqa.errors import UsageError
from callqa.evidence.aggregates import LEFT_OUT, UNTOLD
from callqa.evidence.figures import MINIMUM, Figure
from callqa.evidence.situations import TYPES
from callqa.kpis import AgentKpis, Kpi, enter, kpi_set, kpis
from callqa.records import Entered
from callqa.terminal import clock, counted

From = Annotated[str | None, typer.Option("--from", help="The first day (ISO 8601).")]
To = Annotated[str | None, typer.Option("--to", help="The last day.")]
Set = Annotated[str | None, typer.Option("--criteria", help="Which figures, where there are more.")]
Folder = Annotated[Path | None, typer.Option("--workspace", help="Folder of the database.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("kpis")(show_kpis)
    app.command("enter")(enter_figure)


def show_kpis(
    agent: Annotated[
        list[str] | None, typer.Option(help="Whose; repeat for several [default: everyone].")
    ] = None,
    first: From = None,
    last: To = None,
    criteria: Set = None,
    workspace: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show figures of agents and a period: what calls show is computed, people enter the rest."""
    with mistakes_told():
        space = open_workspace(workspace)
        unit = kpi_set(space.tools.every_set, criteria)
        since = None if first is None else _day(first)
        until = None if last is None else _day(last)
        found = kpis(space, unit, agent or (), since, until)
    if as_json:
        print_json({
            "criteria": unit.id, "since": since and since.isoformat(),
            "until": until and until.isoformat(), "minimum": MINIMUM,
            "agents": [_told(one) for one in found],
        })  # fmt: skip
        return
    out.print(f"{unit.awarding_body}: {unit.title}. {unit.notice}", style="dim", markup=False,
              soft_wrap=True)  # fmt: skip
    for one in found:
        _print(one, _period(since, until))
    if not found:
        out.print("No call of a known agent in this period.")


def enter_figure(
    agent: Annotated[str, typer.Argument(help="The agent's id.")],
    kpi: Annotated[str, typer.Argument(help="The figure, such as j.")],
    value: Annotated[str, typer.Argument(help="What it is, as it is to be read.")],
    first: Annotated[str, typer.Option("--from", help="The first day of its period (ISO 8601).")],
    last: Annotated[str, typer.Option("--to", help="The last day of its period.")],
    by: Annotated[str, typer.Option("--by", help="The name of who says so.")],
    reason: Annotated[str, typer.Option("--reason", help="Where it comes from.")],
    level: Annotated[str, typer.Option(help="A word of the scale, against the target.")] = "",
    criteria: Set = None,
    workspace: Folder = None,
) -> None:
    """Enter a figure that calls cannot show, in a person's name. Earlier words are kept."""
    with mistakes_told():
        since, until = _day(first), _day(last)
        space = open_workspace(workspace)
        unit = kpi_set(space.tools.every_set, criteria)
        made = enter(space, unit, agent, kpi, value, since=since, until=until, by=by,
                     reason=reason, level=level)  # fmt: skip
    out.print(f"{made.agent_id} {made.criteria} {made.criterion}: {_entered(made)}",
              markup=False, highlight=False, soft_wrap=True)  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day.", remedy="Give it as 2025-03-04.") from error


# ---------------------------------------------------------------- telling


def _told(one: AgentKpis) -> dict[str, Any]:
    return {
        "agent": one.agent,
        "case_mix": one.case_mix,
        "kpis": [
            {
                "id": k.id,
                "title": k.title,
                "computed": vars(k.computed) if k.computed else None,
                "entered": [e.model_dump(mode="json") for e in k.entered],
                "note": k.note or None,
            }
            for k in one.kpis
        ],
    }


def _print(one: AgentKpis, period: str) -> None:
    out.print(f"\n{one.agent}, {period}: {_mix(one.case_mix)}", style="bold", markup=False,
              highlight=False, soft_wrap=True)  # fmt: skip
    table = Table(header_style="bold", box=None, pad_edge=False)
    numbers = ("value", "95% interval", "calls")
    for name in ("", "figure", *numbers, "from"):
        table.add_column(name, justify="right" if name in numbers else "left")
    for k in one.kpis:
        for row in _rows(k):
            table.add_row(*map(Text, row))
    (out if out.is_terminal else Console(width=170)).print(table)


def _rows(k: Kpi) -> list[tuple[str, ...]]:
    rows = []
    if f := k.computed:
        shown = f.value is not None
        between = f"{_number(f.low, f)} to {_number(f.high, f)}" if shown else ""
        value = _number(f.value, f) if shown else "too few"
        rows.append((value, between, str(f.n), k.note or "calls"))
    rows += [(e.value, "", "", _entered(e, with_value=False)) for e in k.entered]
    rows = rows or [("–", "", "", k.note)]
    heads = [(k.id, k.title), *[("", "")] * (len(rows) - 1)]
    return [(*head, *row) for head, row in zip(heads, rows, strict=True)]


def _number(value: float | None, f: Figure) -> str:
    if value is None:
        return "–"
    if f.unit == "share":
        return f"{value:.0%}"
    return clock(value) if f.unit.endswith("_s") else f"{value:.3g}"


def _entered(e: Entered, *, with_value: bool = True) -> str:
    value = f"{e.value} " if with_value else ""
    level = f", {e.level}" if e.level else ""
    return (
        f"{value}entered by {e.by}, {e.at[:10]}, for {_period(e.since, e.until)}{level}: {e.reason}"
    )


def _period(since: date | None, until: date | None) -> str:
    if since and until:
        return f"{since} to {until}"
    return f"from {since}" if since else f"to {until}" if until else "all days"


def _mix(mix: dict[str, Any]) -> str:
    if not mix:
        return "no calls"
    about = [f"{mix[kind]} {kind.replace('_', ' ')}" for kind in (*TYPES, UNTOLD) if mix[kind]]
    left = [f"{mix[why]} {why.replace('_', ' ')}" for why in LEFT_OUT if mix[why]]
    told = counted(mix["conversations"], "conversation") + (
        f" ({', '.join(about)})" if about else ""
    )
    if mix["mean_length_s"] is not None:
        told += f", mean length {clock(mix['mean_length_s'])}"
    return told + (f"; left out: {', '.join(left)}" if left else "")
