"""People's scores from a table made elsewhere, as judgements."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from callqa.errors import StoreError, UsageError
from callqa.evidence.judgements import judged
from callqa.records import CallRecord, Judgement
from callqa.workspace import Workspace

COLUMNS = ("call_id", "criterion", "level", "by", "reason", "at")
MORE = ("criteria", "participant", "role", "blind")
_YES_NO = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}


def read_scores(path: Path, workspace: Workspace) -> Iterator[tuple[int, Judgement | UsageError]]:
    """Each row's line in the file with its judgement, or why it is none.

    Raises:
        UsageError: the file cannot be read, or a column is missing or unknown.
    """
    records: dict[str, CallRecord] = {}
    for line, row in _rows(path):
        try:
            record = records.get(row["call_id"]) or workspace.record(row["call_id"])
            records[record.call_id] = record
            yield line, _judgement(record, row, workspace)
        except (UsageError, StoreError) as error:
            yield line, UsageError(error.message, remedy=error.remedy)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file, restval="", restkey="more")
            rows = [(table.line_num, row) for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"The scores {path} cannot be read: {error}.", remedy="Give a UTF-8 CSV file."
        ) from error
    names = table.fieldnames or ()
    missing = [c for c in COLUMNS if c not in names]
    unknown = [n for n in names if n not in (*COLUMNS, *MORE)]
    if missing or unknown:
        what = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unknown)}"
        raise UsageError(
            f"The table {path.name} {what}.",
            remedy=f"Needed: {', '.join(COLUMNS)}; may have: {', '.join(MORE)}.",
        )
    for line, row in rows:
        yield line, {k: v.strip() for k, v in row.items() if isinstance(v, str)}


def _judgement(record: CallRecord, row: dict[str, str], workspace: Workspace) -> Judgement:
    blind = row.get("blind", "").lower()
    if blind not in _YES_NO:
        raise UsageError(f"blind cannot be {blind!r}.", remedy="Write yes or no.")
    if not row["at"]:
        raise UsageError("The time is missing.", remedy="Give ISO 8601, such as 2025-03-04T09:30.")
    return judged(
        record, row["criterion"], row["level"], by=row["by"], reason=row["reason"], at=row["at"],
        scales=workspace.scales, criteria=row.get("criteria") or None,
        participant=row.get("participant") or None, role=row.get("role") or "assessor",
        blind=_YES_NO[blind],
    )  # fmt: skip
