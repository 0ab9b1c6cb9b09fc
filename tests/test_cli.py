"""The command line as a contract: what goes in, what comes out, which exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import callqa
from callqa.cli import app

CALL = {
    "call_id": "acme-1",
    "turns": [
        {"role": "agent", "text": "Good morning, Acme Repairs, Dana speaking, how can I help?"},
        {"role": "customer", "text": "Hi. My kettle is broken and the card is 4111111111111111."},
        {"role": "agent", "text": "Oh I'm sorry to hear that. What happened?"},
        {"role": "customer", "text": "It just stopped."},
        {"role": "agent", "text": "Is there anything else I can help with? Thank you, bye."},
    ],
}


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in args])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "acme-1.json"
    path.write_text(json.dumps(CALL))
    return path


def test_version() -> None:
    assert run("--version")[:2] == (0, f"callqa {callqa.__version__}\n")


def test_detect_gives_places_in_the_text_as_given(transcript: Path) -> None:
    code, out, _ = run("detect", transcript, "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["call_id"] == "acme-1"
    assert {"opening.greeting", "opening.help_offered", "positive.apology", "question.open"} <= {
        d["label"] for d in answer["detections"]
    }
    keys = "id label role turn start_char end_char start_s end_s quote confidence why attributes"
    for d in answer["detections"]:
        assert set(d) == {*keys.split(), "parts"}
        assert d["start_s"] is None
        text = str(CALL["turns"][d["turn"]]["text"])  # type: ignore[index]
        if "[CARD" not in d["quote"]:
            assert text[d["start_char"] : d["end_char"]] == d["quote"]


def test_a_card_number_in_a_transcript_is_not_repeated(transcript: Path) -> None:
    assert "4111" not in "".join(map(str, run("detect", transcript, "--json")))


def test_json_lines_in_json_lines_out_and_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    second = CALL | {"call_id": "acme-2"}
    path.write_text(json.dumps(CALL) + "\nnot json\n" + json.dumps(second) + "\n")
    code, out, err = run("detect", path, "--json")
    assert code == 1
    assert [json.loads(line)["call_id"] for line in out.splitlines()] == ["acme-1", "acme-2"]
    assert "line 2" in err


def test_scoring_a_transcript_says_what_needs_sound(transcript: Path, tmp_path: Path) -> None:
    code, out, _ = run("score", transcript, "--workspace", tmp_path / "w", "--json")
    assert code == 0
    (call,) = json.loads(out)["calls"]
    assert call["state"] == "done"
    by = {r["criterion"]: r["status"] for r in call["results"]}
    assert by["4e"] == "not_assessable"
    assert len([r for r in call["results"] if r["criteria"].startswith("sqa")]) == 22
    assert len([r for r in call["results"] if r["criteria"].startswith("nocn")]) == 17


def test_show_gives_the_whole_record(transcript: Path, tmp_path: Path) -> None:
    run("score", transcript, "--workspace", tmp_path / "w")
    code, out, _ = run("show", "acme-1", "--workspace", tmp_path / "w", "--json")
    assert code == 0
    record = callqa.CallRecord.model_validate_json(out)
    assert record.transcript.turns[1].redactions[0].kind == "card"
    assert run("show", "acme-1", "--workspace", tmp_path / "w")[0] == 0


def test_an_unreadable_file_fails_alone(transcript: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "notes.wav").write_text("these are my notes")
    code, out, _ = run("score", tmp_path, "--workspace", tmp_path / "w", "--json")
    assert code == 1
    calls = {Path(c["source"]).name: c for c in json.loads(out)["calls"]}
    assert calls["acme-1.json"]["state"] == "done"
    assert calls["empty.wav"]["state"] == calls["notes.wav"]["state"] == "failed"
    assert "empty" in calls["empty.wav"]["error"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("score", "gone.wav"), "no file or folder gone.wav"),
        (("score", ".", "--metadata", "gone.csv"), "gone.csv cannot be read"),
        (("show", "x", "--workspace", "nowhere"), "no workspace in nowhere"),
        (("report",), "Give the ids of calls, or --all"),
        (("pack", "x", "-o", "p", "--workspace", "nowhere"), "no workspace in nowhere"),
    ],
)
def test_wrong_usage_is_one_sentence_and_two(
    args: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*args)
    assert code == 2
    assert says in err.replace("\n", " ")
    assert "Traceback" not in out + err


def test_an_unknown_criteria_set_names_the_known_ones(transcript: Path, tmp_path: Path) -> None:
    code, _, err = run(
        "score", transcript, "--workspace", tmp_path / "w", "--criteria", "no_such_unit"
    )
    assert code == 2
    assert "sqa_dn8j11" in err
