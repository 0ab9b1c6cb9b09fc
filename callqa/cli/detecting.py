"""``detect``: detections on transcripts made elsewhere, without sound, models for sound, or a
server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from callqa.cli.common import (
    SOME_FAILED,
    err,
    mistakes_told,
    out,
    print_json,
    print_json_line,
    tools,
)
from callqa.errors import TranscriptError
from callqa.pipeline import Tools, read, understand
from callqa.records import Detection, Metadata, Turn
from callqa.redact import source_offset
from callqa.terminal import clock
from callqa.transcripts import GivenCall, read_calls


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(detect)


def detect(
    transcripts: Annotated[list[Path], typer.Argument(help="JSON, JSON Lines, SRT or VTT.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    profile: Annotated[Path | None, typer.Option(help="The organisation's profile.")] = None,
) -> None:
    """What is done and said in transcripts. JSON Lines in, JSON Lines out."""
    with mistakes_told():
        made = tools(profile=profile)
    failed = False
    lines = len(transcripts) > 1 or transcripts[0].suffix.lower() == ".jsonl"
    for call in _calls(transcripts):
        if isinstance(call, GivenCall):
            _tell(call, made, as_json=as_json, lines=lines)
        else:
            err.print(str(call), style="red", markup=False, highlight=False, soft_wrap=True)
            failed = True
    if failed:
        raise typer.Exit(SOME_FAILED)


def _calls(paths: list[Path]) -> Iterator[GivenCall | TranscriptError]:
    """Every call of every file; what cannot be read comes as its error, and the rest goes on."""
    for path in paths:
        try:
            yield from read_calls(path)
        except TranscriptError as error:
            yield error


def _tell(call: GivenCall, made: Tools, *, as_json: bool, lines: bool) -> None:
    heard = read(call)
    found = understand(call.call_id, heard, Metadata(), made).detections
    turns = heard.transcript.turns
    if as_json:
        rows = [_row(d, turns) for d in found]
        (print_json_line if lines else print_json)({"call_id": call.call_id, "detections": rows})
        return
    out.print(f"[bold]{call.call_id}[/]")
    for d in found:
        place = clock(d.start_s) if d.start_s is not None else f"turn {d.turn}"
        text = f"{place:>8} {d.role:>9}  {d.label:32} {d.confidence:.2f}  {d.quote}"
        out.print(text, markup=False, highlight=False, soft_wrap=True)


def _row(d: Detection, turns: tuple[Turn, ...]) -> dict[str, Any]:
    """A detection with characters in the text as it was given."""
    start, end = d.start_char, d.end_char
    if d.turn is not None and start is not None and end is not None:
        start = source_offset(turns[d.turn], start)
        end = source_offset(turns[d.turn], end, end=True)
    return {
        "id": d.id,
        "label": d.label,
        "role": d.role,
        "turn": d.turn,
        "start_char": start,
        "end_char": end,
        "start_s": d.start_s,
        "end_s": d.end_s,
        "quote": d.quote,
        "confidence": d.confidence,
        "why": d.why,
        "attributes": d.attributes,
        "parts": list(d.parts),
    }
