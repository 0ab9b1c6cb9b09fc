"""What the commands share: consoles, the exit on a user's mistake, tools from options."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from callqa.errors import CallqaError, UsageError
from callqa.pipeline import Tools, load_tools
from callqa.settings import load_settings
from callqa.workspace import Workspace

DONE, SOME_FAILED, WRONG_USAGE = 0, 1, 2
out = Console()
err = Console(stderr=True)


def fail(error: CallqaError) -> NoReturn:
    """One sentence on the screen and the exit code that fits; never a traceback."""
    err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(WRONG_USAGE if isinstance(error, UsageError) else SOME_FAILED)


@contextmanager
def mistakes_told() -> Iterator[None]:
    """Turn a ``CallqaError`` into its sentence and exit code."""
    try:
        yield
    except CallqaError as error:
        fail(error)


def tools(
    workspace: Path | None = None,
    criteria: Sequence[str] | None = None,
    profile: Path | None = None,
) -> Tools:
    """Tools from options over environment and ``callqa.toml``."""
    return load_tools(load_settings(workspace=workspace, profile=profile), criteria)


def open_workspace(folder: Path | None, criteria: Sequence[str] | None = None) -> Workspace:
    """A workspace that must already be there.

    Raises:
        UsageError: there is no workspace in that folder.
    """
    found = Workspace(tools(folder, criteria))
    settings = found.tools.settings
    if not settings.database_url and not (settings.workspace / "callqa.db").is_file():
        raise UsageError(
            f"There is no workspace in {settings.workspace}.",
            remedy="Make one with: callqa score PATH… --workspace DIR",
        )
    return found


def print_json(value: object) -> None:
    """JSON on standard output, as UTF-8."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_json_line(value: object) -> None:
    """One JSON value a line, flushed, so that a reader can follow along."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
