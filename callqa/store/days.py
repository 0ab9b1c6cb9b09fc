"""Daily sums out of the store, for a stretch of days; days of one agent lie together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from sqlalchemy import BigInteger, ColumnElement, Table, cast, func, select

from callqa.evidence.aggregates import Days, Meanings, Who, decided_status
from callqa.evidence.figures import Calls
from callqa.evidence.tallies import COUNTED, Mark
from callqa.records import STATUSES
from callqa.store import schema as t
from callqa.store.counting import unpack_marks
from callqa.store.store import Store

_CASE: dict[str, type[pl.DataType]] = {
    "day": pl.String, "sort": pl.String, "situation": pl.String, "calls": pl.Int64,
    "timed": pl.Int64, "length_ms": pl.Int64,
}  # fmt: skip
_MARKS: dict[str, type[pl.DataType]] = {
    "day": pl.String, "criteria": pl.String, "criterion": pl.String, "decided": pl.String,
    **dict.fromkeys(STATUSES, pl.Int64),
}  # fmt: skip


def days(
    store: Store,
    *,
    agent: str | None = None,
    team: str | None = None,
    since: date | None = None,
    until: date | None = None,
    by: Sequence[Who] = ("agent", "team"),
) -> Days:
    """Sums by day; ``by`` says what is told apart, all else is added up by the database.

    Args:
        since, until: the first and the last day; calls of an unknown day are then left out.
    """
    given = (agent, team, since, until)
    return Days(
        _frame(store, t.daily_calls, by, _CASE, given),
        _frame(store, t.daily_marks, by, _MARKS, given),
    )


def agents(store: Store, since: date | None = None, until: date | None = None) -> list[str]:
    """Every agent with a call in those days, in order of id."""
    c = t.daily_calls.c
    query = select(c.agent).distinct().where(c.agent != "", *_between(t.daily_calls, since, until))
    with store.reading() as db:
        return sorted(db.execute(query).scalars())


def calls_of(
    store: Store,
    agent: str,
    meanings: Meanings,
    since: date | None = None,
    until: date | None = None,
) -> Calls:
    """An agent's counted calls one by one, as figures that no sum can give are made of them.

    Labels of the agent's own side have the role ``agent`` whichever agent they were in the call.
    A result's status is a person's where there is one, as ``meanings`` read it.
    """
    c = t.tallies.c
    own = (c.agent == agent, c.sort == COUNTED, *_between(t.tallies, since, until))
    labels = select(c.call_id, c.role, t.labels.c.role, t.labels.c.label, t.labels.c.count)
    labels = labels.join_from(t.tallies, t.labels, t.labels.c.analysis == c.analysis).where(*own)
    measures = select(c.call_id, t.measures.c.measure, t.measures.c.value)
    measures = measures.join_from(
        t.tallies, t.measures, t.measures.c.analysis == c.analysis
    ).where(*own).distinct()  # fmt: skip
    with store.reading() as db:
        said = db.execute(labels).all()
        measured = db.execute(measures).all()
        kept = db.execute(select(c.call_id, c.marks).where(*own)).all()
    agents = ("agent", "second_agent")
    return Calls(
        calls=pl.DataFrame([call for call, _ in kept], schema={"call_id": pl.String}).unique(),
        labels=pl.DataFrame(
            [(call, "agent" if role == mine else role, label, count)
             for call, mine, role, label, count in said if role == mine or role not in agents],
            schema={"call_id": pl.String, "role": pl.String, "label": pl.String,
                    "count": pl.Int64}, orient="row",
        ),
        measures=pl.DataFrame(
            [tuple(row) for row in measured],
            schema={"call_id": pl.String, "measure": pl.String, "value": pl.Float64},
            orient="row",
        ),
        results=pl.DataFrame(
            [(call, *mark) for call, packed in kept for mark in unpack_marks(packed)],
            schema=dict.fromkeys(("call_id", *Mark._fields), pl.String), orient="row",
        ).with_columns(
            pl.coalesce(decided_status(meanings), pl.col("proposed")).alias("status")),
    )  # fmt: skip


def _between(table: Table, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    limits = [table.c.day >= since.isoformat()] if since else []
    limits += [table.c.day <= until.isoformat(), table.c.day != ""] if until else []
    return limits


def _frame(
    store: Store,
    table: Table,
    by: Sequence[Who],
    schema: Mapping[str, type[pl.DataType]],
    given: tuple[str | None, str | None, date | None, date | None],
) -> pl.DataFrame:
    agent, team, since, until = given
    names = [*by, *schema]
    keys = [c for c in table.c if c.primary_key and c.name in names]
    numbers = [c for c in table.c if not c.primary_key]
    sums = [cast(func.sum(c), BigInteger).label(c.name) for c in numbers]
    # With all told apart there is nothing to add up, and rows come as they lie.
    query = select(*keys, *numbers) if len(by) == 2 else select(*keys, *sums).group_by(*keys)
    query = query.where(*_between(table, since, until))
    if agent is not None:
        query = query.where(table.c.agent == agent)
    if team is not None:
        query = query.where(table.c.team == team)
    with store.reading() as db:
        rows = [tuple(row) for row in db.execute(query).all()]
    columns = [c.name for c in (*keys, *numbers)]
    types = {n: schema.get(n, pl.String) for n in columns}
    frame = pl.DataFrame(rows, schema=types, orient="row").select(names)
    return frame.with_columns(pl.col("day").str.to_date(strict=False))
