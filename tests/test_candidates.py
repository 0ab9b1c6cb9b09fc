"""``callqa attach``: a file, a kind that the unit asks for, a name; or one clear sentence."""

import hashlib
import json
from pathlib import Path

import pytest

from callqa.candidates import attached, calls_of, content
from callqa.errors import EvidenceError
from callqa.pipeline import load_tools
from callqa.settings import load_settings
from callqa.workspace import Workspace
from tests.pack.test_pack import text_of
from tests.test_cli import run
from tests.test_portfolio import TURNS

PDF = b"%PDF-1.7 what was seen on the day"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "acme-1.json"
    path.write_text(json.dumps({"call_id": "acme-1", "turns": TURNS}))
    run("score", path, "--agent", "A7", "--workspace", tmp_path / "w")
    (tmp_path / "checklist.pdf").write_bytes(PDF)
    (tmp_path / "word.txt").write_text("I was there. She helped him kindly.")
    return tmp_path / "w"


def attach(folder: Path, name: str, kind: str, *args: object) -> tuple[int, str, str]:
    file = folder.parent / name
    return run("attach", "A7", file, "--kind", kind, "--by", "Ada", "--workspace", folder, *args)


def sqa(folder: Path) -> dict:
    code, out, _ = run("portfolio", "A7", "--workspace", folder, "--json")
    assert code == 0
    return next(u for u in json.loads(out)["units"] if u["unit"] == "sqa_dn8j11")


def lacking(unit: dict) -> dict[str, list[str]]:
    return {p["part"]: p["no_call_can_show"] for p in unit["confirmed"]["parts"]}


def test_an_attached_record_is_no_longer_lacking(folder: Path) -> None:
    assert "witness testimony" in lacking(sqa(folder))["3"]
    code, out, _ = attach(folder, "word.txt", "witness_testimony")
    assert code == 0
    assert "attached for A7 as witness testimony by Ada; it counts for sqa_dn8j11 3." in out
    unit = sqa(folder)
    assert "witness testimony" not in lacking(unit)["3"]
    assert "observation checklist" in lacking(unit)["3"]
    (kept,) = unit["attached"]
    assert (kept["kind"], kept["name"], kept["by"]) == ("witness testimony", "word.txt", "Ada")
    assert hashlib.sha256(Path(kept["copy"]).read_bytes()).hexdigest() == kept["sha256"]
    assert kept["at"].startswith("20")


def test_it_counts_for_every_part_that_asks_or_for_the_ones_named(folder: Path) -> None:
    attach(folder, "checklist.pdf", "observation checklist", "--part", "1", "--part", "2")
    found = lacking(sqa(folder))
    assert [p for p in "1234" if "observation checklist" in found[p]] == ["3", "4"]
    attach(folder, "checklist.pdf", "observation_checklist")
    found = lacking(sqa(folder))
    assert not any("observation checklist" in found[p] for p in "1234")


def test_the_portfolio_names_who_attached_what_and_when(folder: Path) -> None:
    attach(folder, "word.txt", "witness_testimony")
    _, out, _ = run("portfolio", "A7", "--workspace", folder)
    (line,) = [x for x in out.splitlines() if "attached for" in x]
    assert "attached for 3: witness testimony, word.txt (Ada, 20" in line


def test_what_is_taken_back_counts_no_more_and_stays_on_record(folder: Path) -> None:
    attach(folder, "word.txt", "witness_testimony")
    (kept,) = sqa(folder)["attached"]
    back = ("attach", "A7", "--withdraw", kept["id"], "--by", "Ben", "--workspace", folder)
    assert run(*back)[0] == 0
    unit = sqa(folder)
    assert unit["attached"] == []
    assert "witness testimony" in lacking(unit)["3"]
    assert Path(kept["copy"]).is_file()
    code, _, err = run(*back)
    assert (code, "There is no attachment" in err) == (2, True)


