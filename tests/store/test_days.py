"""Daily sums follow every call: once each, moved when a call changes, on both databases."""

from __future__ import annotations

import threading
import zlib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, text

from callqa.evidence.aggregates import rates
from callqa.evidence.figures import figure
from callqa.records import (
    STATUSES,
    CallRecord,
    Detection,
    Entered,
    Judgement,
    Measure,
    Metadata,
    Participant,
)
from callqa.requirements import Computed
from callqa.store import schema as t
from callqa.store.counting import count_again
from callqa.store.days import agents, calls_of, days
from callqa.store.store import Store
from tests.store.calls import record


def call(call_id: str = "a", status: str = "evidenced", **more: object) -> CallRecord:
    """A conversation of A7 in team north on 4 March, of three seconds."""
    given = {
        "kind": "conversation",
        "metadata": meta(),
        "participants": (Participant(id="p1", role="agent"), Participant(id="p2", role="customer")),
    }
    return record(call_id, status, **(given | more))


def meta(agent: str | None = "A7", day: str = "2025-03-04", team: str = "north") -> Metadata:
    return Metadata(agent_id=agent, team=team, started_at=f"{day}T09:00:00+00:00")


def judgement(of: CallRecord, level: str, at: str = "2025-03-05") -> Judgement:
    r = of.results[0]
    return Judgement(
        call_id=of.call_id, by="M. Okafor", reason="heard it", at=at, result_id=r.id,
        result_hash=r.content_hash, proposed=r.status, criteria=r.criteria,
        criterion=r.criterion, participant=r.participant, level=level,
    )  # fmt: skip


def said(label: str, role: str, confidence: float = 0.9) -> Detection:
    return Detection(
        id=f"{label}-{role}", label=label, participant="p", role=role, turn=0, why="heard",
        confidence=confidence, rule="hand",
    )  # type: ignore[arg-type]  # fmt: skip


def marks(store: Store) -> list[tuple[object, ...]]:
    """Agent, day, proposed, decided and how many."""
    long = days(store).marks.unpivot(STATUSES, index=["agent", "day", "decided"])
    rows = long.filter(pl.col("value") != 0).select("agent", "day", "variable", "decided", "value")
    return sorted(rows.rows())


def cases(store: Store) -> list[tuple[object, ...]]:
    wanted = ("agent", "day", "sort", "calls", "timed", "length_ms")
    return sorted(days(store).calls.select(wanted).rows())


FOURTH = date(2025, 3, 4)


def test_the_same_call_saved_twice_counts_once(store: Store) -> None:
    for fingerprint in ("one", "one", "two"):
        store.add_analysis(call(), fingerprint)
    assert marks(store) == [("A7", FOURTH, "evidenced", "", 1)]
    assert cases(store) == [("A7", FOURTH, "counted", 1, 1, 3000)]


def test_calls_of_a_day_add_up(store: Store) -> None:
    store.add_analysis(call("a"), "one")
    store.add_analysis(call("b"), "one")
    store.add_analysis(call("c", "partly", duration_s=None), "one")
    assert marks(store) == [
        ("A7", FOURTH, "evidenced", "", 2),
        ("A7", FOURTH, "partly", "", 1),
    ]
    assert cases(store) == [("A7", FOURTH, "counted", 3, 2, 6000)]


def test_a_result_that_changed_moves_and_leaves_nothing_behind(store: Store) -> None:
    store.add_analysis(call(), "one")
    store.add_analysis(call(status="contradicted"), "two")
    assert marks(store) == [("A7", FOURTH, "contradicted", "", 1)]
    with store.reading() as db:
        assert len(db.execute(select(t.daily_marks)).all()) == 1


def test_another_agent_day_or_kind_moves_the_call(store: Store) -> None:
    store.add_analysis(call(), "one")
    store.add_analysis(call(metadata=meta("B2", "2025-03-05")), "two")
    assert cases(store) == [("B2", date(2025, 3, 5), "counted", 1, 1, 3000)]
    assert agents(store) == ["B2"]
    store.add_analysis(call(kind="voicemail"), "three")
    assert cases(store) == [("A7", FOURTH, "voicemail", 1, 1, 3000)]
    assert marks(store) == []


