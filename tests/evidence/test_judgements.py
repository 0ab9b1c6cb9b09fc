"""A judgement stands beside the machine's proposal, and says when what it judged has changed."""

import pytest
from pydantic import ValidationError

from callqa.errors import UsageError
from callqa.evidence.judgements import corrected, judged, standing
from callqa.records import Correction, Judgement
from tests.report.records import record

SCALES = {"sqa_dn8j11": ("not yet achieved", "achieved")}


def judge(criterion="1b", level="evidenced", call=None, **given):
    words = {"by": "M. Okafor", "reason": "heard it", "at": "2025-03-04T10:00:00+00:00"} | given
    return judged(call or record(), criterion, level, scales=SCALES, **words)


def changed(criterion, **what):
    call = record()
    results = [r.model_copy(update=what) if r.criterion == criterion else r for r in call.results]
    return call.model_copy(update={"results": tuple(results)})


def people(call, *judgements, criterion="1b"):
    (one,) = [s for s in standing(call, judgements) if s.criterion == criterion]
    return one


def test_machine_and_person_side_by_side():
    one = people(record(), judge(level="partly"))
    assert one.machine == "evidenced"
    (voice,) = one.people
    assert (voice.judgement.level, voice.judgement.proposed, voice.stale) == (
        "partly", "evidenced", False,
    )  # fmt: skip


def test_each_persons_latest_word_stands():
    first = judge(level="partly")
    second = judge(level="evidenced", at="2025-03-05")
    other = judge(level="not_evidenced", by="R. Lind", at="2025-03-03")
    one = people(record(), second, first, other)
    assert [(v.judgement.by, v.judgement.level) for v in one.people] == [
        ("R. Lind", "not_evidenced"), ("M. Okafor", "evidenced"),
    ]  # fmt: skip


@pytest.mark.parametrize("what", [{"status": "partly"}, {"evidence": ()}])
def test_a_judgement_is_stale_when_status_or_evidence_changed_and_still_shown(what):
    (voice,) = people(changed("1b", **what), judge()).people
    assert voice.stale
    assert voice.judgement.level == "evidenced"


@pytest.mark.parametrize(
    "what", [{"confidence": 0.1}, {"why": "other words"}, {"criteria_hash": "n"}]
)
def test_other_confidence_words_or_edition_leave_it_fresh(what):
    (voice,) = people(changed("1b", **what), judge()).people
    assert not voice.stale


def test_a_judgement_whose_criterion_is_no_longer_scored_is_still_shown():
    call = record().model_copy(update={"results": record().results[2:]})
    one = people(call, judge())
    assert one.machine is None
    assert one.people[0].stale


def test_a_word_of_the_scale_is_a_level_too():
    assert judge(level="achieved").level == "achieved"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"criterion": "9z"}, "Known: 1a, 1b"),
        ({"level": "excellent"}, "not yet achieved, achieved"),
        ({"by": "  "}, "the name of who makes it"),
        ({"reason": ""}, "a reason"),
        ({"at": "yesterday"}, "Invalid isoformat"),
        ({"criteria": "nope"}, "scored against: sqa_dn8j11, nocn_unit7"),
        ({"participant": "p7"}, "--participant: agent"),
        ({"role": "boss"}, "assessor, analyst, verifier"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_can(given, says):
    with pytest.raises(UsageError) as error:
        judge(**given)
    assert says in str(error.value)


def only_people(level):
    """A call read beside a rubric whose levels people alone enter."""
    call = record()
    results = [
        r.model_copy(update={"criteria": "ingots_unit46", "criterion_class": "person"})
        for r in call.results
    ]
    given = call.model_copy(update={"results": tuple(results)})
    return judged(given, "1b", level, by="M. Okafor", reason="heard it",
                  scales={"ingots_unit46": ("N", "L", "S", "H")})  # fmt: skip


@pytest.mark.parametrize("level", ["N", "L", "S", "H"])
def test_where_only_people_enter_levels_the_scale_is_theirs(level):
    assert only_people(level).level == level


@pytest.mark.parametrize("level", ["evidenced", "not_evidenced", "not_applicable", "s", "M"])
def test_where_only_people_enter_levels_a_status_is_none(level):
    with pytest.raises(UsageError) as error:
        only_people(level)
    assert str(error.value) == (
        f"'{level}' is no level of ingots_unit46, whose levels people alone enter: N, L, S, H."
    )


def test_nobody_verifies_their_own_judgement():
    call = record().model_copy(update={"judgements": (judge(),)})
    with pytest.raises(UsageError, match="their own"):
        judge(call=call, role="verifier")
    assert judge(call=call, role="verifier", by="R. Lind").role == "verifier"


def test_a_criterion_of_two_sets_has_to_be_told_apart():
    call = record()
    twin = call.results[0].model_copy(update={"criteria": "other"})
    with pytest.raises(UsageError, match="--criteria"):
        judge("1a", call=call.model_copy(update={"results": (*call.results, twin)}))


def test_ids_are_of_content_and_time():
    assert judge() == judge()
    assert judge().id != judge(at="2025-03-05").id
    assert judge().id != judge(level="partly").id
    assert Judgement.model_validate_json(judge().model_dump_json()) == judge()
    with pytest.raises(ValidationError, match="not that of the content"):
        Judgement.model_validate(judge().model_dump() | {"reason": "another"})


def test_times_are_kept_in_utc():
    assert judge(at="2025-03-04T11:00:00+01:00").at == "2025-03-04T10:00:00+00:00"


def test_a_correction_says_what_it_takes():
    with pytest.raises(UsageError, match="takes participant, role"):
        corrected("call-1", "set_role", {"participant": "p1"}, by="M. Okafor", reason="x")
    with pytest.raises(ValidationError):
        Correction(call_id="call-1", kind="paint", by="M. Okafor", reason="x", at="2025-03-04")
