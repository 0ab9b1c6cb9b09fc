"""A record from a path in three lines, and what such a record promises."""

import json
from pathlib import Path

import pytest

from callqa import analyse
from callqa.errors import ConfigError, EvidenceError, RecordingError, TranscriptError
from callqa.evidence import verify
from callqa.pipeline import load_tools
from callqa.profile import load_profile
from callqa.records import CallRecord, Metadata
from callqa.settings import load_settings

TURNS = [
    {"role": "agent", "text": "Good morning, Acme, Dana speaking, how can I help?"},
    {"role": "customer", "text": "My kettle arrived broken and I'm really not happy."},
    {"role": "agent", "text": "I'm so sorry about that. What happened when you opened it?"},
]


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "kettle.json"
    path.write_text(json.dumps({"turns": TURNS}))
    return path


@pytest.fixture
def record(transcript: Path) -> CallRecord:
    return analyse(transcript)


def test_results_cite_words_at_their_place(record: CallRecord) -> None:
    quotes = [e for r in record.results for e in r.evidence if e.kind == "quote"]
    assert quotes
    for quote in quotes:
        turn = record.transcript.turns[quote.turn]
        assert turn.text[quote.start_char : quote.end_char] == quote.quote


def test_a_quote_that_is_not_in_the_transcript_cannot_pass(record: CallRecord) -> None:
    found = record.detections[0].model_copy(update={"quote": "something else"})
    with pytest.raises(EvidenceError):
        verify(record.model_copy(update={"detections": (found, *record.detections[1:])}))


def test_a_heard_name_sets_no_agent_but_metadata_does(transcript: Path, record: CallRecord) -> None:
    assert all(p.agent_id is None for p in record.participants)
    named = analyse(transcript, metadata=Metadata(agent_id="AG7"))
    assert {p.agent_id for p in named.participants if p.role == "agent"} == {"AG7"}


def test_a_record_survives_json(record: CallRecord) -> None:
    assert CallRecord.model_validate_json(record.model_dump_json()) == record


def test_the_same_call_gives_the_same_record(transcript: Path, record: CallRecord) -> None:
    assert analyse(transcript) == record


def test_roles_are_found_where_a_transcript_names_none(tmp_path: Path) -> None:
    path = tmp_path / "anon.json"
    speakers = {"agent": "speaker a", "customer": "speaker b"}
    path.write_text(json.dumps({"turns": [t | {"role": speakers[t["role"]]} for t in TURNS]}))
    assert [p.role for p in analyse(path).participants] == ["agent", "customer"]


def test_what_cannot_be_heard_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="gone"):
        analyse(tmp_path / "gone.wav")
    with pytest.raises(TranscriptError, match="gone"):
        analyse(tmp_path / "gone.json")


def test_two_calls_in_one_file_are_not_one(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text(f"{json.dumps({'turns': TURNS})}\n" * 2)
    with pytest.raises(TranscriptError, match="holds 2 calls"):
        analyse(path)


def test_a_profile_with_a_mistake_names_the_field(tmp_path: Path) -> None:
    path = tmp_path / "organisation.toml"
    path.write_text("organisation = 'Acme'\nsilense_s = 3\n")
    with pytest.raises(ConfigError, match="silense_s"):
        load_profile(path)
    path.write_text("organisation = ")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_profile(path)


def test_a_setting_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLQA_THREADS", "many")
    with pytest.raises(ConfigError, match="threads"):
        load_settings()


def test_a_lexicon_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load_tools(load_settings(lexicons=tmp_path / "none"))
