"""An evidence pack: a folder or a .zip that is either whole or not there."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import uuid
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from callqa.errors import StoreError, UsageError
from callqa.evidence.attachments import Attachment
from callqa.pack.document import AttachedFile, Head, contents, pdf
from callqa.pack.moments import PADDING_S, Clip, Item, clips, items
from callqa.records import CallRecord
from callqa.report.wording import file_name, plural

MANIFEST = "manifest-sha256.txt"
COLUMNS = (
    "number", "call", "unit", "criterion", "title", "participant", "status", "kind", "who", "label",
    "from_s", "to_s", "words", "confidence", "clip", "why",
)  # fmt: skip

# record, from and to in seconds → a wav file with tier-1 secrets silent; None without sound
CutClip = Callable[[CallRecord, float, float], bytes | None]


@dataclass(frozen=True)
class PackSummary:
    """What is in a pack; ``silent`` counts quoted moments that have no sound to give."""

    path: Path
    calls: int
    evidence: int
    clips: int
    silent: int
    attached: int = 0

    def __str__(self) -> str:
        parts = [
            plural(self.calls, "call"),
            plural(self.evidence, "piece of evidence", "pieces of evidence"),
            plural(self.clips, "clip"),
        ]
        if self.attached:
            parts.append(plural(self.attached, "attached file"))
        if self.silent:
            parts.append(f"{plural(self.silent, 'quoted moment')} without sound")
        return ", ".join(parts)


def build_pack(
    records: Sequence[CallRecord],
    out: Path,
    *,
    clip: CutClip,
    candidate: str | None = None,
    attached: Sequence[tuple[Attachment, bytes]] = (),
    made_at: datetime | None = None,
) -> PackSummary:
    """Write a pack: PDF, records, a clip per quoted moment, what people attached, index, manifest.

    Args:
        out: a new folder; or a new file, where the name ends in ``.zip``.
        clip: cuts a stretch out of a call's recording.
        candidate: whose portfolio it is for.
        attached: files that people attached for the candidate, with their bytes.
        made_at: the time that the document names; now, unless given.

    Raises:
        UsageError: there is no call, a call is given twice, or something is already at ``out``.
        StoreError: ``out`` cannot be written.
    """
    _check(records, out)
    draft = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.partial")
    folder = draft.with_suffix(".folder") if _is_zip(out) else draft
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        head = Head(candidate, made_at or datetime.now(UTC), _write_attached(folder, attached))
        summary = _fill(folder, records, out, clip, head)
        if _is_zip(out):
            _zip(folder, draft)
        _check(records, out)  # nobody has put something there meanwhile
        draft.rename(out)
    except OSError as error:
        raise StoreError(
            f"The pack {out} cannot be written: {error.strerror or error}.",
            remedy="Give a folder that can be written and has room.",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if draft.is_file():
            draft.unlink()
    return summary


def _check(records: Sequence[CallRecord], out: Path) -> None:
    if not records:
        raise UsageError("A pack needs at least one call.", remedy="Give the ids of calls.")
    ids = [r.call_id for r in records]
    if len(set(ids)) < len(ids):
        raise UsageError("A call is given twice.", remedy="Give each call once.")
    if out.exists() or out.is_symlink():
        raise UsageError(
            f"There is already something at {out}.",
            remedy="Give a new name, or move what is there away; a pack is never overwritten.",
        )


def _is_zip(out: Path) -> bool:
    return out.suffix.lower() == ".zip"


def _fill(
    folder: Path,
    records: Sequence[CallRecord],
    out: Path,
    cut: CutClip,
    head: Head,
) -> PackSummary:
    wanted = clips(records)
    heard = _write_clips(folder, records, wanted, cut)
    evidence = items(records, heard)
    (folder / "records").mkdir()
    for record in records:
        target = folder / "records" / f"{file_name(record.call_id)}.json"
        target.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (folder / "index.csv").write_text(_index(evidence), encoding="utf-8", newline="")
    document = contents(records, evidence, heard, head)
    (folder / "evidence.pdf").write_bytes(pdf(document))
    _write_manifest(folder)
    return PackSummary(
        out, len(records), len(evidence), len(heard), len(wanted) - len(heard), len(head.attached)
    )


def _write_clips(
    folder: Path, records: Sequence[CallRecord], wanted: Sequence[Clip], cut: CutClip
) -> list[Clip]:
    """Write the clips that there is sound for, and return them."""
    by = {r.call_id: r for r in records}
    heard: list[Clip] = []
    for clip in wanted:
        record = by[clip.call_id]
        end = clip.end_s + PADDING_S
        if record.duration_s is not None:
            end = min(end, max(record.duration_s, clip.end_s))
        sound = cut(record, max(0.0, clip.start_s - PADDING_S), end)
        if sound is None:
            continue
        target = folder / clip.file
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(sound)
        heard.append(clip)
    return heard


def _write_attached(
    folder: Path, given: Sequence[tuple[Attachment, bytes]]
) -> tuple[AttachedFile, ...]:
    """Write what people attached under names that are safe everywhere, and return both."""
    files = []
    for n, (attachment, content) in enumerate(given, start=1):
        name = f"attached/{n:02d}{Path(attachment.name).suffix.lower()}"
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        files.append(AttachedFile(name, attachment))
    return tuple(files)


def _index(evidence: Sequence[Item]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for item in evidence:
        e, r = item.evidence, item.result
        row = (
            item.number, item.record.call_id, r.criteria, r.criterion, r.title, r.participant,
            r.status, e.kind, item.who, e.label if e.kind == "quote" else "", _second(item.start_s),
            _second(item.end_s), item.words, f"{e.confidence:.2f}",
            item.clip.file if item.clip else "", e.why or r.why,
        )  # fmt: skip
        table.writerow([_cell(value) for value in row])
    # The mark at the start lets spreadsheets see that it is UTF-8.
    return "\ufeff" + text.getvalue()


def _second(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _cell(value: object) -> str:
    """A cell that a spreadsheet cannot take for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _write_manifest(folder: Path) -> None:
    """Every file's SHA-256, in the form that ``sha256sum -c`` reads."""
    lines = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            file.write(path, path.relative_to(folder).as_posix())
