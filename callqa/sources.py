"""What there is to score: recordings and transcripts in files and folders, and their metadata."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from callqa.errors import CallqaError, RecordingError, TranscriptError, UsageError
from callqa.records import Metadata
from callqa.transcripts import SUFFIXES, GivenCall, read_calls

AUDIO_SUFFIXES = frozenset(
    ".wav .mp3 .m4a .aac .ogg .opus .oga .flac .amr .wma .gsm .au .aiff .aif .ulaw .alaw .mp4 "
    ".mkv .mov .avi .webm .3gp .caf .mka".split()
)
_BESIDE = frozenset({"", ".csv", ".toml", ".py", ".pyc", ".md", ".html", ".pdf", ".db", ".rttm"})


@dataclass(frozen=True)
class Source:
    """Something to score: a recording, or one call of a transcript file."""

    name: str  # as it is told to people and kept in the ledger
    path: Path
    given: GivenCall | None = None
    error: CallqaError | None = None  # it was found, but cannot be read
    size: int = 0


def digest(source: Source) -> str:
    """SHA-256 of a source's bytes (of a given call's words).

    Raises:
        RecordingError: the file cannot be read.
    """
    if source.given:
        return hashlib.sha256(source.given.transcript.model_dump_json().encode()).hexdigest()
    try:
        with source.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RecordingError(
            f"{source.name} cannot be read: {error.strerror}.", remedy="Check path and rights."
        ) from error


def find_sources(paths: Iterable[Path]) -> tuple[list[Source], list[tuple[Source, str]]]:
    """Sources named by files and folders, and the files of folders that are passed over.

    A file that is named is always tried. In a folder, recordings are known by their suffix; a
    transcript that has the name of a recording there is taken for its companion.

    Raises:
        UsageError: a path does not exist.
    """
    found: list[Source] = []
    passed: list[tuple[Source, str]] = []
    for path in paths:
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
            audio = {p.stem for p in files if p.suffix.lower() in AUDIO_SUFFIXES}
            for file in files:
                why = _passed_over(file, audio)
                if why is None:
                    found += _open(file)
                elif why:
                    passed.append((Source(str(file), file), why))
        elif path.is_file():
            found += _open(path)
        else:
            raise UsageError(f"There is no file or folder {path}.", remedy="Check the path.")
    unique = {s.name: s for s in found}
    return list(unique.values()), passed


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _passed_over(file: Path, audio: set[str]) -> str | None:
    """None: score it; "": silently beside the calls; else the reason it is passed over."""
    suffix = file.suffix.lower()
    if suffix in AUDIO_SUFFIXES:
        return None
    if suffix in SUFFIXES:
        return "" if file.stem.split(".")[0] in {a.split(".")[0] for a in audio} else None
    return "" if suffix in _BESIDE else "its name is not that of a recording or a transcript"


def _open(path: Path) -> list[Source]:
    size = path.stat().st_size
    if path.suffix.lower() not in SUFFIXES:
        return [Source(str(path), path, size=size)]
    sources: list[Source] = []
    try:
        for number, call in enumerate(read_calls(path), 1):
            name = f"{path}#{number}" if path.suffix.lower() == ".jsonl" else str(path)
            if isinstance(call, TranscriptError):
                sources.append(Source(name, path, error=call))
            else:
                sources.append(Source(name, path, given=call, size=len(call.transcript.turns)))
    except TranscriptError as error:
        sources.append(Source(str(path), path, error=error))
    return sources


def read_metadata(path: Path) -> dict[str, Metadata]:
    """Metadata by file name, from a CSV with a column ``file`` and any fields of Metadata.

    Raises:
        UsageError: the file cannot be read, has no ``file`` column, or a value cannot be used.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"The metadata {path} cannot be read: {error}.", remedy="Give a UTF-8 CSV file."
        ) from error
    if rows and "file" not in rows[0]:
        raise UsageError(
            f"The metadata {path.name} has no column 'file'; it has {', '.join(rows[0])}.",
            remedy="Known columns: file, " + ", ".join(Metadata.model_fields) + ".",
        )
    out: dict[str, Metadata] = {}
    for line, row in enumerate(rows, 2):
        fields = {k: v for k, v in row.items() if k in Metadata.model_fields and v}
        try:
            out[row["file"]] = Metadata.model_validate(fields)
        except ValidationError as error:
            first = error.errors()[0]
            raise UsageError(
                f"{path.name}, line {line}: {first['loc'][0]} = {first.get('input')!r} cannot be "
                f"used ({first['msg']}).",
                remedy="Mend that cell.",
            ) from error
    return out


def metadata_for(
    source: Source, table: Mapping[str, Metadata], agent_id: str | None = None
) -> Metadata | None:
    """A source's metadata: its row by path or by name, with a given agent laid over."""
    path = source.path
    row = table.get(str(path)) or table.get(path.name) or table.get(path.stem)
    if agent_id:
        return (row or Metadata()).model_copy(update={"agent_id": agent_id})
    return row
