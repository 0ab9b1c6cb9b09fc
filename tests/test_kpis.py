"""An agent's figures for a period: what calls show is computed, people enter the rest."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from callqa.errors import UsageError
from callqa.kpis import enter, kpi_set, kpis
from callqa.pipeline import load_tools
from callqa.settings import load_settings
from callqa.workspace import Workspace
from tests.test_cli import run

CALM = [
    {"role": "agent", "text": "Good morning, Acme, Dana speaking, how can I help?"},
    {"role": "customer", "text": "Hi. It's about my bill. I don't know what I paid."},
    {"role": "agent", "text": "What happened exactly when you tried to pay?"},
    {"role": "customer", "text": "I paid on Monday and again on Friday."},
    {"role": "agent", "text": "Thank you, goodbye."},
]
ANGRY = [
    {"role": "agent", "text": "Good morning, Acme, Dana speaking, how can I help?"},
    {"role": "customer", "text": "I want to make a complaint. My kettle broke after a week."},
    {"role": "agent", "text": "I'm sorry to hear that. I will send you a refund today."},
    {"role": "customer", "text": "Fine."},
    {"role": "agent", "text": "Thank you, goodbye."},
]
MARCH = {"since": date(2025, 3, 1), "until": date(2025, 3, 31)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve calls in March, three of them complaints, and one in April."""
    path = tmp_path_factory.mktemp("kpis")
    rows = ["file,call_id,agent_id,team,started_at"]
    for n in range(13):
        day = "2025-04-02" if n == 12 else f"2025-03-{n + 1:02d}"
        turns = ANGRY if n < 3 else CALM
        (path / f"c{n}.json").write_text(json.dumps({"call_id": f"c{n}", "turns": turns}))
        rows.append(f"c{n}.json,c{n},A7,north,{day}T09:00:00+00:00")
    (path / "calls.csv").write_text("\n".join(rows))
    code, _, err = run("score", *sorted(path.glob("*.json")), "--metadata", path / "calls.csv",
                       "--workspace", path / "w")  # fmt: skip
    assert code == 0, err
    return path / "w"


def told(folder: Path, *args: object) -> dict[str, Any]:
    code, out, err = run("kpis", "--workspace", folder, "--json", *args)
    assert code == 0, err
    return json.loads(out)  # type: ignore[no-any-return]


def figures(folder: Path, *args: object) -> dict[str, Any]:
    (one,) = told(folder, *args)["agents"]
    return {k["id"]: k for k in one["kpis"]}


def test_every_figure_is_computed_or_says_who_must_enter_it(folder: Path) -> None:
    found = figures(folder, "--agent", "A7")
    assert list(found) == list("abcdefghij")
    computed = {id for id, k in found.items() if k["computed"]}
    assert computed == set("abch")
    for id in set(found) - computed:
        assert found[id]["note"].startswith("To be entered by a person.")


def test_a_share_has_its_calls_and_interval(folder: Path) -> None:
    c = figures(folder, "--from", "2025-03-01", "--to", "2025-03-31")["c"]["computed"]
    wanted = binomtest(9, 12).proportion_ci(method="wilson")
    assert (c["value"], c["n"]) == (0.75, 12)
    assert (c["low"], c["high"]) == pytest.approx((wanted.low, wanted.high))


def test_few_calls_give_their_count_alone(folder: Path) -> None:
    h = figures(folder)["h"]
    assert (h["computed"]["value"], h["computed"]["n"]) == (None, 3)
    assert h["note"] == "Too few calls: 3; a figure needs 10."


def test_what_needs_sound_or_another_set_says_so(folder: Path) -> None:
    found = figures(folder)
    assert found["a"]["computed"]["n"] == 0
    assert "No call is scored against widgets_complaints" in found["b"]["note"]


def test_the_case_mix_stands_beside(folder: Path) -> None:
    (one,) = told(folder, "--to", "2025-03-31")["agents"]
    mix = one["case_mix"]
    assert (mix["conversations"], mix["complaint"], mix["billing"]) == (12, 3, 9)
    assert mix["complaint_share"] == 0.25