def test_a_judgement_moves_the_count_and_the_same_one_again_does_not(store: Store) -> None:
    store.add_analysis(call(), "one")
    store.add_judgements([judgement(call(), "partly")])
    store.add_judgements([judgement(call(), "partly")])
    assert marks(store) == [("A7", FOURTH, "evidenced", "partly", 1)]
    store.add_judgements([judgement(call(), "evidenced", "2025-03-06")])
    assert marks(store) == [("A7", FOURTH, "evidenced", "evidenced", 1)]


def test_a_rescored_call_makes_a_judgement_of_what_changed_stale(store: Store) -> None:
    store.add_analysis(call(), "one")
    store.add_judgements([judgement(call(), "partly")])
    store.add_analysis(call(status="contradicted"), "two")
    assert marks(store) == [("A7", FOURTH, "contradicted", "stale", 1)]


def test_counting_again_changes_nothing(store: Store) -> None:
    store.add_analysis(call("a"), "one")
    store.add_analysis(call("b", "partly"), "one")
    store.add_judgements([judgement(call("a"), "partly")])
    before = marks(store), cases(store)
    with store.reading() as db:
        count_again(db, ["a", "b", "a", "gone"])
    assert (marks(store), cases(store)) == before


def test_days_are_chosen_and_an_unknown_day_is_left_out_of_any(store: Store) -> None:
    store.add_analysis(call("a"), "one")
    store.add_analysis(call("b", metadata=meta(day="2025-04-01")), "one")
    store.add_analysis(call("c", metadata=Metadata(agent_id="A7")), "one")
    april = days(store, since=date(2025, 4, 1)).calls
    assert april["day"].to_list() == [date(2025, 4, 1)]
    assert days(store, until=date(2025, 3, 31)).calls["day"].to_list() == [FOURTH]
    assert sorted(days(store).calls["day"].to_list(), key=str)[-1] is None


def test_agents_and_teams_can_be_added_up_by_the_database(store: Store) -> None:
    store.add_analysis(call("a"), "one")
    store.add_analysis(call("b", metadata=meta("B2")), "one")
    store.add_analysis(call("c", metadata=meta("C3", team="east")), "one")
    assert days(store, by=()).marks["evidenced"].to_list() == [3]
    north = days(store, team="north", by=("team",))
    assert north.marks.select("team", "evidenced").rows() == [("north", 2)]
    assert rates(north, by=["team"], minimum=1)["rate"].to_list() == [1.0]
    assert days(store, agent="C3").calls["calls"].to_list() == [1]


