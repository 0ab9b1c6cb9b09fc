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


# ------------------------------------------------------------ people's word


@pytest.fixture
def work(transcript: Path, tmp_path: Path) -> Path:
    assert run("score", transcript, "--workspace", tmp_path / "w")[0] == 0
    return tmp_path / "w"


BY = ("--by", "M. Okafor", "--reason", "I listened")


def test_a_judgement_is_shown_beside_the_proposal(work: Path) -> None:
    code, out, _ = run(
        "judge", "acme-1", "1a", "--level", "partly", *BY, "--criteria", "sqa_dn8j11",
        "--workspace", work,
    )  # fmt: skip
    assert code == 0
    assert "partly (M. Okafor); the machine proposes" in out
    shown = run("show", "acme-1", "--workspace", work)[1]
    assert "I listened – M. Okafor, assessor" in " ".join(shown.split())
    record = callqa.CallRecord.model_validate_json(
        run("show", "acme-1", "--workspace", work, "--json")[1]
    )
    (judgement,) = record.judgements
    result = next(r for r in record.results if r.id == judgement.result_id)
    assert (judgement.level, judgement.proposed) == ("partly", result.status)


@pytest.mark.parametrize(
    ("args", "says", "code"),
    [
        (("judge", "acme-1", "9z", "--level", "partly", *BY), "Known: 7.1", 2),
        (("judge", "acme-1", "4a", "--level", "great", *BY), "not_assessable", 2),
        (("judge", "nope", "4a", "--level", "partly", *BY), "no call 'nope'", 1),
        (("judge", "acme-1", "4a", "--level", "partly", "--by", "", "--reason", "x"), "name", 2),
        (("judge", "acme-1", "4a", "--level", "partly", "--by", "x", "--reason", " "), "reason", 2),
        (("correct", "acme-1", *BY), "Nothing to correct", 2),
        (("correct", "acme-1", *BY, "--word", "1.2"), "ID=TEXT", 2),
        (("correct", "acme-1", *BY, "--word", "9.9=x"), "no word '9.9'", 2),
        (("correct", "acme-1", *BY, "--add", "positive.empathy@9:0-2"), "no turn 9", 2),
        (("correct", "acme-1", *BY, "--role", "p1=boss"), "Known: agent", 2),
        (("correct", "nope", *BY, "--swap-roles"), "no call 'nope'", 1),
        (("diff", "lately"), "is no time", 2),
        (("import-scores", "gone.csv"), "gone.csv cannot be read", 2),
    ],
)
def test_what_people_cannot_say_is_one_sentence(
    args: tuple[str, ...], says: str, code: int, work: Path
) -> None:
    found, out, err = run(*args, "--workspace", work)
    assert found == code
    assert says in err.replace("\n", " ")
    assert "Traceback" not in out + err


def test_several_corrections_at_once_and_one_taken_back(work: Path) -> None:
    code, out, err = run(
        "correct", "acme-1", *BY, "--word", "1.2=toaster", "--agent", "AG7", "--add",
        "positive.empathy@2:0-5", "--workspace", work,
    )  # fmt: skip
    assert code == 0, err
    assert "changed." in out
    record = json.loads(run("show", "acme-1", "--workspace", work, "--json")[1])
    assert "toaster" in record["transcript"]["turns"][1]["text"]
    assert record["metadata"]["agent_id"] == "AG7"
    word = next(c["id"] for c in record["corrections"] if c["kind"] == "fix_word")
    assert word in run("show", "acme-1", "--workspace", work)[1]
    assert run("correct", "acme-1", *BY, "--undo", word, "--workspace", work)[0] == 0
    record = json.loads(run("show", "acme-1", "--workspace", work, "--json")[1])
    assert "kettle" in record["transcript"]["turns"][1]["text"]


def test_roles_are_swapped_and_what_changed_is_told(work: Path) -> None:
    code, out, _ = run("correct", "acme-1", *BY, "--swap-roles", "--workspace", work)
    assert code == 0
    assert "→" in out
    code, told, _ = run("diff", "previous", "current", "--workspace", work)
    assert code == 0
    assert "sqa_dn8j11 1a" in told
    changes = json.loads(run("diff", "1", "2", "--workspace", work, "--json")[1])
    assert {c["participant"] for c in changes} == {"p2"}


def test_rescoring_what_has_not_changed_does_nothing(work: Path) -> None:
    assert "0 scored anew, 1 as they were" in run("rescore", "--workspace", work)[1]
    code, out, _ = run("rescore", "--criteria", "nocn_unit7", "--workspace", work)
    assert code == 0
    assert "1 scored anew" in out
    record = json.loads(run("show", "acme-1", "--workspace", work, "--json")[1])
    assert {r["criteria"] for r in record["results"]} == {"nocn_unit7"}
    assert run("rescore", "--since", "2999-01-01", "--workspace", work)[1].startswith("0 scored")


def test_scores_are_taken_in_once_and_bad_rows_named(work: Path, tmp_path: Path) -> None:
    table = tmp_path / "scores.csv"
    table.write_text(
        "call_id,criterion,level,by,reason,at,role\n"
        "acme-1,4a,evidenced,M. Okafor,asks why,2025-03-04,assessor\n"
        "acme-1,4a,great,M. Okafor,asks why,2025-03-04,\n"
        "gone,4a,partly,M. Okafor,asks why,2025-03-04,\n"
        "acme-1,4b,partly,R. Lind,,2025-03-04,\n"
        "acme-1,4b,partly,R. Lind,offers two ways,,\n"
        "acme-1,4b,partly,R. Lind,offers two ways,2025-03-05T10:00,analyst\n"
    )
    code, out, err = run("import-scores", table, "--workspace", work)
    assert code == 1
    assert "2 taken in, 0 known already, 4 not usable" in out
    for line, says in ((3, "'great'"), (4, "'gone'"), (5, "a reason"), (6, "time is missing")):
        assert f"line {line}: " in err
        assert says in err.split(f"line {line}: ")[1].split("scores.csv")[0]
    assert "0 taken in, 2 known already" in run("import-scores", table, "--workspace", work)[1]


def test_a_table_of_scores_without_a_column_names_it(work: Path, tmp_path: Path) -> None:
    table = tmp_path / "scores.csv"
    table.write_text("call_id,criterion,level,by\n")
    code, _, err = run("import-scores", table, "--workspace", work)
    assert code == 2
    assert "lacks reason, at" in err
