"""``transcribe``, ``diarize``, ``doctor``: what listening gives, without scoring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from callqa import subtitles
from callqa.cli.common import (
    SOME_FAILED,
    err,
    mistakes_told,
    out,
    print_json,
    print_json_line,
    tools,
)
from callqa.errors import CallqaError, UsageError
from callqa.records import Heard

T = TypeVar("T")


class Format(StrEnum):
    """How a transcript is written."""

    json = "json"
    srt = "srt"
    vtt = "vtt"
    txt = "txt"


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (transcribe, diarize, doctor):
        app.command()(command)


def transcribe(
    audio: Annotated[list[Path], typer.Argument(help="Recordings.")],
    format: Annotated[Format, typer.Option(help="How to write it.")] = Format.json,
) -> None:
    """Who said what, with roles and times; card numbers and the like are taken out."""
    from callqa.pipeline import hear

    with mistakes_told():
        made = tools()
    failed = False
    for path, heard in _each(audio, lambda p: hear(p, made)):
        if heard is None:
            failed = True
        elif format is Format.json:
            write = print_json if len(audio) == 1 else print_json_line
            write(subtitles.as_json(path.stem, heard))
        else:
            if len(audio) > 1 and format is Format.txt:
                typer.echo(f"# {path.name}")
            typer.echo(_text(heard, format), nl=False)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _text(heard: Heard, format: Format) -> str:
    writers = {
        Format.srt: subtitles.as_srt,
        Format.vtt: subtitles.as_vtt,
        Format.txt: subtitles.as_txt,
    }
    return writers[format](heard)


def diarize(
    audio: Annotated[list[Path], typer.Argument(help="Recordings.")],
    rttm: Annotated[
        Path | None, typer.Option(help="RTTM file to write; a folder when there are many.")
    ] = None,
    speakers: Annotated[int | None, typer.Option(min=1, help="How many voices, if known.")] = None,
) -> None:
    """Who spoke when, as RTTM."""
    from callqa import listen

    with mistakes_told():
        settings = tools().settings
        if rttm and len(audio) > 1:
            if rttm.is_file():
                raise UsageError(f"{rttm} is a file, and there are {len(audio)} recordings.",
                                 remedy="Give a folder with --rttm.")  # fmt: skip
            rttm.mkdir(parents=True, exist_ok=True)
    failed = False
    hearing = lambda p: listen.diarize_only(p, settings, speakers=speakers)  # noqa: E731
    for path, spans in _each(audio, hearing):
        if spans is None:
            failed = True
            continue
        text = subtitles.as_rttm(path.stem, spans)
        if rttm is None:
            typer.echo(text, nl=False)
        else:
            target = rttm / f"{path.stem}.rttm" if len(audio) > 1 or rttm.is_dir() else rttm
            target.write_text(text, encoding="utf-8")
    if failed:
        raise typer.Exit(SOME_FAILED)


def _each(paths: list[Path], function: Callable[[Path], T]) -> Iterator[tuple[Path, T | None]]:
    """Each path with what the function gives; a failure is told, and the rest goes on."""
    for path in paths:
        try:
            yield path, function(path)
        except CallqaError as error:
            err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
            yield path, None


def doctor() -> None:
    """What is installed, where from, and what is missing with the command that mends it."""
    from callqa.doctor import examine

    rows = examine()
    table = Table(header_style="bold")
    for name in ("", "what", "version", "from", "to mend it"):
        table.add_column(name, overflow="fold")
    for row in rows:
        mark = "[green]✔[/]" if row.ok else "[red]✘[/]"
        table.add_row(mark, row.what, row.version, row.source, row.remedy)
    out.print(table)
    if not all(row.ok for row in rows):
        raise typer.Exit(SOME_FAILED)
