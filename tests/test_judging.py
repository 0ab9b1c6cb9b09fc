"""People's word in a workspace: kept beside the machine's, surviving what is scored anew."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from callqa import rescoring
from callqa.errors import EvidenceError, StoreError, UsageError
from callqa.evidence.corrections import added_at, fixed_word
from callqa.evidence.judgements import corrected, standing
from callqa.pipeline import load_tools
from callqa.records import CallRecord, Correction, CorrectionKind, Metadata
from callqa.rescoring import calls_since, diff, rescore
from callqa.settings import load_settings
from callqa.workspace import Source, Workspace, find_sources

CALL = {
    "call_id": "kettle",
    "turns": [
        {"role": "agent", "text": "Good morning, Acme Repairs, Dana speaking, how can I help?"},
        {"role": "customer", "text": "Hi, my cattle is broken and I am furious."},
        {"role": "agent", "text": "Oh I'm sorry to hear that. What happened?"},
        {"role": "customer", "text": "It just stopped."},
        {"role": "agent", "text": "Is there anything else I can help with? Thank you, bye."},
    ],
}
SQA = "sqa_dn8j11"
CARD = "4111111111111111"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    (tmp_path / "kettle.json").write_text(json.dumps(CALL))
    space = workspace(tmp_path)
    assert scored(space, tmp_path).call_id == "kettle"
    return space


def workspace(folder: Path, **settings: object) -> Workspace:
    return Workspace(load_tools(load_settings(workspace=folder / "w", **settings)))


def scored(space: Workspace, folder: Path, metadata: Metadata | None = None) -> CallRecord:
    (source,), _ = find_sources([folder / "kettle.json"])
    outcome = space.process(source, metadata)
    assert outcome.record, outcome.error
    return outcome.record


def say(kind: CorrectionKind, **payload: str) -> Correction:
    return corrected("kettle", kind, payload, by="M. Okafor", reason="I listened")


def fix(space: Workspace, id: str, text: str) -> CallRecord:
    payload = fixed_word(space.heard("kettle"), space.store.record("kettle"), id, text)
    return space.correct("kettle", [say("fix_word", **payload)])


def own_lexicon(folder: Path) -> Path:
    lexicons = folder / "lexicons"
    shutil.copytree(load_settings().lexicons, lexicons)
    (lexicons / "en" / "own.toml").write_text(
        'family = "own"\n[[entry]]\nlabel = "own.kettle"\n'
        'phrases = ["kettle"]\nmatch = ["a kettle"]\n'
    )
    return lexicons


def other_criteria(folder: Path) -> Path:
    """Where 1b asks for more than any call can give."""
    criteria = folder / "criteria"
    shutil.copytree(load_settings().criteria, criteria)
    file = criteria / f"{SQA}.toml"
    before, after = file.read_text().split('id = "1b"')
    file.write_text(before + 'id = "1b"' + after.replace("at_least = 2", "at_least = 90", 1))
    return criteria


def status(record: CallRecord, criterion: str) -> str:
    return next(r.status for r in record.results if (r.criteria, r.criterion) == (SQA, criterion))


# ------------------------------------------------------------ corrections


def test_swapped_roles_score_the_other_person_and_listen_to_nothing(space: Workspace) -> None:
    before = space.store.stage_count("listen")
    swapped = space.correct("kettle", [say("swap_roles")])
    assert {p.id: p.role for p in swapped.participants} == {"p1": "customer", "p2": "agent"}
    assert {r.participant for r in swapped.results} == {"p2"}
    assert [c.kind for c in swapped.corrections] == ["swap_roles"]
    assert space.store.stage_count("listen") == before
    assert space.store.stage_count("parse") == 2  # who says it counts for what it reads like


def test_a_correction_lasts_when_the_call_is_processed_again(
    space: Workspace, tmp_path: Path
) -> None:
    swapped = space.correct("kettle", [say("swap_roles")])
    assert scored(space, tmp_path) == swapped


def test_an_assigned_agent_counts_over_metadata_and_can_be_taken_back(
    space: Workspace, tmp_path: Path
) -> None:
    scored(space, tmp_path, Metadata(agent_id="AG1"))
    record = space.correct("kettle", [say("assign_agent", agent_id="AG2")])
    assert record.metadata.agent_id == "AG2"
    assert space.frames().calls["agent_id"].to_list() == ["AG2"]
    back = space.correct("kettle", [say("undo", correction=record.corrections[0].id)])
    assert back.metadata.agent_id == "AG1"
    assert back.corrections == ()
    assert [c.kind for c in space.store.corrections("kettle")] == ["assign_agent", "undo"]


def test_a_fixed_word_is_detected_anew(space: Workspace) -> None:
    record = fix(space, "1.2", "kettle")
    assert record.transcript.turns[1].text == "Hi, my kettle is broken and I am furious."
    twice = fix(space, "1.2", "new kettle")
    assert twice.transcript.turns[1].text == "Hi, my new kettle is broken and I am furious."
    assert twice.transcript.turns[1].words[2].id == "1.2"


def test_a_card_number_in_a_fixed_word_or_a_reason_is_nowhere(
    space: Workspace, tmp_path: Path
) -> None:
    record = fix(space, "1.2", CARD)
    assert record.transcript.turns[1].redactions[0].kind == "card"
    space.judge("kettle", "1a", "partly", by="M. Okafor", reason=f"heard {CARD}", criteria=SQA)
    said = [*space.store.corrections(), *space.store.judgements()]
    assert CARD not in "".join(s.model_dump_json() for s in said)
    for analysis in space.store.analyses():
        assert CARD not in space.store.record_of(analysis.number).model_dump_json()


def test_detections_are_rejected_and_added_by_name(space: Workspace) -> None:
    before = space.store.record("kettle")
    apology = next(d for d in before.detections if d.label == "positive.apology")
    record = space.correct(
        "kettle",
        [
            say("reject_detection", detection=apology.id),
            say("add_detection", **added_at(before, "positive.empathy@2:3-10")),
        ],
    )
    assert apology.id not in {d.id for d in record.detections}
    (mine,) = [d for d in record.detections if d.rule == "person/M. Okafor"]
    assert mine.quote == "I'm sorry"  # whole words
    assert mine.why == "M. Okafor: I listened"


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        ("reject_detection", {"detection": "nope"}, "no detection 'nope'"),
        ("undo", {"correction": "nope"}, "no correction 'nope'"),
        ("set_role", {"participant": "p9", "role": "agent"}, "It has p1 (customer), p2 (agent)"),
        (
            "add_detection",
            {"label": "positive.joy", "first_word": "0.0", "last_word": "0.0", "was": "Good"},
            "positive.empathy",
        ),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_kept(
    space: Workspace, kind: CorrectionKind, payload: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as error:
        space.correct("kettle", [say("swap_roles"), say(kind, **payload)])
    assert says in str(error.value)
    assert space.store.corrections() == []


def test_an_added_quote_that_is_not_there_is_refused(space: Workspace) -> None:
    place = added_at(space.store.record("kettle"), "positive.empathy@2:3-10")
    with pytest.raises(EvidenceError, match="other words"):
        space.correct("kettle", [say("add_detection", **(place | {"was": "I'm glad"}))])
    assert space.store.corrections() == []


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("empathy", "LABEL@TURN:START-END"),
        ("positive.empathy@99:0-3", "Turns count from 0 to 4"),
        ("positive.empathy@2:0-999", "characters 0 to 41"),
        ("positive.empathy@2:9-9", "no words from character 9 to 9"),
    ],
)
def test_a_place_that_is_not_there(space: Workspace, place: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        added_at(space.store.record("kettle"), place)
    assert says in str(error.value)


@pytest.mark.parametrize("id", ["1.99", "44.0", "x"])
def test_a_word_that_is_not_there(space: Workspace, id: str) -> None:
    with pytest.raises(UsageError, match="no word"):
        fix(space, id, "kettle")


# ------------------------------------------------------------ judgements


def test_a_judgement_survives_rescoring_and_is_stale_once_the_result_changed(
    space: Workspace, tmp_path: Path
) -> None:
    before = space.store.record("kettle")
    assert status(before, "1b") == "evidenced"
    space.judge("kettle", "1b", "evidenced", by="M. Okafor", reason="asks twice", criteria=SQA)
    same = workspace(tmp_path, lexicons=own_lexicon(tmp_path))
    list(rescore(same, ["kettle"]))
    assert [v.stale for s in sides(same) for v in s.people] == [False]
    changed = workspace(tmp_path, criteria=other_criteria(tmp_path))
    list(rescore(changed, ["kettle"]))
    (one,) = [s for s in sides(changed) if s.people]
    assert one.machine != "evidenced"
    assert one.people[0].stale
    assert one.people[0].judgement.level == "evidenced"


def sides(space: Workspace):  # type: ignore[no-untyped-def]
    record = space.record("kettle")
    return standing(record, record.judgements)


def test_the_machines_proposal_is_never_overwritten(space: Workspace) -> None:
    before = space.store.record("kettle")
    space.judge("kettle", "1b", "not_evidenced", by="R. Lind", reason="no", criteria=SQA)
    assert space.store.record("kettle") == before
    assert len(space.store.analyses()) == 1


def test_a_call_that_is_not_there(space: Workspace) -> None:
    with pytest.raises(StoreError, match="no call 'nope'"):
        space.judge("nope", "1a", "partly", by="R. Lind", reason="x")
    with pytest.raises(StoreError, match="no call 'nope'"):
        space.correct("nope", [say("swap_roles")])


# ------------------------------------------------------------ again, and what changed


def test_a_changed_lexicon_listens_and_parses_nothing(space: Workspace, tmp_path: Path) -> None:
    fix(space, "1.2", "kettle")
    again = workspace(tmp_path, lexicons=own_lexicon(tmp_path))
    (outcome,) = rescore(again, again.store.call_ids())
    assert outcome.stages_run == ("detect", "score")
    assert "own.kettle" in {d.label for d in again.store.record("kettle").detections}
    (once_more,) = rescore(again, ["kettle"])
    assert once_more.stages_run == ()


def test_kept_docs_give_the_same_detections_as_fresh_ones(space: Workspace, tmp_path: Path) -> None:
    record = space.correct("kettle", [say("swap_roles")])
    back = space.correct("kettle", [say("undo", correction=record.corrections[0].id)])
    assert back.detections == space.store.record_of(1).detections


def test_what_cannot_be_scored_again_is_named_and_the_rest_goes_on(space: Workspace) -> None:
    outcomes = list(rescore(space, ["nope", "kettle"]))
    assert outcomes[0].error is not None
    assert "not kept" in str(outcomes[0].error)
    assert outcomes[1].error is None


def test_only_calls_since(space: Workspace, tmp_path: Path) -> None:
    assert calls_since(space, "2020-01-01") == ["kettle"]
    assert calls_since(space, "2999-01-01") == []
    scored(space, tmp_path, Metadata(started_at="2019-05-01T10:00:00+00:00"))
    assert calls_since(space, "2020-01-01") == []
    with pytest.raises(UsageError, match="no time"):
        calls_since(space, "lately")


def test_what_changed_for_whom_and_on_which_words(space: Workspace, tmp_path: Path) -> None:
    again = workspace(tmp_path, criteria=other_criteria(tmp_path))
    list(rescore(again, ["kettle"]))
    found = {c.criterion: c for c in diff(again, "previous", "current") if c.criteria == SQA}
    assert set(found) == {"1b"}
    assert (found["1b"].before, found["1b"].participant) == ("evidenced", "p1")
    assert found["1b"].after != "evidenced"
    assert list(diff(again, "1", "2", "kettle")) == list(diff(again, "previous", "current"))
    assert list(diff(again, "2999-01-01", "current")) == []


def test_words_that_a_criterion_no_longer_rests_on_are_told(space: Workspace) -> None:
    record = space.store.record("kettle")
    open_one = next(d for d in record.detections if d.label == "question.open" and d.turn == 2)
    space.correct("kettle", [say("reject_detection", detection=open_one.id)])
    found = list(diff(space, "previous", "current", "kettle"))
    lost = {(c.criterion, g.what, g.words) for c in found for g in c.lost}
    assert ("1b", "question.open", open_one.quote) in lost
    gained = {(g.what, g.words) for c in found for g in c.gained}
    assert ("question.open", open_one.quote) not in gained


@pytest.mark.parametrize(
    ("old", "new", "call", "says"),
    [
        ("lately", "current", None, "'lately' is no time"),
        ("1", "99", None, "no analysis 99"),
        ("previous", "current", "nope", "no call 'nope'"),
    ],
)
def test_states_that_are_not_there(
    space: Workspace, old: str, new: str, call: str | None, says: str
) -> None:
    with pytest.raises((UsageError, StoreError), match=says):
        list(diff(space, old, new, call))


@pytest.mark.slow
def test_several_processes_do_the_same(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "ALONE", 0)
    second = tmp_path / "second.json"
    second.write_text(json.dumps(CALL | {"call_id": "second", "turns": CALL["turns"][:4]}))
    (source,), _ = find_sources([second])
    space.process(source)
    again = workspace(tmp_path, lexicons=own_lexicon(tmp_path))
    outcomes = list(rescore(again, again.store.call_ids(), 2))
    assert [(o.call_id, o.stages_run) for o in outcomes] == [
        ("kettle", ("detect", "score")), ("second", ("detect", "score")),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_recording_is_corrected_without_its_sound(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "no_greeting.ogg"
    shutil.copy(samples / "no_greeting.ogg", path)
    space = workspace(tmp_path)
    outcome = space.process(Source(str(path), path))
    assert outcome.record, outcome.error
    path.unlink()
    before = {p.id: p.role for p in outcome.record.participants}
    swapped = space.correct(
        "no_greeting", [corrected("no_greeting", "swap_roles", {}, by="M. Okafor", reason="heard")]
    )
    roles = {"agent": "customer", "customer": "agent"}
    assert {p.id: p.role for p in swapped.participants} == {
        id: roles.get(role, role) for id, role in before.items()
    }
    # Signs of emotion are the customer's alone, whoever that is held to be.
    assert {d.role for d in swapped.detections if d.label.startswith("emotion.")} <= {"customer"}


@pytest.mark.parametrize(
    ("criteria", "criterion", "level", "scale"),
    [
        ("ingots_unit46", "1.1", "S", "N, L, S, H"),
        ("ipla_customer_service", "1a", "Approaches", "Does not meet, Approaches, Meets, Exceeds"),
    ],
)
def test_a_set_for_people_alone_takes_its_own_levels(
    tmp_path: Path, criteria: str, criterion: str, level: str, scale: str
) -> None:
    (tmp_path / "kettle.json").write_text(json.dumps(CALL))
    settings = load_settings(workspace=tmp_path / "w")
    space = Workspace(load_tools(settings, [criteria]))
    scored(space, tmp_path)
    made = space.judge("kettle", criterion, level, by="Ada", reason="Read the portfolio.")
    assert (made.level, made.proposed) == (level, "not_assessable")
    with pytest.raises(UsageError, match=f"people alone enter: {scale}."):
        space.judge("kettle", criterion, "evidenced", by="Ada", reason="It was heard.")
    assert [j.level for j in space.record("kettle").judgements] == [level]
