"""``queue``, ``sample``, ``agreement``: what people listen to, and how far they agree."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from callqa.errors import EvidenceError
from callqa.pipeline import load_tools
from callqa.reviewing import audited, drawn, kept_draw
from callqa.settings import load_settings
from callqa.store import schema
from callqa.store.rows import pack
from callqa.workspace import Workspace
from tests.test_cli import run

CALM = [
    {"role": "agent", "text": "Good morning, Acme Repairs, Dana speaking, how can I help?"},
    {"role": "customer", "text": "Hi. What time do you close today?"},
    {"role": "agent", "text": "We're open until six. Is there anything else I can help with?"},
    {"role": "customer", "text": "No, thank you. Bye."},
    {"role": "agent", "text": "Thank you for calling. Goodbye."},
]
CROSS = [
    *CALM[:1],
    {"role": "customer", "text": "I want to make a complaint. You charged me twice."},
    {
        "role": "agent",
        "text": "Well, that's your own fault, you should have read it. It's not a big deal.",
    },
    {"role": "customer", "text": "Let me speak to your manager, please."},
    {"role": "agent", "text": "You're wrong. There's nothing I can do about it. Goodbye."},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for n in range(6):
        path = tmp_path / "in" / f"{'cross' if n == 3 else 'calm'}-{n}.json"
        path.parent.mkdir(exist_ok=True)
        turns = CROSS if n == 3 else CALM
        path.write_text(json.dumps({"call_id": path.stem, "turns": turns}))
    alone = {"call_id": "alone", "turns": CALM[:1]}
    (tmp_path / "in" / "alone.json").write_text(json.dumps(alone))
    foreign = {"call_id": "french", "language": "fr", "turns": CALM}
    (tmp_path / "in" / "french.json").write_text(json.dumps(foreign))
    run("score", tmp_path / "in", "--agent", "A7", "--workspace", tmp_path / "w")
    return tmp_path / "w"


def space(folder: Path) -> Workspace:
    return Workspace(load_tools(load_settings(workspace=folder)))


def asked(folder: Path, *args: object) -> dict:
    code, out, err = run(*args, "--workspace", folder, "--json")
    assert code == 0, err
    return json.loads(out)


# ---------------------------------------------------------------- queue


def test_the_queue_begins_with_what_speaks_against_and_says_why(folder: Path) -> None:
    found = asked(folder, "queue")
    assert found["calls"][0]["call_id"] == "cross-3"
    codes = [r["code"] for r in found["calls"][0]["reasons"]]
    assert codes[0] == "contradicted"
    assert {"complaint", "escalation"} <= set(codes)
    weights = [c["attention"] for c in found["calls"]]
    assert weights == sorted(weights, reverse=True)
    code, out, _ = run("queue", "--workspace", folder, "--limit", "1")
    assert code == 0
    assert "1  cross-3" in out
    assert "The caller complains." in out
    assert "calm-1" not in out


def test_single_decisions_begin_with_the_one_that_people_overrule_most(folder: Path) -> None:
    found = asked(folder, "queue", "--decisions")
    chances = [d["overruled"] for d in found["decisions"]]
    assert len(chances) == 20 < found["waiting"]
    assert all(0 < c < 1 for c in chances)
    code, out, _ = run("queue", "--decisions", "--workspace", folder, "--limit", "1")
    assert code == 0
    first = found["decisions"][0]
    assert out.splitlines()[0].split()[:3] == ["1", first["call_id"], first["criterion"]]
    assert "overruled in about" in out


def test_a_decision_that_somebody_judged_waits_no_longer(folder: Path) -> None:
    first = asked(folder, "queue", "--decisions")
    d = first["decisions"][0]
    run("judge", d["call_id"], d["criterion"], "--criteria", d["criteria"], "--level", "partly",
        "--by", "M. Okafor", "--reason", "heard it", "--workspace", folder)  # fmt: skip
    assert asked(folder, "queue", "--decisions")["waiting"] == first["waiting"] - 1


def test_a_call_that_somebody_judged_leaves_the_queue(folder: Path) -> None:
    before = asked(folder, "queue")
    space(folder).judge("cross-3", "1f", "contradicted", by="Ada", reason="Blamed the customer.")
    after = asked(folder, "queue")
    assert (after["waiting"], after["looked_at"]) == (before["waiting"] - 1, 1)
    assert "cross-3" not in [c["call_id"] for c in after["calls"]]


# ---------------------------------------------------------------- sample


def test_a_draw_is_kept_with_all_that_repeats_it(folder: Path) -> None:
    one = asked(folder, "sample", "--size", 3, "--seed", "2025-W10", "--by", "Ada")
    assert (one["method"], one["seed"], one["size"], one["population"], one["by"]) == (
        "random", "2025-W10", 3, 6, "Ada",
    )  # fmt: skip
    assert {c["probability"] for c in one["calls"]} == {0.5}
    again = asked(folder, "sample", "--size", 3, "--seed", "2025-W10")
    assert again["calls"] == one["calls"]
    assert again["frame"] == one["frame"]
    listed = asked(folder, "sample", "--list")["samples"]
    assert [s["id"] for s in listed] == [one["id"], again["id"]]
    assert asked(folder, "sample", "--show", one["id"])["calls"] == one["calls"]
    assert asked(folder, "sample", "--audit", one["id"])["audit"] == "as drawn"


def test_only_conversations_are_drawn(folder: Path) -> None:
    found = asked(folder, "sample", "--size", 6)
    assert "alone" not in [c["call_id"] for c in found["calls"]]
    assert "french" not in [c["call_id"] for c in found["calls"]]


def test_a_seed_that_nobody_gave_is_made_up_and_kept(folder: Path) -> None:
    one, other = asked(folder, "sample", "--size", 1), asked(folder, "sample", "--size", 1)
    assert one["seed"]
    assert one["seed"] != other["seed"]


def test_strata_are_drawn_from_each(folder: Path) -> None:
    found = asked(folder, "sample", "--size", 3, "--method", "stratified", "--seed", "s")
    assert set(found["strata"]) == {"A7 · complaint", "A7 · query"}
    assert "cross-3" in [c["call_id"] for c in found["calls"]]


def test_a_draw_by_risk_stays_apart_and_has_no_probability(folder: Path) -> None:
    found = asked(folder, "sample", "--size", 1, "--method", "risk")
    assert found["calls"] == [{"call_id": "cross-3", "stratum": "", "probability": None}]
    assert found["seed"] == ""
    _, out, _ = run("sample", "--size", 1, "--method", "risk", "--workspace", folder)
    assert "these calls give no rate" in out


def test_an_audit_still_holds_after_calls_came_and_scores_changed(folder: Path) -> None:
    made = asked(folder, "sample", "--size", 2, "--seed", "s")
    (folder.parent / "more.json").write_text(json.dumps({"call_id": "more", "turns": CALM}))
    run("score", folder.parent / "more.json", "--workspace", folder)
    assert asked(folder, "sample", "--audit", made["id"])["gone"] == []


def test_a_sample_that_was_tampered_with_is_found_out(folder: Path) -> None:
    asked(folder, "sample", "--size", 2, "--seed", "s")
    here = space(folder)
    (made,) = drawn(here)
    other = next(c.call_id for c in made.frame
                 if c.call_id not in {d.call_id for d in made.sample.drawn})  # fmt: skip
    first = made.sample.drawn[0].model_copy(update={"call_id": other})
    sample = made.sample.model_copy(update={"drawn": (first, *made.sample.drawn[1:])})
    forged = made.model_copy(update={"sample": sample})
    with here.store.writing() as db:
        db.execute(update(schema.samples).values(content=pack(forged.model_dump_json())))
    with pytest.raises(EvidenceError, match="not what its seed draws"):
        audited(here, kept_draw(here, forged.id))


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Say one thing to do."),
        (("--size", 2, "--list"), "Say one thing to do."),
        (("--size", 7), "7 of 6 calls cannot be drawn."),
        (("--size", 1, "--method", "stratified"), "cannot hold one of each of 2"),
        (("--size", 1, "--method", "risk", "--seed", "s"), "Chance has no part"),
        (("--size", 1, "--agent", "B9"), "no conversation to draw from"),
        (("--audit", "none"), "There is no sample 'none'"),
        (("--size", 1, "--since", "lately"), "'lately' is no time"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_a_sentence(
    folder: Path, args: tuple[object, ...], says: str
) -> None:
    code, _, err = run("sample", *args, "--workspace", folder)
    assert code == 2
    assert says in err


# ---------------------------------------------------------------- agreement


def judge(folder: Path, rows: list[tuple[str, str, str, str]]) -> None:
    here = space(folder)
    for call, level, by, at in rows:
        here.judge(call, "1f", level, by=by, reason="I listened.", at=at, blind=by == "Ada")


def test_people_beside_the_machine_and_beside_each_other(folder: Path) -> None:
    judge(folder, [
        ("calm-0", "evidenced", "Ada", "2025-03-01"), ("calm-0", "evidenced", "Ben", "2025-03-01"),
        ("calm-1", "partly", "Ada", "2025-04-02"), ("calm-1", "evidenced", "Ben", "2025-04-02"),
        ("cross-3", "contradicted", "Ada", "2025-04-03"),
    ])  # fmt: skip
    found = asked(folder, "agreement")
    assert (found["judgements"], found["blind"]) == (5, 3)
    (machine,) = found["people_and_machine"]
    assert (machine["criteria"], machine["criterion"], machine["n"]) == ("sqa_dn8j11", "1f", 5)
    assert machine["agreement"]["value"] == pytest.approx(4 / 5)
    # By hand: rows (person) E 3, P 1, C 1; columns (machine) E 4, C 1: pe = (12 + 1) / 25.
    assert machine["kappa"]["value"] == pytest.approx((0.8 - 0.52) / 0.48)
    # AC1: prevalence .7, .1, .2; pe = (.21 + .09 + .16) / 2 = .23.
    assert machine["ac1"]["value"] == pytest.approx((0.8 - 0.23) / 0.77)
    assert machine["ac1"]["low"] < machine["ac1"]["value"] <= machine["ac1"]["high"]
    assert machine["prevalence"] == pytest.approx(
        {"contradicted": 0.2, "evidenced": 0.7, "partly": 0.1}
    )
    months = [(m["month"], m["n"], m["agreement"]["value"]) for m in machine["months"]]
    assert months == [("2025-03", 2, 1.0), ("2025-04", 3, pytest.approx(2 / 3))]
    (people,) = found["people"]
    assert (people["n"], people["agreement"]["value"]) == (2, 0.5)


def test_blind_judgements_alone(folder: Path) -> None:
    judge(folder, [("calm-0", "evidenced", "Ada", "2025-03-01"),
                   ("calm-1", "partly", "Ben", "2025-03-01")])  # fmt: skip
    (machine,) = asked(folder, "agreement", "--blind")["people_and_machine"]
    assert (machine["n"], machine["agreement"]["value"]) == (1, 1.0)


def test_the_text_gives_figures_with_intervals_and_drift(folder: Path) -> None:
    judge(folder, [("calm-0", "evidenced", "Ada", "2025-03-01"),
                   ("calm-1", "partly", "Ada", "2025-04-02")])  # fmt: skip
    code, out, _ = run("agreement", "--workspace", folder)
    assert code == 0
    assert "sqa_dn8j11 1f" in out
    assert "2025-04: agreement 0.00" in out
    assert "−1.00" in out.replace("-", "−")
    assert "nothing to compare" in out  # no two people on one result


def test_sets_that_were_not_asked_for_stay_out(folder: Path) -> None:
    judge(folder, [("calm-0", "evidenced", "Ada", "2025-03-01")])
    found = asked(folder, "agreement", "--criteria", "nocn_unit7")
    assert (found["judgements"], found["people_and_machine"]) == (0, [])
