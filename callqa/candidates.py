"""A candidate's calls, and what people attach for them beside calls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from callqa.errors import EvidenceError, StoreError, UsageError
from callqa.evidence.attachments import Attachment, in_force
from callqa.evidence.judgements import now
from callqa.records import CallRecord, Participant
from callqa.store.kept import add_attachment, attachments
from callqa.workspace import Workspace

if TYPE_CHECKING:
    from callqa.score.sets import CriteriaSet

LARGEST = 200_000_000  # bytes
# What a file of this suffix begins with; empty where any bytes will do.
_BEGINS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF",), ".docx": (b"PK",), ".odt": (b"PK",), ".xlsx": (b"PK",), ".ods": (b"PK",),
    ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8",), ".jpeg": (b"\xff\xd8",),
    ".tif": (b"II", b"MM"), ".tiff": (b"II", b"MM"), ".rtf": (b"{\\rtf",),
    ".txt": (), ".md": (), ".csv": (), ".json": (), ".html": (), ".eml": (), ".doc": (),
    ".wav": (), ".mp3": (), ".m4a": (), ".flac": (), ".ogg": (), ".mp4": (),
}  # fmt: skip


@dataclass(frozen=True)
class Held:
    """An attachment with its copy in the workspace; ``intact`` while the copy has its bytes."""

    attachment: Attachment
    path: Path
    intact: bool


def calls_of(workspace: Workspace, candidate: str) -> list[tuple[CallRecord, str]]:
    """A candidate's calls, each with the id of the participant that they are.

    Raises:
        UsageError: there are none.
    """
    known: set[str] = set()
    found = []
    for record in workspace.records():
        known |= {record.metadata.agent_id} if record.metadata.agent_id else set()
        found += [(record, p.id) for p in record.participants if _is(p, record, candidate)]
    if not found:
        raise UsageError(
            f"There are no calls of {candidate!r} in this workspace.",
            remedy=f"Known agents: {', '.join(sorted(known)) or 'none; score with --agent'}.",
        )
    return found


def _is(participant: Participant, record: CallRecord, candidate: str) -> bool:
    """The metadata's agent is the first one; who else took part, a person has to say."""
    own = participant.agent_id
    if participant.role == "agent":
        return (own or record.metadata.agent_id) == candidate
    return participant.role == "second_agent" and own == candidate


def attach(
    workspace: Workspace,
    candidate: str,
    file: Path,
    kind: str,
    *,
    by: str,
    units: Sequence[CriteriaSet],
    parts: Iterable[str] = (),
    at: str | None = None,
) -> Attachment:
    """Copy a file into the workspace and keep who attached it, as what, and when.

    Args:
        kind: as a unit's evidence requirements name it, with spaces or underscores.
        units: the units it may count for.
        parts: the outcomes it counts for; all that ask for this kind, unless given.

    Raises:
        UsageError: nobody's name, an unknown candidate, kind or part, or a file that is missing,
            empty, or not what its name says. Nothing is kept then.
        StoreError: the copy cannot be written.
    """
    if not by.strip():
        raise UsageError("An attachment needs the name of who makes it.", remedy="Give --by NAME.")
    calls_of(workspace, candidate)
    kind, counts_for = _asked_for(kind, units, tuple(parts))
    content = _read(file)
    sha = hashlib.sha256(content).hexdigest()
    same = [a for a in in_force(attachments(workspace.store, candidate))
            if (a.sha256, a.kind, a.parts) == (sha, kind, counts_for)]  # fmt: skip
    if same:
        raise UsageError(
            f"{file.name} is attached already, by {same[0].by} on {same[0].at[:10]}.",
            remedy="Nothing was kept.",
        )
    made = Attachment(
        candidate=candidate, by=by, at=at or now(), kind=kind, parts=counts_for, name=file.name,
        sha256=sha, size=len(content),
    )  # fmt: skip
    _write(_copy(workspace, made), content)
    add_attachment(workspace.store, made)
    return made


