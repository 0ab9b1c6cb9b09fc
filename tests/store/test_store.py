"""The database: what is added stays, what is current is the last."""

from pathlib import Path

import pytest

from callqa.errors import StoreError
from callqa.records import (
    CallRecord,
    CriterionResult,
    Flag,
    GroupTotal,
    Measure,
    Metadata,
    Recording,
)
from callqa.store.frames import frames
from callqa.store.schema import metadata
from callqa.store.store import LedgerEntry, Store


def record(call_id: str = "a", status: str = "evidenced", **more: object) -> CallRecord:
    result = CriterionResult.model_validate(
        {"id": f"r-{call_id}", "criteria": "sqa", "criteria_hash": "h", "criterion": "1a",
         "group": "1", "title": "t", "criterion_class": "audio", "participant": "p1",
         "status": status, "why": "because"}
    )  # fmt: skip
    base = CallRecord(
        call_id=call_id,
        recordings=(Recording(sha256="5" * 64, name="a.wav", duration_s=3.0),),
        duration_s=3.0,
        results=(result,),
        totals=(GroupTotal(criteria="sqa", group="1", title="Outcome 1", evidenced=1),),
        measures={"duration_s": Measure(value=3.0, unit="s")},
        flags=(Flag(code="x", why="listen here", weight=2.0, start_s=1.0),),
    )
    return base.model_copy(update=more)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        store = Store.in_folder(tmp_path / "w")
    else:
        store = Store(request.getfixturevalue("postgres"))
        with store.reading() as db:
            for table in reversed(metadata.sorted_tables):
                db.execute(table.delete())
    store.add_recording(record().recordings[0], tmp_path / "a.wav")
    return store


def test_a_second_analysis_is_added_and_becomes_current(store: Store) -> None:
    store.add_analysis(record(), "one")
    store.add_analysis(record(status="partly"), "two")
    assert store.record("a").results[0].status == "partly"
    assert store.fingerprint_of("a") == "two"
    assert store.call_ids() == ["a"]


def test_a_record_comes_back_as_it_went_in(store: Store) -> None:
    store.add_analysis(record(), "one")
    assert store.record("a") == record()


def test_the_same_bytes_are_one_recording(store: Store, tmp_path: Path) -> None:
    recording = record().recordings[0]
    store.add_recording(recording, tmp_path / "second.wav")
    store.add_analysis(record(), "one")
    assert store.call_of(recording.sha256) == "a"
    assert store.recording_path(recording.sha256) == tmp_path / "second.wav"


def test_a_call_that_is_not_there(store: Store) -> None:
    with pytest.raises(StoreError, match="no call 'zz'"):
        store.record("zz")


def test_a_later_word_in_the_ledger_replaces_the_earlier(store: Store) -> None:
    store.note(LedgerEntry("x.wav", "failed", reason="empty"))
    store.note(LedgerEntry("x.wav", "done", call_id="x"))
    assert [(e.source, e.state) for e in store.ledger()] == [("x.wav", "done")]
    assert store.ledger("failed") == []


def test_frames_hold_current_calls_and_failures(store: Store) -> None:
    store.add_analysis(record(metadata=Metadata(agent_id="AG1")), "one")
    store.add_analysis(record(metadata=Metadata(agent_id="AG2")), "two")
    store.note(LedgerEntry("in/bad.wav", "failed", reason="it is empty"))
    f = frames(store)
    assert f.calls["call_id"].to_list() == ["a", "in/bad.wav"]
    assert f.calls["agent_id"].to_list() == ["AG2", None]
    assert f.calls["why"][0] == "listen here"
    assert f.totals["evidenced"].to_list() == [1]
    assert f.measures["value"].to_list() == [3.0]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "callqa.db").write_text("not a database, just words" * 100)
    with pytest.raises(StoreError, match="could not be opened"):
        Store.in_folder(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Store.in_folder(tmp_path / "file" / "w")
