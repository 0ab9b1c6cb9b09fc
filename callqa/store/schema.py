"""Tables. Analyses and results are only ever added; what is current is asked for, not stored.

Payloads are zlib-compressed JSON of a record. Everything written here has been redacted before.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from callqa.records import STATUSES

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

recordings = Table(
    "recordings",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", String, nullable=False),
    Column("path", String, nullable=False),
    Column("added_at", String(32), nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("metadata", String, nullable=False),  # JSON of Metadata, as last given
    Column("added_at", String(32), nullable=False),
)

call_recordings = Table(
    "call_recordings",
    metadata,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("sha256", ForeignKey("recordings.sha256"), primary_key=True),
    Column("offset_s", Float, nullable=False, default=0.0),
)

analyses = Table(
    "analyses",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", ForeignKey("calls.call_id"), nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False),  # of everything that made it
    Column("made_at", String(32), nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("heard", String(64)),  # key of the listening that it rests on
)

results = Table(
    "results",
    metadata,
    Column("analysis", ForeignKey("analyses.id"), primary_key=True),
    Column("result_id", String(64), primary_key=True),
    Column("call_id", String, nullable=False, index=True),
    Column("participant", String, nullable=False),
    Column("criteria", String, nullable=False),
    Column("criteria_hash", String(64), nullable=False),
    Column("criterion", String, nullable=False),
    Column("status", String(16), nullable=False),
    Column("confidence", Float),
)
Index("ix_results_criterion", results.c.criteria, results.c.criterion, results.c.status)

labels = Table(
    "labels",
    metadata,
    Column("analysis", ForeignKey("analyses.id"), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("label", String, primary_key=True),
    Column("count", Integer, nullable=False),
)

measures = Table(
    "measures",
    metadata,
    Column("analysis", ForeignKey("analyses.id"), primary_key=True),
    Column("measure", String, primary_key=True),
    Column("value", Float, nullable=False),
    Column("unit", String, nullable=False),
    Column("count", Integer),
)

ledger = Table(
    "ledger",
    metadata,
    Column("source", String, primary_key=True),  # path as given
    Column("state", String(8), nullable=False),  # done, failed or skipped
    Column("call_id", String),
    Column("sha256", String(64)),
    Column("stage", String),
    Column("reason", String),
    Column("at", String(32), nullable=False),
)

stages = Table(
    "stages",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("stage", String(16), nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("output", LargeBinary, nullable=False),
)


samples = Table(
    "samples",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(8), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("id"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(12), nullable=False),
    Column("candidate", String, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("id"),
)


def _said(name: str) -> Table:
    """A table of what people say of calls: only ever added to, read in that order."""
    return Table(
        name,
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("id", String(16), nullable=False),
        Column("call_id", ForeignKey("calls.call_id"), nullable=False, index=True),
        Column("at", String(32), nullable=False),
        Column("content", LargeBinary, nullable=False),
        UniqueConstraint("id"),
    )


judgements = _said("judgements")
corrections = _said("corrections")

# ---------------------------------------------------------------- figures, kept up to date by call

# What each call has added to the days below, so that exactly that is taken away before it counts
# anew. Empty words stand for what is unknown: agent, team, day.
tallies = Table(
    "tallies",
    metadata,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("agent", String, primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("analysis", ForeignKey("analyses.id"), nullable=False),
    Column("team", String, nullable=False),
    Column("day", String(10), nullable=False),
    Column("sort", String(16), nullable=False),
    Column("situation", String, nullable=False),
    Column("length_ms", Integer),
    Column("marks", LargeBinary, nullable=False),  # JSON of [criteria, criterion, …]
)
Index("ix_tallies_agent_day", tallies.c.agent, tallies.c.day)


def _daily(name: str, keys: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    """Sums of a day, in the order of their keys on disk, so that an agent's lie together."""
    return Table(
        name,
        metadata,
        *(Column(k, String, primary_key=True) for k in ("agent", "day", "team", *keys)),
        *(Column(n, BigInteger, nullable=False) for n in numbers),
        sqlite_with_rowid=False,
    )


daily_calls = _daily("daily_calls", ("sort", "situation"), ("calls", "timed", "length_ms"))
# Numbers are of what the machine proposes, by status; ``decided`` is what people say to that.
daily_marks = _daily("daily_marks", ("criteria", "criterion", "decided"), STATUSES)

entered = Table(
    "entered",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(16), nullable=False),
    Column("agent_id", String, nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("id"),
)