def withdraw(workspace: Workspace, candidate: str, id: str, *, by: str) -> Attachment:
    """Take an attachment back: it counts no more, and stays on record with its copy.

    Raises:
        UsageError: nobody's name, or no such attachment in force.
    """
    if not by.strip():
        raise UsageError("Taking back needs the name of who does it.", remedy="Give --by NAME.")
    there = {a.id: a for a in in_force(attachments(workspace.store, candidate))}
    if id not in there:
        known = ", ".join(f"{a.id} ({a.kind}, {a.name})" for a in there.values()) or "none"
        raise UsageError(f"There is no attachment {id!r} of {candidate}.",
                         remedy=f"Known: {known}.")  # fmt: skip
    add_attachment(workspace.store, Attachment(candidate=candidate, by=by, at=now(), withdraws=id))
    return there[id]


def attached(workspace: Workspace, candidate: str) -> list[Held]:
    """What is attached for a candidate and not taken back, oldest first."""
    found = []
    for a in in_force(attachments(workspace.store, candidate)):
        path = _copy(workspace, a)
        found.append(Held(a, path, path.is_file() and _digest(path) == a.sha256))
    return found


def content(held: Held) -> bytes:
    """The bytes that were attached.

    Raises:
        EvidenceError: the copy is gone or changed.
    """
    if not held.intact:
        raise EvidenceError(
            f"The copy of {held.attachment.name} in the workspace is not what "
            f"{held.attachment.by} attached.",
            remedy=f"Put it back at {held.path}, or take it back and attach it anew.",
        )
    return held.path.read_bytes()


# ---------------------------------------------------------------- what is asked for


def slug(kind: str) -> str:
    """A kind of record as it is typed: ``witness_testimony``."""
    return kind.strip().lower().replace(" ", "_").replace("-", "_")


def _asked_for(
    kind: str, units: Sequence[CriteriaSet], parts: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The kind in the unit's own words, and the parts that it counts for."""
    asking: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for unit in units:
        for group in unit.groups:
            for record in group.asks.records if group.asks else ():
                asking.setdefault(slug(record), (record, []))[1].append((unit.id, group.id))
    if slug(kind) not in asking:
        known = ", ".join(sorted(asking)) or "none; these units ask for no record"
        raise UsageError(f"{kind!r} is no kind of record that a unit asks for.",
                         remedy=f"Known: {known}.")  # fmt: skip
    words, places = asking[slug(kind)]
    unknown = [p for p in parts if p not in {part for _, part in places}]
    if unknown:
        asks = ", ".join(dict.fromkeys(part for _, part in places))
        raise UsageError(f"Part {unknown[0]} asks for no {words}.", remedy=f"Known: {asks}.")
    return words, tuple(f"{u} {p}" for u, p in places if not parts or p in parts)


# ---------------------------------------------------------------- files


def _read(file: Path) -> bytes:
    if not file.exists():
        raise UsageError(f"There is no file {file}.", remedy="Check the path.")
    if not file.is_file():
        raise UsageError(f"{file} is a folder.", remedy="Attach one file at a time.")
    begins = _BEGINS.get(file.suffix.lower())
    if begins is None:
        raise UsageError(f"{file.name} is no document, table, picture or recording.",
                         remedy=f"Known: {', '.join(_BEGINS)}.")  # fmt: skip
    if file.stat().st_size > LARGEST:
        raise UsageError(f"{file.name} is larger than {LARGEST // 1_000_000} MB.",
                         remedy="Attach a shorter or smaller one.")  # fmt: skip
    try:
        found = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.",
                         remedy="Give a file that you may read.") from error  # fmt: skip
    if not found.strip():
        raise UsageError(f"{file.name} is empty.", remedy="Attach the file that holds the record.")
    if begins and not found.startswith(begins):
        raise UsageError(f"{file.name} is no {file.suffix[1:].upper()} file, whatever its name.",
                         remedy="Save it anew, or give it its right suffix.")  # fmt: skip
    return found


def _copy(workspace: Workspace, a: Attachment) -> Path:
    suffix = Path(a.name).suffix.lower()
    return workspace.folder / "attached" / f"{a.sha256[:16]}{suffix}"


def _write(target: Path, found: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".tmp")
        draft.write_bytes(found)
        draft.replace(target)
    except OSError as error:
        raise StoreError(f"The copy {target} cannot be written: {error.strerror}.",
                         remedy="See that the workspace can be written to.") from error  # fmt: skip


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
