"""The database: what is added stays, what is current is the last."""

import zlib
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from callqa.errors import StoreError
from callqa.records import Correction, Judgement, Metadata
from callqa.store import store as store_module
from callqa.store.frames import frames
from callqa.store.store import LedgerEntry, Store
from tests.store.calls import record


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


# ------------------------------------------------------------ what people say


def judgement(**given: object) -> Judgement:
    words: dict[str, object] = {
        "call_id": "a", "by": "M. Okafor", "reason": "heard it", "at": "2025-03-04",
        "result_id": "r-a", "result_hash": "h", "proposed": "evidenced", "criteria": "sqa",
        "criterion": "1a", "participant": "p1", "level": "partly",
    }  # fmt: skip
    return Judgement.model_validate(words | given)


def swap(at: str = "2025-03-04") -> Correction:
    return Correction(call_id="a", kind="swap_roles", by="M. Okafor", reason="listened", at=at)


def test_what_people_say_comes_back_in_the_order_in_which_it_was_said(store: Store) -> None:
    store.add_analysis(record(), "one")
    store.add_analysis(record("b"), "one")
    later, earlier = judgement(at="2025-03-05"), judgement()
    assert store.add_judgements([later]) == 1
    assert store.add_judgements([earlier, judgement(call_id="b")]) == 2
    assert store.judgements("a") == [later, earlier]
    assert len(store.judgements()) == 3
    store.add_corrections([swap()])
    assert store.corrections("a") == [swap()]
    assert store.corrections("b") == []


def test_the_same_word_twice_is_one(store: Store) -> None:
    store.add_analysis(record(), "one")
    assert store.add_judgements([judgement(), judgement()]) == 1
    assert store.add_judgements([judgement()]) == 0
    assert store.add_corrections([swap(), swap("2025-03-05")]) == 2
    assert store.judgements("a") == [judgement()]


def test_people_speak_of_calls_that_are_there(store: Store) -> None:
    with pytest.raises(StoreError):
        store.add_judgements([judgement(call_id="zz")])


def test_nothing_can_change_or_remove_what_was_said() -> None:
    """The store has words to add and to read; none to update or delete."""
    code = Path(store_module.__file__).read_text(encoding="utf-8")
    for change in ("update", "delete"):
        for table in ("judgements", "corrections", "analyses"):
            assert f"{change}(t.{table}" not in code


def test_old_analyses_stay_readable(store: Store) -> None:
    first = store.add_analysis(record(), "one", heard="k1")
    second = store.add_analysis(record(status="partly"), "two", heard="k2")
    assert store.record_of(first).results[0].status == "evidenced"
    assert [(a.number, a.heard) for a in store.analyses("a")] == [(first, "k1"), (second, "k2")]
    with pytest.raises(StoreError, match="no analysis 9999"):
        store.record_of(9999)


def test_judgements_are_not_part_of_an_analysis(store: Store) -> None:
    store.add_analysis(record(judgements=(judgement(),)), "one")
    assert store.record("a").judgements == ()


def test_metadata_are_kept_as_given_where_a_correction_changed_the_records(store: Store) -> None:
    given = Metadata(agent_id="AG1")
    store.add_analysis(record(metadata=Metadata(agent_id="AG2")), "one", given=given)
    assert store.metadata_of("a") == given
    assert store.record("a").metadata.agent_id == "AG2"
    assert store.calls()["a"][0] == given


def test_a_workspace_of_the_first_tables_is_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    config = Config()
    config.set_main_option("script_location", "callqa.store:migrations")
    engine = create_engine(url)
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0001")
        db.execute(text("INSERT INTO calls VALUES ('a', '{}', '2025')"))
        row = {"p": zlib.compress(record().model_dump_json().encode())}
        db.execute(text("INSERT INTO analyses VALUES (1, 'a', 'one', '2025', :p)"), row)
    engine.dispose()
    store = Store(url)
    assert store.record("a") == record()
    assert store.analyses("a")[0].heard is None
    assert store.add_corrections([swap()]) == 1