def test_a_person_enters_what_calls_cannot_show_and_the_latest_word_is_shown(folder: Path) -> None:
    for value, reason in (("4.1 of 5", "first count"), ("4.2 of 5", "all slips counted")):
        code, out, err = run(
            "enter", "A7", "j", value, "--from", "2025-03-01", "--to", "2025-03-31", "--by", "Ada",
            "--reason", reason, "--level", "on target", "--workspace", folder,
        )  # fmt: skip
        assert code == 0, err
        assert f"A7 widgets_kpis j: {value} entered by Ada" in out
    j = figures(folder, "--from", "2025-03-01", "--to", "2025-03-31")["j"]
    assert [(e["value"], e["by"], e["level"]) for e in j["entered"]] == [
        ("4.2 of 5", "Ada", "on target")
    ]
    assert j["note"] is None
    assert figures(folder, "--from", "2025-03-02")["j"]["entered"] == []
    text = run("kpis", "--workspace", folder)[1]
    assert "4.2 of 5" in text
    assert "entered by Ada" in text
    assert len(Workspace(load_tools(load_settings(workspace=folder))).store.entered()) == 2


def test_the_table_names_figures_counts_and_what_is_missing(folder: Path) -> None:
    code, out, _ = run("kpis", "--agent", "A7", "--workspace", folder, "--to", "2025-03-31")
    assert code == 0
    assert "A7, to 2025-03-31: 12 conversations (3 complaint, 9 billing)" in out
    assert "75%" in out
    assert "too few" in out
    assert "To be entered by a person." in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["B9", "j", "1"], "no calls of 'B9'"),
        (["A7", "z", "1"], "no figure 'z'"),
        (["A7", "j", "1", "--level", "grand"], "'grand' is no level"),
        (["A7", "j", "1", "--by", " "], "needs the name of who makes it"),
        (["A7", "j", "1", "--reason", " "], "needs a reason"),
        (["A7", "j", " "], "cannot be used"),
        (["A7", "j", "1", "--to", "2024-01-01"], "ends before it begins"),
        (["A7", "j", "1", "--to", "Friday"], "'Friday' is no day"),
        (["A7", "j", "1", "--criteria", "sqa_dn8j11"], "no figures 'sqa_dn8j11'"),
    ],
)
def test_what_cannot_be_entered_is_refused_and_nothing_kept(
    folder: Path, args: list[str], says: str
) -> None:
    before = len(Workspace(load_tools(load_settings(workspace=folder))).store.entered())
    defaults = {"--from": "2025-03-01", "--to": "2025-03-31", "--by": "Ada", "--reason": "slips"}
    given = [x for pair in defaults.items() if pair[0] not in args for x in pair]
    code, _, err = run("enter", *args, *given, "--workspace", folder)
    assert code == 2
    assert says in err
    assert len(Workspace(load_tools(load_settings(workspace=folder))).store.entered()) == before


def test_a_card_number_in_a_reason_is_not_kept(folder: Path) -> None:
    space = Workspace(load_tools(load_settings(workspace=folder)))
    unit = kpi_set(space.tools.every_set)
    made = enter(
        space, unit, "A7", "e", "2 of 2", by="Ada", reason="card 4111111111111111", **MARCH
    )
    assert "4111" not in made.reason


def test_nobody_is_told_who_there_is(folder: Path) -> None:
    code, _, err = run("kpis", "--agent", "B9", "--workspace", folder)
    assert code == 2
    assert "Known agents: A7" in err


def test_a_period_that_ends_before_it_begins(folder: Path) -> None:
    space = Workspace(load_tools(load_settings(workspace=folder)))
    with pytest.raises(UsageError, match="ends before it begins"):
        kpis(space, kpi_set(space.tools.every_set), (), MARCH["until"], MARCH["since"])
