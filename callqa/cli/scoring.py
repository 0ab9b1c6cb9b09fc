"""``score``, ``show``, ``report``, ``pack``: calls in a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from callqa.cli.common import (
    SOME_FAILED,
    err,
    mistakes_told,
    open_workspace,
    out,
    print_json,
    tools,
)
from callqa.errors import UsageError
from callqa.records import CallRecord
from callqa.terminal import LEGEND, batch_table, print_call, progress
from callqa.workspace import Outcome, Workspace, find_sources, process_all, read_metadata

Folder = Annotated[
    Path | None,
    typer.Option("--workspace", help="Folder of the database and reports [default: workspace]."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (score, show, report, pack):
        app.command()(command)


def score(
    paths: Annotated[list[Path], typer.Argument(help="Recordings, folders, or transcripts.")],
    workspace: Folder = None,
    agent: Annotated[str | None, typer.Option(help="The agent's id, for all these calls.")] = None,
    metadata: Annotated[
        Path | None, typer.Option(help="CSV: a column 'file', and any of call_id, agent_id, …")
    ] = None,
    criteria: Annotated[
        list[str] | None, typer.Option(help="Criteria set; repeat for several.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="The organisation's profile.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score calls. What is done is not done again; a bad file does not stop the others."""
    with mistakes_told():
        table = read_metadata(metadata) if metadata else {}
        sources, passed = find_sources(paths)
        if not sources:
            raise UsageError(
                "There is no recording or transcript in " + ", ".join(map(str, paths)) + ".",
                remedy="Recordings are known by their suffix (.wav, .mp3, .flac, …).",
            )
        space = Workspace(tools(workspace, criteria, profile))
        for source, why in passed:
            space.skip(source, why)
        outcomes: list[Outcome] = []
        with progress(sources, err) as bar:
            for outcome in process_all(space, sources, table, agent):
                outcomes.append(outcome)
                bar.advance(bar.task_ids[0])
        if as_json:
            print_json(_summary(outcomes))
        else:
            _tell(outcomes, len(passed), space)
    if any(o.state == "failed" for o in outcomes):
        raise typer.Exit(SOME_FAILED)


def _tell(outcomes: list[Outcome], passed: int, space: Workspace) -> None:
    # A pipe has no width of its own; the table should not be cut to 80 columns there.
    console = out if out.is_terminal else Console(width=150)
    console.print(batch_table(outcomes))
    console.print(LEGEND, style="dim")
    for outcome in outcomes:
        if outcome.error:
            text = f"failed: {outcome.source.name}: {outcome.error}"
            err.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
    failed = sum(o.state == "failed" for o in outcomes)
    listened = sum("listen" in o.stages_run for o in outcomes)
    console.print(
        f"{len(outcomes) - failed} scored ({listened} listened to anew), {failed} failed, "
        f"{passed} passed over. Kept in {space.folder}/; "
        f"pages: callqa report --all --workspace {space.folder}",
        markup=False,
    )


def _summary(outcomes: list[Outcome]) -> dict[str, Any]:
    calls = []
    for o in outcomes:
        row: dict[str, Any] = {"source": o.source.name, "state": o.state}
        if o.record:
            row |= _brief(o.record)
        if o.error:
            row |= {"error": str(o.error), "stage": o.error.stage}
        row["stages_run"] = list(o.stages_run)
        calls.append(row)
    return {"calls": calls}


def _brief(record: CallRecord) -> dict[str, Any]:
    return {
        "call_id": record.call_id,
        "agent_id": record.metadata.agent_id,
        "duration_s": record.duration_s,
        "kind": record.kind,
        "roles": {p.id: p.role for p in record.participants},
        "totals": [t.model_dump() | {"observable": t.observable} for t in record.totals],
        "flags": [f.model_dump() for f in record.flags],
        "results": [
            r.model_dump(include={"criteria", "criterion", "participant", "status", "confidence"})
            for r in record.results
        ],
    }


def show(
    call: Annotated[str, typer.Argument(help="The id of a call.")],
    workspace: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Show a call: its results with reasons, and its transcript; with --json the whole record."""
    with mistakes_told():
        record = open_workspace(workspace).record(call)
    if as_json:
        print_json(record.model_dump(mode="json"))
    else:
        print_call(record, out)


def report(
    calls: Annotated[list[str] | None, typer.Argument(help="Ids of calls.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All calls and agents.")] = False,
    workspace: Folder = None,
) -> None:
    """Write HTML pages: a page a call, and with --all the overview and a page an agent."""
    from callqa.publish import publish

    with mistakes_told():
        if bool(calls) == every:
            raise UsageError("Give the ids of calls, or --all.", remedy="See callqa report --help.")
        space = open_workspace(workspace)
        start = publish(space, None if every else calls or [])
    out.print(f"Open {start}", markup=False, soft_wrap=True)


def pack(
    calls: Annotated[list[str], typer.Argument(help="Ids of calls.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A new folder, or a .zip file.")],
    workspace: Folder = None,
    candidate: Annotated[str | None, typer.Option(help="Whose portfolio it is for.")] = None,
) -> None:
    """Write an evidence pack: PDF, records, a clip per quoted moment, a manifest."""
    from callqa.publish import write_pack

    with mistakes_told():
        summary = write_pack(open_workspace(workspace), calls, output, candidate)
    out.print(f"{output}: {summary}", markup=False, soft_wrap=True)
