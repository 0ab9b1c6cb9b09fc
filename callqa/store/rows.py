"""Records as rows: what of an analysis is kept beside its payload, and how payloads are packed."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from callqa.records import FOUND, CallRecord


def insert_all(db: Connection, table: object, rows: list[dict[str, object]]) -> None:
    """Add rows, if there are any."""
    if rows:
        db.execute(insert(table), rows)  # type: ignore[arg-type]


def result_rows(record: CallRecord, number: int) -> list[dict[str, object]]:
    """A row a result of analysis ``number``."""
    return [
        {
            "analysis": number,
            "result_id": r.id,
            "call_id": record.call_id,
            "participant": r.participant,
            "criteria": r.criteria,
            "criteria_hash": r.criteria_hash,
            "criterion": r.criterion,
            "status": r.status,
            "confidence": r.confidence,
        }
        for r in record.results
    ]


def label_rows(record: CallRecord, number: int) -> list[dict[str, object]]:
    """A row a role and label, with how often it was found; near misses are not."""
    counts = Counter((d.role, d.label) for d in record.detections if d.confidence >= FOUND)
    return [
        {"analysis": number, "role": role, "label": label, "count": count}
        for (role, label), count in sorted(counts.items())
    ]


def measure_rows(record: CallRecord, number: int) -> list[dict[str, object]]:
    """A row a measure."""
    return [
        {"analysis": number, "measure": name, "value": m.value, "unit": m.unit, "count": m.count}
        for name, m in record.measures.items()
    ]


def now() -> str:
    """The time as tables keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def pack(text: str) -> bytes:
    """JSON, compressed."""
    return zlib.compress(text.encode(), 6)


def unpack(payload: bytes) -> str:
    """The JSON that was packed."""
    return zlib.decompress(payload).decode()