def test_two_at_once_lose_nothing_and_count_nothing_twice(store: Store) -> None:
    """Two runs with connections of their own score and judge the same calls of one day."""
    ids = [f"c{n}" for n in range(10)]
    for id in ids:
        store.add_analysis(call(id), "one")
    failed: list[BaseException] = []

    def work(status: str, order: list[str]) -> None:
        own = Store(store.url)
        try:
            for id in order:
                own.add_analysis(call(id, status), status)
                own.add_judgements([judgement(call(id, status), status)])
        except BaseException as error:
            failed.append(error)
        own.close()

    runs = (("partly", ids), ("contradicted", ids[::-1]))
    threads = [threading.Thread(target=work, args=run) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(int(str(row[-1])) for row in marks(store)) == len(ids)
    assert cases(store) == [("A7", FOURTH, "counted", 10, 10, 30_000)]
    before = marks(store)
    with store.reading() as db:
        count_again(db, ids)
    assert marks(store) == before


# ------------------------------------------------------------ calls one by one


def test_calls_of_an_agent_for_figures_that_no_sum_gives(store: Store) -> None:
    second = (*call().participants, Participant(id="p3", role="second_agent", agent_id="B2"))
    mine = call().results[0]
    both = (mine, mine.model_copy(update={"id": "r-second", "participant": "p3"}))
    store.add_analysis(call("a", detections=(said("question.probing", "agent"),)), "one")
    store.add_analysis(
        call("b", participants=second, results=both, metadata=meta("A7"), detections=(
            said("question.probing", "second_agent"), said("complaint.stated", "customer"))), "one"
    )  # fmt: skip
    store.add_analysis(call("c", kind="voicemail"), "one")
    store.add_analysis(call("d", metadata=meta("A7", "2025-04-01")), "one")
    march = {"since": date(2025, 3, 1), "until": date(2025, 3, 31)}
    probing = Computed(share=("question.probing",))
    first = figure(probing, calls_of(store, "A7", {}, **march), minimum=1)
    assert (first.value, first.n) == (0.5, 2)
    other = figure(probing, calls_of(store, "B2", {}, **march), minimum=1)
    assert (other.value, other.n) == (1.0, 1)
    median = figure(Computed(median="duration_s"), calls_of(store, "A7", {}), minimum=1)
    assert (median.value, median.n) == (3.0, 3)


def test_a_call_scored_anew_gives_its_current_measures_alone(store: Store) -> None:
    store.add_analysis(call(), "one")
    longer = {"duration_s": Measure(value=9.0, unit="s")}
    store.add_analysis(call(measures=longer), "two")
    assert calls_of(store, "A7", {}).measures["value"].to_list() == [9.0]


def test_a_near_miss_is_no_moment(store: Store) -> None:
    store.add_analysis(call(detections=(said("question.probing", "agent", 0.2),)), "one")
    assert calls_of(store, "A7", {}).labels.height == 0


def test_a_persons_decision_counts_in_what_is_free_of_contradiction(store: Store) -> None:
    store.add_analysis(call(status="contradicted"), "one")
    free = Computed(free_of="sqa")
    assert figure(free, calls_of(store, "A7", {}), minimum=1).value == 0.0
    store.add_judgements([judgement(call(status="contradicted"), "evidenced")])
    assert figure(free, calls_of(store, "A7", {}), minimum=1).value == 1.0


# ------------------------------------------------------------ entered by people


def test_an_entered_figure_is_kept_once_and_nothing_replaces_it(store: Store) -> None:
    words = {"agent_id": "A7", "criteria": "widgets_kpis", "criterion": "j", "value": "4.2 of 5",
             "since": "2025-03-01", "until": "2025-03-31", "by": "Ada", "reason": "survey",
             "at": "2025-04-02"}  # fmt: skip
    one = Entered.model_validate(words)
    two = Entered.model_validate(words | {"value": "4.3 of 5", "at": "2025-04-03"})
    assert store.add_entered([one, one]) == 1
    assert store.add_entered([one, two]) == 1
    assert store.entered("A7") == [one, two]
    assert store.entered("B2") == []
    with pytest.raises(ValueError, match="ends before it begins"):
        Entered.model_validate(words | {"until": "2025-02-01"})


# ------------------------------------------------------------ tables


def test_the_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.reading() as db:
        assert compare_metadata(MigrationContext.configure(db), t.metadata) == []


def test_calls_from_before_figures_were_kept_are_counted_on_opening(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    config = Config()
    config.set_main_option("script_location", "callqa.store:migrations")
    engine = create_engine(url)
    old = [call("a", "partly"), call("a"), call("b")]
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0002")
        db.execute(text("INSERT INTO calls VALUES ('a', '{}', '2025'), ('b', '{}', '2025')"))
        for n, one in enumerate(old, start=1):
            row = {"n": n, "c": one.call_id, "p": zlib.compress(one.model_dump_json().encode())}
            db.execute(text("INSERT INTO analyses VALUES (:n, :c, 'one', '2025', :p, NULL)"), row)
    engine.dispose()
    assert marks(Store(url)) == [("A7", FOURTH, "evidenced", "", 2)]
    assert marks(Store(url)) == [("A7", FOURTH, "evidenced", "", 2)]  # opened once more
