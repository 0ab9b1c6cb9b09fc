"""``callqa portfolio``: proposals stay proposals; only what a person confirmed counts."""

import json
from pathlib import Path

import pytest

from callqa.pipeline import load_tools
from callqa.settings import load_settings
from callqa.workspace import Workspace
from tests.test_cli import run

TURNS = [
    {"role": "agent", "text": "Good morning, Acme, Dana speaking, how can I help?"},
    {"role": "customer", "text": "Hi. It's about my bill. I don't know what I paid."},
    {"role": "agent", "text": "I'm sorry to hear that. What happened?"},
    {"role": "customer", "text": "I paid on Monday and again on Friday."},
    {"role": "agent", "text": "I see. So you paid twice, is that right?"},
    {"role": "customer", "text": "Yes."},
    {"role": "agent", "text": "How would you rate our service today? Thank you, bye."},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "acme-1.json"
    path.write_text(json.dumps({"call_id": "acme-1", "turns": TURNS}))
    run("score", path, "--agent", "A7", "--workspace", tmp_path / "w")
    return tmp_path / "w"


def unit(folder: Path, *args: str) -> dict:
    code, out, _ = run("portfolio", "A7", "--workspace", folder, "--json", *args)
    assert code == 0
    return next(u for u in json.loads(out)["units"] if u["unit"] == "sqa_dn8j11")


def test_without_a_judgement_nothing_counts_and_proposals_stand_apart(folder: Path) -> None:
    found = unit(folder)
    assert found["situations"] == {"acme-1": "billing"}
    assert found["confirmed"]["put_forward"]["calls"] == []
    assert all(not any(p["shown"].values()) for p in found["confirmed"]["parts"])
    assert "1d" in found["proposed_for_confirmation"]["by_call"]["acme-1"]
    assert found["proposed_for_confirmation"]["to_listen_to"]["calls"] == ["acme-1"]
    four = found["confirmed"]["parts"][3]
    assert any(line.startswith("4e ") for line in four["no_call_can_show"])
    assert "observation checklist" in four["no_call_can_show"]


def test_what_a_person_confirms_counts_and_is_no_longer_waiting(folder: Path) -> None:
    space = Workspace(load_tools(load_settings(workspace=folder)))
    space.judge("acme-1", "1d", "achieved", by="Ada", reason="She asks.")
    found = unit(folder)
    assert found["confirmed"]["parts"][0]["shown"]["1d"] == ["acme-1"]
    assert found["confirmed"]["put_forward"]["calls"] == ["acme-1"]
    assert "1d" not in found["proposed_for_confirmation"]["by_call"]["acme-1"]
    assert "1 of 3 contacts" in found["confirmed"]["parts"][0]["lacking"]


def test_what_a_person_denies_is_neither_shown_nor_proposed(folder: Path) -> None:
    space = Workspace(load_tools(load_settings(workspace=folder)))
    space.judge("acme-1", "1d", "not yet achieved", by="Ada", reason="Not the customer's view.")
    found = unit(folder)
    assert found["confirmed"]["parts"][0]["shown"]["1d"] == []
    assert "1d" not in found["proposed_for_confirmation"]["by_call"]["acme-1"]


def test_the_text_says_which_is_which(folder: Path) -> None:
    code, out, _ = run("portfolio", "A7", "--workspace", folder)
    assert code == 0
    confirmed, waiting = out.index("only this counts"), out.index("counts for nothing yet")
    assert confirmed < waiting < out.index("Listen to these first: acme-1")


def test_an_unknown_candidate_is_told_who_there_is(folder: Path) -> None:
    code, _, err = run("portfolio", "B9", "--workspace", folder)
    assert code == 2
    assert "Known agents: A7" in err