def test_a_changed_copy_counts_no_more_and_makes_no_pack(folder: Path) -> None:
    attach(folder, "word.txt", "witness_testimony")
    (kept,) = sqa(folder)["attached"]
    Path(kept["copy"]).write_text("I was not there.")
    unit = sqa(folder)
    assert "witness testimony" in lacking(unit)["3"]
    assert unit["attached"][0]["intact"] is False
    assert "gone or changed" in run("portfolio", "A7", "--workspace", folder)[1]
    (held,) = attached(Workspace(load_tools(load_settings(workspace=folder))), "A7")
    with pytest.raises(EvidenceError, match="not what Ada attached"):
        content(held)


def test_a_pack_for_the_candidate_holds_the_file_unchanged(folder: Path, tmp_path: Path) -> None:
    attach(folder, "checklist.pdf", "observation_checklist")
    code, out, _ = run("pack", "acme-1", "-o", tmp_path / "p", "--workspace", folder,
                       "--candidate", "A7")  # fmt: skip
    assert code == 0
    assert "1 attached file" in out
    assert (tmp_path / "p" / "attached" / "01.pdf").read_bytes() == PDF
    assert "attached/01.pdf" in (tmp_path / "p" / "manifest-sha256.txt").read_text()
    assert "observation checklist: checklist.pdf" in text_of(tmp_path / "p" / "evidence.pdf")
    other = run("pack", "acme-1", "-o", tmp_path / "q", "--workspace", folder)
    assert "attached" not in other[1]


@pytest.mark.parametrize(
    ("name", "bytes_", "says"),
    [
        ("gone.pdf", None, "There is no file"),
        ("empty.txt", b" \n", "empty.txt is empty."),
        ("tool.exe", b"MZ", "tool.exe is no document, table, picture or recording."),
        ("scan.pdf", b"\x89PNG", "scan.pdf is no PDF file, whatever its name."),
    ],
)
def test_an_unsuitable_file_is_named(
    folder: Path, name: str, bytes_: bytes | None, says: str
) -> None:
    if bytes_ is not None:
        (folder.parent / name).write_bytes(bytes_)
    code, _, err = attach(folder, name, "witness_testimony")
    assert code == 2
    assert says in err
    assert not (folder / "attached").exists()


def test_a_folder_is_no_file(folder: Path) -> None:
    code, _, err = attach(folder, ".", "witness_testimony")
    assert (code, "is a folder" in err) == (2, True)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("A7", "--kind", "praise"), "Known: electronic_data_records, observation_checklist"),
        (("B9", "--kind", "witness_testimony"), "There are no calls of 'B9'"),
        (("A7", "--kind", "witness_testimony", "--part", "2"), "Part 2 asks for no witness"),
        (("A7",), "Nothing to attach was given."),
        (("A7", "--kind", "witness_testimony", "--by", " "), "needs the name of who makes it"),
        (("A7", "--withdraw", "x"), "at once"),
    ],
)
def test_what_cannot_be_attached_is_told_in_a_sentence(
    folder: Path, args: tuple[str, ...], says: str
) -> None:
    candidate, *more = args
    code, _, err = run("attach", candidate, folder.parent / "word.txt", "--by", "Ada",
                       "--workspace", folder, *more)  # fmt: skip
    assert code == 2
    assert says in err


def test_a_second_agent_is_not_taken_for_the_candidate(folder: Path) -> None:
    """The metadata name the agent; who took over, nobody has said."""
    call = {"call_id": "acme-2", "turns": [*TURNS, {"role": "supervisor", "text": "I'm Priya."},
                                           {"role": "supervisor", "text": "Goodbye."}]}  # fmt: skip
    (folder.parent / "acme-2.json").write_text(json.dumps(call))
    run("score", folder.parent / "acme-2.json", "--agent", "A7", "--workspace", folder)
    space = Workspace(load_tools(load_settings(workspace=folder)))
    found = [(r.call_id, r.participant(p).role) for r, p in calls_of(space, "A7")]
    assert found == [("acme-1", "agent"), ("acme-2", "agent")]


def test_the_same_file_twice_is_one(folder: Path) -> None:
    attach(folder, "word.txt", "witness_testimony")
    code, _, err = attach(folder, "word.txt", "witness_testimony")
    assert (code, "attached already, by Ada" in err) == (2, True)
    assert len(sqa(folder)["attached"]) == 1
