"""Processing sources: what is done is never done again, and a bad file never stops the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from callqa.pipeline import load_tools
from callqa.records import Metadata
from callqa.settings import load_settings
from callqa.workspace import (
    Outcome,
    Source,
    Workspace,
    find_sources,
    metadata_for,
    process_all,
    read_metadata,
)

pytestmark = pytest.mark.slow
CALL = "model_query"


def sample(samples: Path, name: str) -> Path:
    return next(p for p in samples.iterdir() if p.name.split(".")[0] == name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def recording(samples: Path) -> Path:
    return sample(samples, CALL)


@pytest.fixture(scope="module")
def first(folder: Path, recording: Path) -> Outcome:
    space = Workspace(load_tools(load_settings(workspace=folder)))
    return space.process(Source(str(recording), recording), Metadata(agent_id="AG1"))


def again(folder: Path, path: Path, metadata: Metadata | None = None, **more: object) -> Outcome:
    space = Workspace(load_tools(load_settings(workspace=folder, **more)))
    return space.process(Source(str(path), path), metadata)


def test_a_call_is_listened_to_detected_and_scored(first: Outcome) -> None:
    assert first.state == "done"
    assert first.stages_run == ("listen", "parse", "detect", "score")
    assert first.record
    assert {p.role for p in first.record.participants} == {"agent", "customer"}
    agent = next(p for p in first.record.participants if p.role == "agent")
    assert agent.agent_id == "AG1"


def test_a_second_run_does_nothing(first: Outcome, folder: Path, recording: Path) -> None:
    second = again(folder, recording)
    assert second.stages_run == ()
    assert second.record == first.record


def test_the_same_bytes_elsewhere_are_the_same_call(
    first: Outcome, folder: Path, recording: Path, tmp_path: Path
) -> None:
    copy = tmp_path / f"copied{recording.suffix}"
    shutil.copy(recording, copy)
    outcome = again(folder, copy)
    assert outcome.stages_run == ()
    assert outcome.record
    assert outcome.record.call_id == CALL


def test_changed_metadata_listens_to_nothing(first: Outcome, folder: Path, recording: Path) -> None:
    outcome = again(folder, recording, Metadata(agent_id="AG2", ring_s=4.0))
    assert "listen" not in outcome.stages_run
    assert outcome.record
    assert outcome.record.metadata.agent_id == "AG2"


def test_changed_criteria_only_score(
    first: Outcome, folder: Path, recording: Path, tmp_path: Path
) -> None:
    criteria = tmp_path / "criteria"
    shutil.copytree(load_settings().criteria, criteria)
    changed = criteria / "sqa_dn8j11.toml"
    changed.write_text(changed.read_text() + "\n# a note\n")
    assert again(folder, recording, criteria=criteria).stages_run == ()
    changed.write_text(changed.read_text().replace("at_least = 3", "at_least = 2"))
    outcome = again(folder, recording, criteria=criteria)
    assert outcome.stages_run == ("score",)


def test_changed_lexicons_detect_and_score(
    first: Outcome, folder: Path, recording: Path, tmp_path: Path
) -> None:
    lexicons = tmp_path / "lexicons"
    shutil.copytree(load_settings().lexicons, lexicons)
    (lexicons / "en" / "own.toml").write_text(
        'family = "own"\n[[entry]]\nlabel = "own.kettle"\n'
        'phrases = ["kettle"]\nmatch = ["a kettle"]\n'
    )
    outcome = again(folder, recording, lexicons=lexicons)
    assert outcome.stages_run == ("detect", "score")


def test_bad_files_are_written_down_and_the_batch_goes_on(
    folder: Path, first: Outcome, recording: Path, tmp_path: Path
) -> None:
    (tmp_path / "a_empty.wav").write_bytes(b"")
    (tmp_path / "b_words.mp3").write_text("no sound in here")
    (tmp_path / "c_cut.flac").write_bytes(recording.read_bytes()[:60])
    (tmp_path / "notes.txt").write_text("passed over")
    shutil.copy(recording, tmp_path / f"d_good{recording.suffix}")
    sources, passed = find_sources([tmp_path])
    assert [s.path.name for s, _ in passed] == ["notes.txt"]
    space = Workspace(load_tools(load_settings(workspace=folder)))
    outcomes = list(process_all(space, sources, {}))
    assert [o.state for o in outcomes] == ["failed", "failed", "failed", "done"]
    failed = {Path(e.source).name: e for e in space.store.ledger("failed")}
    assert set(failed) >= {"a_empty.wav", "b_words.mp3", "c_cut.flac"}
    assert all(e.reason and e.stage == "listen" for e in failed.values())


def test_a_transcript_beside_its_recording_is_a_companion(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "one.wav").write_bytes(b"")
    (tmp_path / "one.srt").write_text("")
    (tmp_path / "two.json").write_text('{"turns": []}')
    sources, _ = find_sources([tmp_path])
    assert sorted(s.path.name for s in sources) == ["one.wav", "two.json"]


def test_metadata_by_file_name_and_a_given_agent_over_it(tmp_path: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text("file,agent_id,ring_s,colour\none.wav,AG7,3.5,red\n")
    read = read_metadata(table)
    source = Source("x/one.wav", Path("x/one.wav"))
    assert metadata_for(source, read) == Metadata(agent_id="AG7", ring_s=3.5)
    given = metadata_for(source, read, "AG9")
    assert given
    assert given.agent_id == "AG9"
    assert metadata_for(Source("y.wav", Path("y.wav")), read) is None
