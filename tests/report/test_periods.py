"""Daily sums as people read them: by month, with counts, and held back where calls are few."""

from __future__ import annotations

from callqa.evidence.aggregates import Days
from callqa.records import CallRecord
from callqa.report.periods import MONTHS, SetTables, Table, cases, criteria_tables
from tests.report.frames import days, records


def cells(table: Table | None, name: str) -> list[str]:
    """A row's cells, what stands below in brackets."""
    assert table is not None
    found = next(cells for row, cells in table.rows if row == name)
    return [f"{main} [{below}]" if below else main for main, below in found]


def sets(calls: list[CallRecord]) -> tuple[SetTables, ...]:
    return criteria_tables(days(calls), cases(days(calls)).months)


def in_month(record: CallRecord, month: int) -> CallRecord:
    at = {"started_at": f"2025-{month:02d}-03T09:00:00+00:00"}
    return record.model_copy(update={"metadata": record.metadata.model_copy(update=at)})


def empty() -> Days:
    return days(records(1)).of("nobody")


def test_a_share_has_its_interval_and_count_by_month() -> None:
    calls = [in_month(r, 3 if n < 12 else 4) for n, r in enumerate(records(14))]
    sqa = sets(calls)[-1]
    assert sqa.shares.heads[1:] == ("Evidenced", "Mar 2025", "Apr 2025")
    assert cells(sqa.shares, "1b Identify customer needs") == [
        "14, 0, 0 [of 14]", "100% [78–100% of 14]", "100% [76–100% of 12]", "too few [n = 2]",
    ]  # fmt: skip


def test_what_was_never_assessed_has_no_row() -> None:
    found = sets(records(12))
    assert not any(name.startswith("4e") for s in found for name, _ in s.shares.rows)


def test_every_status_is_counted() -> None:
    sqa = sets(records(12))[-1]
    assert sqa.counts.heads[:4] == ("Evidenced", "Partly", "Contradicted", "Not evidenced")
    assert cells(sqa.counts, "2a") == ["0", "0", "12", "0", "0", "0", "0", "0"]


def test_the_latest_months_have_room_and_all_counts_them_all() -> None:
    found = cases(days([in_month(r, n + 1) for n, r in enumerate(records(9))]))
    assert found.table is not None
    assert len(found.table.heads) == 1 + MONTHS
    assert found.table.heads[-1] == "Sep 2025"
    assert cells(found.table, "Whole conversations") == ["9", "1", "1", "1", "1", "1", "1"]


def test_kinds_of_call_that_did_not_occur_have_no_row() -> None:
    table = cases(days(records(10))).table
    assert cells(table, "A complaint") == ["10", "10"]
    assert cells(table, "Mean length") == ["2 min", "2 min"]
    assert table is not None
    assert not any("appointment" in name for name, _ in table.rows)


def test_only_calls_that_were_left_out() -> None:
    found = cases(days([records(1)[0].model_copy(update={"kind": "voicemail"})]))
    assert found.table is None
    assert found.left_out == "Left out: 1 call (1 voicemail)."


def test_no_calls() -> None:
    found = cases(empty())
    assert (found.months, found.table, found.left_out) == ((), None, "")
    assert criteria_tables(empty(), ()) == ()
