"""Gathers the commands into ``callqa``."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

import callqa
from callqa.cli import (
    attaching,
    detecting,
    judging,
    kpis,
    listening,
    portfolio,
    reviewing,
    scoring,
    standards,
)
from callqa.errors import CallqaError

app = typer.Typer(
    name="callqa",
    help="Listens to recorded customer-service calls and turns each into evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    scoring, judging, reviewing, standards, portfolio, attaching, kpis, listening, detecting,
):  # fmt: skip
    module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"callqa {callqa.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Listens to recorded customer-service calls and turns each into evidence."""


def main() -> None:
    """Run a command; a stop by the user keeps what is done."""
    try:
        app()
    except CallqaError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was finished is kept; run the same command to go on.\n")
        sys.stderr.flush()
        os._exit(130)  # threads in the middle of a recording would be waited for otherwise
