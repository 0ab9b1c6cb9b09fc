"""Daily figures kept up to date: a call's tallies are replaced, its days move by the difference.

Every function works within the caller's transaction, in which the call's own row is locked: two
runs that count the same call come one after the other, and a day's sums are moved by the database
itself, so that nothing is lost between them.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from callqa.evidence.tallies import Mark, Tally, tallies
from callqa.records import STATUSES, CallRecord, Judgement
from callqa.store import schema as t
from callqa.store.rows import insert_all, unpack

Key = tuple[str, ...]
_PLACE: dict[str, int] = {status: n for n, status in enumerate(STATUSES)}


def lock_calls(db: Connection, call_ids: Iterable[str]) -> None:
    """Keep others from counting these calls until the end of the transaction."""
    c = t.calls.c.call_id
    db.execute(select(c).where(c.in_(set(call_ids))).order_by(c).with_for_update())


def count_call(db: Connection, record: CallRecord, number: int) -> None:
    """Count a call's new analysis in the place of what the call counted for before."""
    days = Days()
    _replace(db, record, number, days)
    days.write(db)


def count_again(db: Connection, call_ids: Iterable[str]) -> None:
    """Count calls anew from their current analysis and what people decided; each once."""
    days = Days()
    for call_id in sorted(set(call_ids)):
        a = t.analyses.c
        query = select(a.id, a.record).where(a.call_id == call_id).order_by(a.id.desc())
        current = db.execute(query.limit(1)).first()
        if current is not None:
            _replace(db, CallRecord.model_validate_json(unpack(current[1])), current[0], days)
    days.write(db)


def count_everything(db: Connection) -> None:
    """Count every call that has been analysed; for workspaces from before figures were kept."""
    ids = db.execute(select(t.analyses.c.call_id).distinct()).scalars().all()
    count_again(db, ids)


def pack_marks(marks: Sequence[Mark]) -> bytes:
    """Marks as the table keeps them; they repeat themselves, so that little effort is enough."""
    return zlib.compress(json.dumps(marks, separators=(",", ":")).encode(), 1)


def unpack_marks(packed: bytes) -> tuple[Mark, ...]:
    """The marks that were packed."""
    return tuple(Mark(*m) for m in json.loads(zlib.decompress(packed)))


def _judgements(db: Connection, call_id: str) -> list[Judgement]:
    j = t.judgements.c
    query = select(j.content).where(j.call_id == call_id).order_by(j.number)
    return [Judgement.model_validate_json(unpack(x)) for x in db.execute(query).scalars()]


def _replace(db: Connection, record: CallRecord, number: int, days: Days) -> None:
    """Keep a call's new tallies in the place of its old ones, and note what that moves."""
    new = tallies(record, _judgements(db, record.call_id))
    days.add(_taken(db, record.call_id), -1)
    days.add(new, 1)
    insert_all(db, t.tallies, [tally_row(one, number) for one in new])


def tally_row(one: Tally, number: int) -> dict[str, object]:
    """A row of the table, for analysis ``number``."""
    return {**vars(one), "analysis": number, "marks": pack_marks(one.marks)}


def _taken(db: Connection, call_id: str) -> list[Tally]:
    """What a call has counted for so far; it is no longer in the table."""
    c = t.tallies.c
    known = db.execute(select(t.tallies).where(c.call_id == call_id)).mappings().all()
    db.execute(delete(t.tallies).where(c.call_id == call_id))
    return [
        Tally(**{k: v for k, v in row.items() if k not in ("analysis", "marks")},
              marks=unpack_marks(row["marks"]))
        for row in known
    ]  # fmt: skip


class Days:
    """Sums by day, to be added to those of the database."""

    def __init__(self) -> None:
        self.calls: defaultdict[Key, list[int]] = defaultdict(lambda: [0] * 3)
        self.marks: defaultdict[Key, list[int]] = defaultdict(lambda: [0] * len(STATUSES))

    def add(self, some: Iterable[Tally], sign: int) -> None:
        """Add tallies, or take them away with a ``sign`` of -1."""
        for one in some:
            whose = (one.agent, one.day, one.team)
            case = self.calls[*whose, one.sort, one.situation]
            for n, value in enumerate((1, one.length_ms is not None, one.length_ms or 0)):
                case[n] += sign * value
            for mark in one.marks:
                counts = self.marks[*whose, mark.criteria, mark.criterion, mark.decided]
                counts[_PLACE[mark.proposed]] += sign

    def write(self, db: Connection) -> None:
        """Move the database's sums. Rows go in one order, so that two runs never wait in a ring."""
        _add(db, t.daily_calls, sorted((*k, *v) for k, v in self.calls.items() if any(v)))
        _add(db, t.daily_marks, sorted((*k, *v) for k, v in self.marks.items() if any(v)))


def _add(db: Connection, table: Table, rows: Sequence[tuple[str | int, ...]]) -> None:
    if not rows:
        return
    keys = [c.name for c in table.primary_key]
    numbers = [c.name for c in table.c if c.name not in keys]
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    adding = dialect.insert(table)
    sums = {n: table.c[n] + adding.excluded[n] for n in numbers}
    adding = adding.on_conflict_do_update(index_elements=keys, set_=sums)
    names = [c.name for c in table.c]
    db.execute(adding, [dict(zip(names, row, strict=True)) for row in rows])
    lessened = [row for row in rows if any(isinstance(v, int) and v < 0 for v in row)]
    if lessened:
        empty = delete(table).where(
            *(table.c[n] == 0 for n in numbers),
            *(table.c[k] == bindparam(f"of_{k}") for k in keys),
        )
        db.execute(empty, [{f"of_{k}": v for k, v in zip(keys, r, strict=False)} for r in lessened])
