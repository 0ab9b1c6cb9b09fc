"""Transcripts made elsewhere, good and bad."""

import json
from pathlib import Path

import pytest

from callqa.errors import TranscriptError
from callqa.transcripts import GivenCall, read_calls


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_json_with_roles_and_times(tmp_path: Path) -> None:
    call = {
        "call_id": "a1",
        "turns": [
            {"role": "agent", "text": "Hello.", "start_s": 0.5, "end_s": 1},
            {"role": "customer", "text": "Hi there"},
        ],
    }
    (read,) = read_calls(write(tmp_path, "x.json", json.dumps(call)))
    assert isinstance(read, GivenCall)
    assert read.call_id == "a1"
    assert [p.role for p in read.participants] == ["agent", "customer"]
    assert read.transcript.turns[0].start_s == 0.5
    assert [w.text for w in read.transcript.turns[1].words] == ["Hi", "there"]
    assert not read.has_times


def test_speakers_that_are_roles_and_speakers_that_are_only_told_apart(tmp_path: Path) -> None:
    call = {"turns": [{"speaker": "Agent", "text": "Hello."}, {"speaker": "B", "text": "Hi"}]}
    (read,) = read_calls(write(tmp_path, "x.json", json.dumps(call)))
    assert isinstance(read, GivenCall)
    assert [p.role for p in read.participants] == ["agent", "unknown"]
    assert len({t.participant for t in read.transcript.turns}) == 2


def test_a_bad_line_of_json_lines_does_not_lose_the_others(tmp_path: Path) -> None:
    good = json.dumps({"turns": [{"role": "agent", "text": "hello"}]})
    calls = list(read_calls(write(tmp_path, "n.jsonl", f"{good}\n{{oops\n{good}\n")))
    assert [type(c) for c in calls] == [GivenCall, TranscriptError, GivenCall]
    assert "line 2" in str(calls[1])


def test_srt_with_speakers_in_brackets(tmp_path: Path) -> None:
    text = (
        "1\n00:00:03,453 --> 00:00:09,166\n[CSR] Hello and welcome.\nHow may I help?\n\n"
        "2\n00:01:09,500 --> 00:01:20,000\n[Customer] Note: it's broken.\n"
    )
    (call,) = read_calls(write(tmp_path, "c.srt", text))
    assert isinstance(call, GivenCall)
    first, second = call.transcript.turns
    assert first.text == "Hello and welcome. How may I help?"
    assert (first.start_s, second.start_s) == (3.453, 69.5)
    assert second.text == "Note: it's broken."
    assert [p.role for p in call.participants] == ["agent", "customer"]


def test_vtt_with_voices_and_a_colon_that_is_no_speaker(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>Hello\n\n"
        "00:03.000 --> 00:04.000\n<v Customer>my order: it's late\n"
    )
    (call,) = read_calls(write(tmp_path, "c.vtt", text))
    assert isinstance(call, GivenCall)
    assert [t.text for t in call.transcript.turns] == ["Hello", "my order: it's late"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.json", "", "empty"),
        ("list.json", "[1]", "expected an object with a list 'turns'"),
        ("broken.json", "{", "is not JSON"),
        ("notext.json", '{"turns": [{"role": "agent"}]}', "turn 0 has no 'text'"),
        ("time.json", '{"turns": [{"text": "a", "start_s": "x"}]}', "start_s = 'x'"),
        ("none.srt", "hello", "no timed line"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(TranscriptError, match=says):
        list(read_calls(write(tmp_path, name, text)))


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="no file"):
        list(read_calls(tmp_path / "gone.json"))
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(TranscriptError, match="not UTF-8"):
        list(read_calls(tmp_path / "b.json"))
