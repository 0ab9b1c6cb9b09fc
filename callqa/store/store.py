"""Reads and writes the workspace's database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from callqa.errors import StoreError
from callqa.records import (
    CallRecord,
    Correction,
    Entered,
    Judgement,
    Metadata,
    Recording,
    Signed,
)
from callqa.store import schema as t
from callqa.store.counting import count_again, count_call, count_everything, lock_calls
from callqa.store.rows import (
    insert_all,
    label_rows,
    measure_rows,
    now,
    pack,
    result_rows,
    unpack,
)

State = Literal["done", "failed", "skipped"]
BEFORE_FIGURES = ("0001", "0002")  # revisions of the tables in which calls were not counted yet
Word = TypeVar("Word", bound=Signed)


@dataclass(frozen=True)
class Analysis:
    """Which analysis of a call, when it was made, and which listening it rests on."""

    number: int
    call_id: str
    made_at: str
    heard: str | None


@dataclass(frozen=True)
class LedgerEntry:
    """What became of one source of a batch."""

    source: str
    state: State
    call_id: str | None = None
    sha256: str | None = None
    stage: str | None = None
    reason: str | None = None


class Store:
    """One database. Every public method is one transaction."""

    def __init__(self, url: str) -> None:
        """Open, and bring the tables up to date.

        Raises:
            StoreError: the database cannot be reached or was made by a newer callqa.
        """
        self.url = url
        with self._translated("opened"):
            self._engine = _engine(url)
            _migrate(self._engine)

    @classmethod
    def in_folder(cls, folder: Path, url: str | None = None) -> Store:
        """The store of a workspace folder, made where there is none."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The workspace {folder} cannot be made: {error.strerror}.",
                remedy="Give a folder that you may write to with --workspace.",
            ) from error
        return cls(url or f"sqlite:///{folder / 'callqa.db'}")

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # ------------------------------------------------------------ calls

    def add_recording(self, recording: Recording, path: Path) -> None:
        """Remember a recording and where it is now; the same bytes are never a second one."""
        with self._begin() as db:
            same = t.recordings.c.sha256 == recording.sha256
            moved = db.execute(update(t.recordings).where(same).values(path=str(path)))
            if moved.rowcount == 0:
                row = {"sha256": recording.sha256, "name": recording.name, "path": str(path)}
                db.execute(insert(t.recordings).values(added_at=now(), **row))

    def call_of(self, sha256: str) -> str | None:
        """The call that a recording belongs to, or None."""
        with self._begin() as db:
            query = select(t.call_recordings.c.call_id).where(t.call_recordings.c.sha256 == sha256)
            return db.execute(query.order_by(t.call_recordings.c.call_id)).scalars().first()

    def has_call(self, call_id: str) -> bool:
        """Whether a call of that id is known."""
        with self._begin() as db:
            query = select(t.calls.c.call_id).where(t.calls.c.call_id == call_id)
            return db.execute(query).first() is not None

    def recording_path(self, sha256: str) -> Path | None:
        """Where a recording's bytes were when they were last scored."""
        with self._begin() as db:
            query = select(t.recordings.c.path).where(t.recordings.c.sha256 == sha256)
            path = db.execute(query).scalars().first()
        return Path(path) if path else None

    def metadata_of(self, call_id: str) -> Metadata | None:
        """A call's metadata as last given."""
        with self._begin() as db:
            query = select(t.calls.c.metadata).where(t.calls.c.call_id == call_id)
            text = db.execute(query).scalars().first()
        return Metadata.model_validate_json(text) if text else None

    # ------------------------------------------------------------ analyses

    def add_analysis(
        self,
        record: CallRecord,
        fingerprint: str,
        *,
        heard: str | None = None,
        given: Metadata | None = None,
    ) -> int:
        """Append a call's analysis with its results; returns its number.

        Its recordings must have been added before.

        Args:
            heard: the key of the listening that it rests on.
            given: metadata as they came, where a correction changed the record's.
        """
        with self._begin() as db:
            self._put_call(db, record, given or record.metadata)
            row = {
                "call_id": record.call_id,
                "fingerprint": fingerprint,
                "made_at": now(),
                "record": pack(record.model_dump_json(exclude={"judgements"})),
                "heard": heard,
            }
            added = db.execute(insert(t.analyses).values(**row).returning(t.analyses.c.id))
            number = int(added.scalar_one())
            insert_all(db, t.results, result_rows(record, number))
            insert_all(db, t.labels, label_rows(record, number))
            insert_all(db, t.measures, measure_rows(record, number))
            count_call(db, record, number)
            return number

    def _put_call(self, db: Connection, record: CallRecord, metadata: Metadata) -> None:
        text = metadata.model_dump_json()
        changed = db.execute(
            update(t.calls).where(t.calls.c.call_id == record.call_id).values(metadata=text)
        )
        if changed.rowcount == 0:
            row = {"call_id": record.call_id, "metadata": text, "added_at": now()}
            db.execute(insert(t.calls).values(**row))
        c = t.call_recordings.c
        linked = set(
            db.execute(select(c.sha256).where(c.call_id == record.call_id)).scalars().all()
        )
        for recording in record.recordings:
            if recording.sha256 not in linked:
                row2 = {"call_id": record.call_id, "sha256": recording.sha256}
                db.execute(insert(t.call_recordings).values(offset_s=recording.offset_s, **row2))

    def fingerprint_of(self, call_id: str) -> str | None:
        """What made a call's current analysis, or None."""
        with self._begin() as db:
            query = select(t.analyses.c.fingerprint).where(t.analyses.c.call_id == call_id)
            return db.execute(query.order_by(t.analyses.c.id.desc())).scalars().first()

    def record(self, call_id: str) -> CallRecord:
        """A call's current record.

        Raises:
            StoreError: there is no such call.
        """
        with self._begin() as db:
            query = select(t.analyses.c.record).where(t.analyses.c.call_id == call_id)
            payload = db.execute(query.order_by(t.analyses.c.id.desc())).scalars().first()
        if payload is None:
            raise StoreError(
                f"There is no call {call_id!r} in this workspace.",
                remedy="callqa score lists the calls it scores; check --workspace too.",
            )
        return CallRecord.model_validate_json(unpack(payload))

    def call_ids(self) -> list[str]:
        """Every call that has been analysed, in order of id."""
        with self._begin() as db:
            query = select(t.analyses.c.call_id).distinct().order_by(t.analyses.c.call_id)
            return list(db.execute(query).scalars().all())

    def records(self) -> Iterator[CallRecord]:
        """The current record of every call, one at a time."""
        for call_id in self.call_ids():
            yield self.record(call_id)

    def analyses(self, call_id: str | None = None) -> list[Analysis]:
        """Every analysis of a call, or of all, oldest first."""
        c = t.analyses.c
        query = select(c.id, c.call_id, c.made_at, c.heard).order_by(c.id)
        if call_id is not None:
            query = query.where(c.call_id == call_id)
        with self._begin() as db:
            return [Analysis(*row) for row in db.execute(query)]

    def record_of(self, number: int) -> CallRecord:
        """The record of one analysis, however old.

        Raises:
            StoreError: there is no such analysis.
        """
        with self._begin() as db:
            query = select(t.analyses.c.record).where(t.analyses.c.id == number)
            payload = db.execute(query).scalar_one_or_none()
        if payload is None:
            raise StoreError(
                f"There is no analysis {number} in this workspace.",
                remedy="callqa diff names a call's analyses.",
            )
        return CallRecord.model_validate_json(unpack(payload))

    def calls(self) -> dict[str, tuple[Metadata, str]]:
        """Each call's metadata as last given, and when it was added."""
        query = select(t.calls.c.call_id, t.calls.c.metadata, t.calls.c.added_at)
        with self._begin() as db:
            return {id: (Metadata.model_validate_json(m), at) for id, m, at in db.execute(query)}

    # ------------------------------------------------------------ what people say

    def add_judgements(self, judgements: Sequence[Judgement]) -> int:
        """Append what is not there yet; returns how many were. Nothing is ever changed."""
        with self._begin() as db:
            lock_calls(db, (j.call_id for j in judgements))
            new = _append(db, t.judgements, judgements, "call_id")
            count_again(db, new)
            return len(new)

    def add_corrections(self, corrections: Sequence[Correction]) -> int:
        """Append what is not there yet; returns how many were. Nothing is ever changed."""
        with self._begin() as db:
            return len(_append(db, t.corrections, corrections, "call_id"))

    def add_entered(self, figures: Sequence[Entered]) -> int:
        """Append what is not there yet; returns how many were. Nothing is ever changed."""
        with self._begin() as db:
            return len(_append(db, t.entered, figures, "agent_id"))

    def judgements(self, call_id: str | None = None) -> list[Judgement]:
        """Every judgement of a call, or of all, in the order in which they were added."""
        return self._said(t.judgements, Judgement, "call_id", call_id)

    def corrections(self, call_id: str | None = None) -> list[Correction]:
        """Every correction of a call, or of all, in the order in which they were added."""
        return self._said(t.corrections, Correction, "call_id", call_id)

    def entered(self, agent_id: str | None = None) -> list[Entered]:
        """Every figure entered for an agent, or for all, in the order in which they were added."""
        return self._said(t.entered, Entered, "agent_id", agent_id)

    def _said(self, table: Table, kind: type[Word], column: str, about: str | None) -> list[Word]:
        query = select(table.c.content).order_by(table.c.number)
        if about is not None:
            query = query.where(table.c[column] == about)
        with self._begin() as db:
            return [kind.model_validate_json(unpack(x)) for x in db.execute(query).scalars()]

    # ------------------------------------------------------------ ledger and cache

    def note(self, entry: LedgerEntry) -> None:
        """Write down what became of a source; a later word replaces an earlier one."""
        with self._begin() as db:
            db.execute(delete(t.ledger).where(t.ledger.c.source == entry.source))
            db.execute(insert(t.ledger).values(at=now(), **vars(entry)))

    def ledger(self, *states: State) -> list[LedgerEntry]:
        """What became of every source, or of those in some states."""
        columns = [c for c in t.ledger.c if c.name != "at"]
        query = select(*columns).order_by(t.ledger.c.source)
        if states:
            query = query.where(t.ledger.c.state.in_(states))
        with self._begin() as db:
            return [LedgerEntry(**row) for row in db.execute(query).mappings()]

    def cached(self, key: str) -> str | None:
        """A stage's output under its key, or None."""
        with self._begin() as db:
            payload = db.execute(
                select(t.stages.c.output).where(t.stages.c.key == key)
            ).scalar_one_or_none()
        return unpack(payload) if payload is not None else None

    def has_cached(self, key: str) -> bool:
        """Whether a stage's output is kept; its bytes are not read."""
        with self._begin() as db:
            query = select(t.stages.c.key).where(t.stages.c.key == key)
            return db.execute(query).first() is not None

    def cache(self, key: str, stage: str, output: str) -> None:
        """Keep a stage's output (JSON, already redacted) under its key."""
        with self._begin() as db:
            db.execute(delete(t.stages).where(t.stages.c.key == key))
            row = {"key": key, "stage": stage, "made_at": now(), "output": pack(output)}
            db.execute(insert(t.stages).values(**row))

    def stage_count(self, stage: str) -> int:
        """How many outputs of a stage are kept."""
        with self._begin() as db:
            query = select(func.count()).select_from(t.stages).where(t.stages.c.stage == stage)
            return int(db.execute(query).scalar_one())

    # ------------------------------------------------------------ plumbing

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise StoreError(
                f"The database could not be {what}: {reason}.",
                remedy="See that the workspace can be written to and no other run holds it.",
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for this room's own queries."""
        with self._begin() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for what this room's other modules keep."""
        with self._begin() as db:
            yield db

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._translated("used"), self._engine.begin() as db:
            yield db


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection, _):  # type: ignore[no-untyped-def]
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA busy_timeout=30000")

    return engine


def _append(db: Connection, table: Table, said: Sequence[Signed], about: str) -> list[str]:
    """Add what is not there yet; returns what each new word is about."""
    wanted = {s.id: s for s in said}
    for known in db.execute(select(table.c.id).where(table.c.id.in_(wanted))).scalars():
        wanted.pop(known)
    rows: list[dict[str, object]] = [
        {"id": s.id, about: getattr(s, about), "at": s.at, "content": pack(s.model_dump_json())}
        for s in wanted.values()
    ]
    insert_all(db, table, rows)
    return [str(row[about]) for row in rows]


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", "callqa.store:migrations")
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.begin() as db:
        before = MigrationContext.configure(db).get_current_revision()
        if before != head:
            config.attributes["connection"] = db
            command.upgrade(config, "head")
            if before in BEFORE_FIGURES:
                count_everything(db)
