"""From a workspace to what people take away: pages, JSON records, evidence packs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from callqa.candidates import attached, content
from callqa.errors import RecordingError
from callqa.playback import Playback
from callqa.records import CallRecord
from callqa.workspace import Workspace


def publish(workspace: Workspace, calls: Sequence[str] | None) -> Path:
    """Write the pages and JSON records of some calls, or of everything; returns where to start.

    Raises:
        StoreError: a call is not in the workspace.
    """
    from callqa.report import write_call, write_site

    folder = workspace.folder / "report"
    sounds = _Sounds(workspace, folder / "audio")
    if calls is None:
        records = [write_json(workspace, record) for record in workspace.records()]
        write_site(folder, records, workspace.frames(), audio=sounds.href, peaks=sounds.peaks)
        return folder / "index.html"
    pages = [
        write_call(folder, write_json(workspace, workspace.record(call)),
                   audio=sounds.href, peaks=sounds.peaks)
        for call in calls
    ]  # fmt: skip
    return pages[0]


def write_json(workspace: Workspace, record: CallRecord) -> CallRecord:
    """Put a record's JSON into the workspace; returns the record."""
    folder = workspace.folder / "records"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{record.call_id}.json"
    draft = target.with_suffix(".tmp")
    draft.write_text(record.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(target)
    return record


def write_pack(
    workspace: Workspace, calls: Sequence[str], out: Path, candidate: str | None
) -> object:
    """An evidence pack of some calls, with what is attached for the candidate.

    Raises:
        StoreError: a call is not in the workspace.
        UsageError: something is already at ``out``.
        EvidenceError: the copy of an attached file is gone or changed.
    """
    from callqa.pack import build_pack

    records = [workspace.record(call) for call in calls]
    sounds = _Sounds(workspace, workspace.folder / "report" / "audio")
    held = attached(workspace, candidate) if candidate else []
    files = [(h.attachment, content(h)) for h in held]
    return build_pack(records, out, clip=sounds.clip, candidate=candidate, attached=files)


class _Sounds:
    """A call's sound for its page, where the recording is still at its place."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._store = workspace.store
        self._folder = folder
        self._last: tuple[str, Playback] | None = None  # calls come one after another

    def _playback(self, record: CallRecord) -> Playback | None:
        """The decoded recording; None where it is gone or can no longer be read."""
        if self._last and self._last[0] == record.call_id:
            return self._last[1]
        if not record.recordings:
            return None
        path = self._store.recording_path(record.recordings[0].sha256)
        if path is None or not path.is_file():
            return None
        try:
            self._last = (record.call_id, Playback(record, path))
        except RecordingError:
            return None
        return self._last[1]

    def href(self, record: CallRecord) -> str | None:
        """The sound's address relative to a call's page; made where it is missing."""
        if not record.recordings:
            return None
        target = self._folder / f"{record.recordings[0].sha256[:16]}-{_cuts(record)}.mp3"
        if not target.is_file():
            playback = self._playback(record)
            if playback is None:
                return None
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(".tmp")
            draft.write_bytes(playback.mp3())
            draft.replace(target)
        return f"../audio/{target.name}"

    def peaks(self, record: CallRecord) -> dict[str, list[float]] | None:
        """Loudness curves by participant."""
        playback = self._playback(record)
        return playback.peaks() if playback else None

    def clip(self, record: CallRecord, start_s: float, end_s: float) -> bytes | None:
        """A stretch as a wav file."""
        playback = self._playback(record)
        return playback.clip(start_s, end_s) if playback else None


def _cuts(record: CallRecord) -> int:
    """How many secrets are silenced: sound made before one was found must not be kept on."""
    return sum(len(t.redactions) for t in record.transcript.turns)
