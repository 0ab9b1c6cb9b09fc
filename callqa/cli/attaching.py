"""``attach``: what people add for a candidate that no call can show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callqa.cli.common import mistakes_told, open_workspace, out
from callqa.errors import UsageError

if TYPE_CHECKING:
    from callqa.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(attach)


def attach(
    candidate: Annotated[str, typer.Argument(help="The candidate's agent id.")],
    by: Annotated[str, typer.Option("--by", help="The name of who attaches it.")],
    file: Annotated[Path | None, typer.Argument(help="A document, picture or recording.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="As the unit names it, such as witness_testimony.")
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option(help="The outcome it is for [default: all that ask for it].")
    ] = None,
    criteria: Annotated[
        list[str] | None, typer.Option(help="The unit it is for; repeat for several.")
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option(help="Take back the attachment of this id instead.")
    ] = None,
    workspace: Annotated[Path | None, typer.Option(help="Folder of the database.")] = None,
) -> None:
    """Attach a file for a candidate: it is copied, with its hash, a named person and the date."""
    with mistakes_told():
        space = open_workspace(workspace)
        if withdraw:
            told = _withdrawn(space, candidate, withdraw, by, file)
        elif file is None or kind is None:
            raise UsageError(
                "Nothing to attach was given.",
                remedy="Write: callqa attach CANDIDATE FILE --kind KIND --by NAME",
            )
        else:
            told = _attached(space, candidate, file, kind, by, part or (), criteria)
    out.print(told, markup=False, highlight=False, soft_wrap=True)


def _attached(
    space: Workspace,
    candidate: str,
    file: Path,
    kind: str,
    by: str,
    parts: list[str] | tuple[str, ...],
    criteria: list[str] | None,
) -> str:
    from callqa.candidates import attach as keep
    from callqa.score import chosen_sets

    units = [u for u in chosen_sets(space.tools.every_set, criteria) if u.kind == "unit"]
    made = keep(space, candidate, file, kind, by=by, units=units, parts=parts)
    return (
        f"{made.name} is attached for {candidate} as {made.kind} by {made.by}; it counts for "
        f"{', '.join(made.parts)}. To take it back: --withdraw {made.id}"
    )


def _withdrawn(space: Workspace, candidate: str, id: str, by: str, file: Path | None) -> str:
    from callqa.candidates import withdraw

    if file is not None:
        raise UsageError("A file cannot be attached and another taken back at once.",
                         remedy="Do one after the other.")  # fmt: skip
    ended = withdraw(space, candidate, id, by=by)
    return f"{ended.name} ({ended.kind}) is taken back and counts no more."
