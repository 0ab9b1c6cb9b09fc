"""Joins pipeline and store: the one way in which calls are processed, from any edge.

``process`` runs a source through listening, detecting and scoring, keeps each stage's output
under the hash of what went into it, and writes down what became of the source. What is done is
never done again: the same bytes with the same models are listened to once.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from callqa.errors import CallqaError, RecordingError, TranscriptError, UsageError
from callqa.pipeline import Tools, Understood, hear, judge, read, understand
from callqa.records import CallRecord, Heard, Metadata
from callqa.store.frames import Frames, frames
from callqa.store.store import LedgerEntry, State, Store
from callqa.transcripts import SUFFIXES, GivenCall, read_calls

AUDIO_SUFFIXES = frozenset(
    ".wav .mp3 .m4a .aac .ogg .opus .oga .flac .amr .wma .gsm .au .aiff .aif .ulaw .alaw .mp4 "
    ".mkv .mov .avi .webm .3gp .caf .mka".split()
)
_BESIDE = frozenset({"", ".csv", ".toml", ".py", ".pyc", ".md", ".html", ".pdf", ".db", ".rttm"})
LISTEN_VERSION = "2"  # changes whenever the same sound may give other turns

Stage = TypeVar("Stage", bound=BaseModel)
Runner = Callable[[str, Callable[[], BaseModel]], BaseModel]


@dataclass(frozen=True)
class Source:
    """Something to score: a recording, or one call of a transcript file."""

    name: str  # as it is told to people and kept in the ledger
    path: Path
    given: GivenCall | None = None
    error: CallqaError | None = None  # it was found, but cannot be read
    size: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a source."""

    source: Source
    state: State
    record: CallRecord | None = None
    error: CallqaError | None = None
    stages_run: tuple[str, ...] = ()  # those not found in the cache


def run_here(_: str, function: Callable[[], BaseModel]) -> BaseModel:
    """Run a stage in place; a flow gives another runner that makes each stage a task."""
    return function()


@dataclass(frozen=True)
class Workspace:
    """A folder with a database, and the tools that fill it."""

    tools: Tools

    @cached_property
    def store(self) -> Store:
        """The workspace's database, opened on first use."""
        s = self.tools.settings
        return Store.in_folder(s.workspace, s.database_url)

    @property
    def folder(self) -> Path:
        """Where the database and the reports are."""
        return self.tools.settings.workspace

    def frames(self) -> Frames:
        """Current calls, totals, labels and measures as polars frames."""
        return frames(self.store)

    # ------------------------------------------------------------ processing

    def process(
        self, source: Source, metadata: Metadata | None = None, *, run: Runner = run_here
    ) -> Outcome:
        """Score one source; its failure is written down and returned, never raised.

        Args:
            metadata: replaces what was known of the call; None keeps it.
            run: how a stage is run, given its name and a function without arguments.
        """
        steps = _Steps(self, run)
        try:
            if source.error:
                raise source.error
            record = self._record(source, metadata, steps)
        except CallqaError as error:
            stage = error.stage or steps.current
            self._note(source, "failed", stage=stage, reason=str(error))
            return Outcome(source, "failed", error=error, stages_run=tuple(steps.ran))
        self._note(source, "done", record=record)
        return Outcome(source, "done", record=record, stages_run=tuple(steps.ran))

    def _record(self, source: Source, metadata: Metadata | None, steps: _Steps) -> CallRecord:
        sha = _digest(source)
        known = self.store.call_of(sha) if source.given is None else None
        call_id = self._call_id(source, metadata, known, sha)
        metadata = metadata or self.store.metadata_of(call_id) or Metadata()
        tools = self.tools
        how = "as given" if source.given else _listen_parameters(tools)
        key = _key(sha, LISTEN_VERSION, how)
        heard = steps.take("listen", key, Heard, lambda: self._listen(source))
        if heard.recording:
            self.store.add_recording(heard.recording, source.path.resolve())
        upstream = heard.model_dump_json()
        key = _key(upstream, tools.engine.fingerprint, tools.profile.fingerprint,
                   str(tools.settings.customer_emotion), metadata.model_dump_json())  # fmt: skip
        understood = steps.take(
            "detect", key, Understood, lambda: understand(call_id, heard, metadata, tools)
        )
        key = _key(key, call_id, *(f"{c.id}={c.hash}" for c in tools.criteria))
        if self.store.fingerprint_of(call_id) == key:
            return self.store.record(call_id)
        record = steps.run(
            "score", lambda: judge(call_id, heard, understood, metadata, tools), CallRecord
        )
        self.store.add_analysis(record, key)
        return record

    def _listen(self, source: Source) -> Heard:
        return read(source.given) if source.given else hear(source.path, self.tools)

    def _call_id(
        self, source: Source, metadata: Metadata | None, known: str | None, sha: str
    ) -> str:
        if metadata and metadata.call_id:
            return metadata.call_id
        if known:
            return known
        wanted = source.given.call_id if source.given else source.path.stem
        wanted = re.sub(r"[^\w.-]+", "-", wanted).strip("-.") or sha[:12]
        taken = source.given is None and self.store.has_call(wanted)
        return f"{wanted}-{sha[:8]}" if taken else wanted

    def skip(self, source: Source, reason: str) -> None:
        """Write down why a file was passed over."""
        self._note(source, "skipped", reason=reason)

    def _note(
        self,
        source: Source,
        state: State,
        *,
        record: CallRecord | None = None,
        stage: str | None = None,
        reason: str | None = None,
    ) -> None:
        sha = record.recordings[0].sha256 if record and record.recordings else None
        call_id = record.call_id if record else None
        self.store.note(LedgerEntry(source.name, state, call_id, sha, stage=stage, reason=reason))


@dataclass
class _Steps:
    """Runs the stages of one source, each from the cache where its key is known."""

    workspace: Workspace
    runner: Runner
    current: str = ""
    ran: list[str] = field(default_factory=list)

    def take(self, stage: str, key: str, kind: type[Stage], make: Callable[[], Stage]) -> Stage:
        store = self.workspace.store
        self.current = stage
        if (kept := store.cached(key)) is not None:
            return kind.model_validate_json(kept)
        made = self.run(stage, make, kind)
        store.cache(key, stage, made.model_dump_json())
        return made

    def run(self, stage: str, make: Callable[[], Stage], kind: type[Stage]) -> Stage:
        self.current = stage
        self.ran.append(stage)
        made = self.runner(stage, make)
        assert isinstance(made, kind)
        return made


def _listen_parameters(tools: Tools) -> str:
    """What listening depends on besides the sound: the recogniser's bytes and its settings."""
    from callqa.listen.weights import find_whisper

    s = tools.settings
    return json.dumps([find_whisper(s).sha256, s.compute_type, s.batch_size])


def _digest(source: Source) -> str:
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


def _key(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


# ---------------------------------------------------------------- what to score


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


def process_all(
    workspace: Workspace,
    sources: Sequence[Source],
    table: Mapping[str, Metadata],
    agent_id: str | None = None,
    *,
    run: Runner = run_here,
) -> Iterator[Outcome]:
    """Process sources one after another; each is written down before the next begins."""
    for source in sources:
        yield workspace.process(source, metadata_for(source, table, agent_id), run=run)
