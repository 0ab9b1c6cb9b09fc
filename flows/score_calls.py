"""The batch as a Prefect flow: a task a stage, retries, progress with time left.

python -m flows.score_calls audio_samples --metadata audio_samples/metadata.csv
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import callqa  # noqa: F401  (switches telemetry off before Prefect is imported)

import typer  # isort: skip
from prefect import flow, task
from prefect.client.schemas.objects import State
from pydantic import BaseModel

from callqa.cli.common import SOME_FAILED, err, mistakes_told, out, tools
from callqa.errors import CallqaError, UsageError
from callqa.terminal import LEGEND, batch_table, progress
from callqa.workspace import Outcome, Workspace, find_sources, process_all, read_metadata

RETRIES = 2


def _worth_retrying(_task: Any, _run: Any, state: State[Any]) -> bool:
    """A bad recording stays bad; anything else (a busy database, memory) may pass."""
    try:
        state.result()
    except CallqaError:
        return False
    except Exception:
        return True
    return False


def as_task(stage: str, function: Callable[[], BaseModel]) -> BaseModel:
    """Run a stage as a Prefect task. Its output stays in memory: the workspace keeps it."""
    run = task(
        name=stage,
        retries=RETRIES,
        retry_delay_seconds=1,
        retry_condition_fn=_worth_retrying,
        persist_result=False,
        log_prints=False,
    )(lambda: function())
    return run()


@flow(name="score-calls", persist_result=False)
def score_calls(
    paths: Sequence[str],
    workspace: str | None = None,
    agent: str | None = None,
    metadata: str | None = None,
    criteria: Sequence[str] | None = None,
) -> dict[str, str]:
    """Score recordings, folders and transcripts; returns each source's state.

    Raises:
        UsageError: a path or the metadata cannot be used.
    """
    outcomes = _score(paths, workspace, agent, metadata, criteria)
    out.print(batch_table(outcomes))
    out.print(LEGEND, style="dim")
    return {o.source.name: o.state for o in outcomes}


def _score(
    paths: Sequence[str],
    workspace: str | None,
    agent: str | None,
    metadata: str | None,
    criteria: Sequence[str] | None,
) -> list[Outcome]:
    table = read_metadata(Path(metadata)) if metadata else {}
    sources, passed = find_sources(Path(p) for p in paths)
    if not sources:
        raise UsageError("There is nothing to score in " + ", ".join(paths) + ".")
    space = Workspace(tools(Path(workspace) if workspace else None, criteria))
    for source, why in passed:
        space.skip(source, why)
    outcomes = []
    with progress(sources, err) as bar:
        for outcome in process_all(space, sources, table, agent, run=as_task):
            outcomes.append(outcome)
            bar.advance(bar.task_ids[0])
            if outcome.error:
                err.print(f"failed: {outcome.source.name}: {outcome.error}", markup=False)
    return outcomes


def main(
    paths: list[str],
    workspace: str | None = None,
    agent: str | None = None,
    metadata: str | None = None,
    criteria: Annotated[list[str] | None, typer.Option()] = None,
) -> None:
    """Score calls as a Prefect flow."""
    # Prefect tells each task's start and end; the bar already does, and a cancelled local
    # server is no news.
    logging.getLogger("prefect").setLevel(logging.ERROR)
    with mistakes_told():
        states = score_calls(paths, workspace, agent, metadata, criteria)
    if "failed" in states.values():
        raise typer.Exit(SOME_FAILED)


if __name__ == "__main__":
    typer.run(main)
