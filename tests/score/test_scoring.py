"""Statuses in their order, whose results they are, and what a result carries."""

import pytest

from callqa.profile import Profile
from callqa.records import Participant
from callqa.score import ScoreInput, score, totals
from callqa.score.telling import MOST_EVIDENCE
from tests.builders import Mark, agent, call, customer, said
from tests.score.units import result, results, units

HELLO = agent(
    "Good morning, Brightwell, Sam here, please go on.",
    ("opening.greeting", "Good morning,"),
    ("opening.organisation", "Brightwell,"),
    ("opening.name_given", "Sam here,"),
    ("positive.courtesy", "please"),
)
YES = agent("Yes.")


def test_every_criterion_has_a_result():
    assert len(results(call(HELLO, YES))) == 22 + 17


@pytest.mark.parametrize("kind", ["voicemail", "ivr_only", "abandoned", "no_speech"])
def test_what_is_no_conversation_is_not_assessable(kind):
    assert {r.status for r in results(call(HELLO, YES, kind=kind))} == {"not_assessable"}


def test_another_language_is_not_assessable():
    found = results(call(HELLO, YES, language="cy"))
    assert {r.status for r in found} == {"not_assessable"}
    assert any("not in English" in r.why for r in found)


def test_too_little_heard_is_not_assessable():
    found = results(call(HELLO, YES, measures={"heard_share": 0.2}))
    assert {r.status for r in found} == {"not_assessable"}


def test_no_agent_is_not_assessable_and_belongs_to_nobody():
    found = results(call(customer("Hello?"), customer("Hello?")))
    assert {(r.status, r.participant) for r in found} == {("not_assessable", "")}


def test_each_agent_has_results_of_their_own():
    record = call(HELLO, YES, said("second_agent", "Hi."), said("second_agent", "Right."))
    assert result(record, "1f").status == "evidenced"
    assert result(record, "1f", "second_agent").status == "contradicted"
    assert len(results(record)) == 2 * 39


def test_an_agent_who_hardly_speaks_is_not_assessed():
    record = call(HELLO, YES, said("second_agent", "Hi."))
    assert {r.participant for r in results(record)} == {"agent"}


def test_contradicted_comes_before_evidenced():
    assert result(call(HELLO, YES), "1f").status == "evidenced"
    swears = agent("Damn.", "negative.profanity")
    found = result(call(HELLO, YES, swears), "1f")
    assert found.status == "contradicted"
    assert [e.quote for e in found.evidence] == ["Damn."]


def test_not_applicable_says_what_did_not_occur():
    found = result(call(HELLO, YES), "4c")
    assert (found.status, found.why) == (
        "not_applicable",
        "Not called for here: nothing was heard of dissatisfaction.",
    )


def test_the_why_says_what_was_heard_and_what_is_missing():
    greeted = agent("Good morning.", "opening.greeting")
    found = result(call(greeted, YES), "1f")
    assert found.status == "partly"
    assert found.why.startswith("Heard: a greeting. Still missing: the organisation's name within")
    assert found.confidence == 0.9


def test_a_part_criterion_says_what_a_person_must_add():
    found = result(call(HELLO, agent("Just noting it.", "handling.record_updating")), "1c")
    assert found.status == "partly"
    assert found.why.endswith("A recording cannot show the rest.")
    assert "database" in found.needs


def test_evidence_is_short_unique_and_in_order():
    lines = [
        agent(f"I see, {i}.", "listening.acknowledgement", "listening.paraphrase")
        for i in range(12)
    ]
    found = result(call(HELLO, *lines), "7.11")
    assert found.status == "evidenced"
    assert len(found.evidence) <= MOST_EVIDENCE
    places = [(e.turn, e.start_char) for e in found.evidence]
    assert places == sorted(set(places))


def test_each_part_of_a_rule_keeps_a_quote():
    many = [
        agent(f"Certainly, {i}.", "positive.courtesy", Mark("positive.empathy", confidence=0.99))
        for i in range(9)
    ]
    put_back = agent("So it's off.", Mark("listening.paraphrase", confidence=0.6))
    clear = agent("Does that make sense?", "listening.check_understanding")
    found = result(call(HELLO, *many, put_back, clear), "3c")
    assert "listening.paraphrase" in {e.label for e in found.evidence}
    assert found.confidence == 0.6


def test_a_result_keeps_its_id_until_its_criteria_change():
    first, again = results(call(HELLO, YES)), results(call(HELLO, YES, YES))
    assert [r.id for r in first] == [r.id for r in again]
    assert len({r.id for r in first}) == len(first)


def test_totals_count_what_could_be_observed():
    record = call(HELLO, YES)
    groups = {(t.criteria, t.group): t for t in totals(results(record), units())}
    assert ("nocn_unit7", "knowledge") not in groups
    dissatisfaction = groups["sqa_dn8j11", "4"]
    assert (dissatisfaction.observable, dissatisfaction.not_applicable) == (0, 4)
    assert dissatisfaction.not_assessable == 1
    assert sum(t.observable + t.not_applicable + t.not_assessable for t in groups.values()) == 32


def test_totals_are_of_one_participant():
    record = call(HELLO, YES, said("second_agent", "Hi."), said("second_agent", "Right."))
    found = results(record)
    mine, theirs = totals(found, units()), totals(found, units(), "second_agent")
    assert next(t for t in mine if t.group == "1").evidenced == 1
    assert next(t for t in theirs if t.group == "1").contradicted == 1


def test_the_profile_sets_the_limits():
    silent = call(HELLO, YES, measures={"unexplained_silence_longest_s": 20.0})
    patient = Profile(silence_s=30.0)
    status = {r.criterion: r.status for r in results(silent)}
    assert status["3f"] == "contradicted"
    status = {r.criterion: r.status for r in results(silent, patient)}
    assert status["3f"] == "not_evidenced"


def test_only_the_given_units_are_scored():
    _, sqa = units()
    record = call(HELLO, YES)
    assert {r.criteria for r in score(ScoreInput.of(record), [sqa], Profile())} == {"sqa_dn8j11"}


def test_a_participant_without_turns_is_not_assessed():
    record = call(HELLO, YES)
    silent = Participant(id="x", role="second_agent")
    with_silent = record.model_copy(update={"participants": (*record.participants, silent)})
    assert {r.participant for r in results(with_silent)} == {"agent"}
