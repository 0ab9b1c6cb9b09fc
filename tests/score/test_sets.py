"""The sets beside the two default ones: what each hears, its near misses, and who may judge."""

import pytest

from callqa.errors import ConfigError, UsageError
from callqa.profile import Profile
from callqa.score import ScoreInput, chosen_sets, load_criteria, score
from tests.builders import LABELS, Mark, agent, call, customer
from tests.score.units import CRITERIA, result, unit

HELLO = agent(
    "Good morning, Innovative Widgets, Sam here.", "opening.greeting", "opening.name_given"
)
UPSET = customer("The widgets are the wrong size again.", "complaint.stated")
YES = agent("Yes.")
REP, MANAGER = "widgets_complaints", "widgets_complaints_manager"


def status(criterion, of, *parts, **given):
    return result(call(*parts, **given), criterion, of=of).status


# ---------------------------------------------------------------- which sets


def test_two_units_are_scored_by_default():
    every = load_criteria(CRITERIA, LABELS)
    assert [u.id for u in chosen_sets(every)] == ["nocn_unit7", "sqa_dn8j11"]
    assert [u.id for u in chosen_sets(every, ["nocn_unit2"])] == ["nocn_unit2"]


def test_without_a_default_every_set_about_a_call_is_scored():
    some = [unit("nocn_unit2"), unit("ingots_unit46"), unit("widgets_kpis")]
    assert [u.id for u in chosen_sets(some)] == ["nocn_unit2"]


def test_a_call_is_not_scored_against_an_agents_figures():
    with pytest.raises(UsageError, match="agent and a period"):
        chosen_sets(load_criteria(CRITERIA, LABELS), ["widgets_kpis"])
    with pytest.raises(ConfigError, match="There are no criteria 'kpis'"):
        chosen_sets(load_criteria(CRITERIA, LABELS), ["kpis"])


def test_whether_a_set_is_default_is_not_its_content(tmp_path):
    text = (CRITERIA / "nocn_unit2.toml").read_text(encoding="utf-8")
    hashes = set()
    for extra in ("", "default = true\n"):
        (tmp_path / "u.toml").write_text(extra + text, encoding="utf-8")
        hashes.add(load_criteria(tmp_path, LABELS)[0].hash)
    assert len(hashes) == 1


# ---------------------------------------------------------------- levels are people's


@pytest.mark.parametrize("name", ["ingots_unit46", "ipla_customer_service"])
def test_no_level_is_ever_proposed(name):
    one = unit(name)
    assert {c.criterion_class for c in one.criteria} == {"person"}
    assert not any(g.in_total for g in one.groups)
    assert one.award_at in one.scale
    everything = agent("Yes.", *sorted(x for x in LABELS if not x.startswith("complaint.")))
    found = score(ScoreInput.of(call(everything, UPSET, YES)), [one], Profile())
    assert {r.status for r in found} == {"not_assessable"}
    assert {r.confidence for r in found} == {None}


def test_moments_that_bear_on_a_level_are_attached():
    hello = agent("Good morning, Sam here.", ("opening.greeting", "Good morning,"),
                  ("opening.name_given", "Sam here."))  # fmt: skip
    found = result(call(hello, customer("Hi."), YES), "3.2", of="ingots_unit46")
    assert {e.label for e in found.evidence} == {"opening.greeting", "opening.name_given"}
    assert found.why.startswith("A person judges this; nothing is proposed.")
    assert result(call(YES, customer("Hi."), YES), "3.2", of="ingots_unit46").evidence == ()


def test_the_rubric_has_four_competencies_on_four_levels():
    rubric = unit("ipla_customer_service")
    assert (len(rubric.groups), len(rubric.scale)) == (4, 4)
    assert [sum(c.group == g.id for c in rubric.criteria) for g in rubric.groups] == [6, 5, 5, 4]


# ---------------------------------------------------------------- the complaints procedure


def test_a_call_without_a_complaint_calls_for_no_step():
    found = score(ScoreInput.of(call(HELLO, customer("Hi."), YES)), [unit(REP)], Profile())
    assert {r.status for r in found} == {"not_applicable"}


def test_step_1_greeting_and_name():
    assert status("1", REP, HELLO, UPSET, YES) == "evidenced"
    assert status("1", REP, agent("Morning.", "opening.greeting"), UPSET, YES) == "partly"
    assert status("1", REP, YES, UPSET, YES) == "contradicted"


def test_step_3_arguing_after_the_complaint():
    sorry = agent("I see.", "listening.acknowledgement")
    cross = agent("That's not true.", "negative.argument")
    assert status("3", REP, HELLO, UPSET, sorry) == "evidenced"
    assert status("3", REP, HELLO, UPSET, sorry, cross) == "contradicted"
    assert status("3", REP, HELLO, UPSET, YES) == "not_evidenced"


def test_step_4b_only_for_a_product():
    about = Mark("complaint.reason", attributes={"kind": "product"})
    back = agent("May we have it tested?", "resolution.return_requested")
    assert status("4b", REP, HELLO, customer("It's broken.", about), back) == "evidenced"
    assert status("4b", REP, HELLO, UPSET, back) == "not_applicable"


NEW_ONE = agent(
    "I'll send you a new one.",
    Mark("resolution.replacement_offered", attributes={"kind": "replacement"}),
)
MENDED = agent(
    "We'll repair it.", Mark("resolution.replacement_offered", attributes={"kind": "repair"})
)
NOT_MINE = agent("My manager decides that.", "resolution.beyond_authority")


def test_step_6_no_replacement_on_ones_own():
    assert status("6", REP, HELLO, UPSET, NEW_ONE) == "contradicted"
    assert status("6", REP, HELLO, UPSET, NEW_ONE, NOT_MINE) == "evidenced"
    assert status("6", REP, HELLO, UPSET, MENDED) == "not_applicable"


def refund(amount):
    given = {} if amount is None else {"amount": amount}
    return agent("I can refund some.", Mark("resolution.refund_offered", attributes=given))


def test_step_7_the_limit_of_25():
    assert status("7", REP, HELLO, UPSET, refund(25.0)) == "partly"
    assert status("7", REP, HELLO, UPSET, refund(25.5)) == "contradicted"
    assert status("7", REP, HELLO, UPSET, refund(10.0), refund(60.0)) == "contradicted"
    assert status("7", REP, HELLO, UPSET, refund(60.0), NOT_MINE) == "not_evidenced"
    assert status("7", REP, HELLO, UPSET, refund(None)) == "not_evidenced"
    assert status("7", REP, HELLO, UPSET, YES) == "not_applicable"


def test_step_9_injury_goes_to_the_manager_at_an_agreed_time():
    hurt = customer("It cut my hand.", "complaint.injury")
    passed = agent("I'll pass it to my manager.", "resolution.escalated")
    agreed = agent("She'll ring at two.", "resolution.callback_agreed")
    assert status("9", REP, HELLO, hurt, passed, agreed) == "evidenced"
    assert status("9", REP, HELLO, hurt, passed) == "partly"
    assert status("9", REP, HELLO, hurt, refund(10.0)) == "contradicted"
    assert status("9", REP, HELLO, UPSET, passed, agreed) == "not_applicable"


def test_the_managers_call():
    summed = agent("So you were sent the wrong size.", "listening.summary")
    sorry = agent("I'm sorry for that.", "positive.apology")
    assert status("4a", MANAGER, summed, sorry, UPSET) == "evidenced"
    assert status("4a", MANAGER, summed, UPSET, YES) == "partly"
    assert status("2", MANAGER, summed, sorry, UPSET) == "not_assessable"
    plan = agent("We check every box now.", "resolution.action_explained")
    assert status("4b", MANAGER, summed, plan, UPSET) == "partly"


# ---------------------------------------------------------------- NOCN 2, 6, 8


def test_language_without_a_cross_word():
    kind = agent("Certainly, I'd be glad to.", "positive.courtesy", ("positive.solution", "glad"))
    thanks = agent("Thank you.", "positive.appreciation")
    assert status("2.2", "nocn_unit2", kind, thanks, agent("Sorry.", "positive.apology"),
                  customer("Hi.")) == "evidenced"  # fmt: skip
    assert status("2.3", "nocn_unit2", kind, thanks, customer("Hi.")) == "evidenced"
    cross = agent("That's your fault.", "negative.blame")
    assert status("2.3", "nocn_unit2", kind, thanks, cross, customer("Hi.")) == "not_evidenced"
    assert status("2.3", "nocn_unit2", kind, cross, cross, customer("Hi.")) == "contradicted"


def test_a_barrier_is_met_or_left_standing():
    deaf = customer("I'm hard of hearing.", "need.hearing")
    slower = agent("I'll speak up.", "need.adaptation_offered")
    assert status("2.9", "nocn_unit2", HELLO, deaf, slower) == "evidenced"
    assert status("2.9", "nocn_unit2", HELLO, deaf, YES) == "contradicted"
    assert status("2.9", "nocn_unit2", HELLO, customer("Hi."), YES) == "not_applicable"


def test_authority_in_sums_of_money():
    assert status("6.8", "nocn_unit6", HELLO, UPSET, refund(26.0)) == "contradicted"
    assert status("6.8", "nocn_unit6", HELLO, UPSET, NOT_MINE) == "partly"
    assert status("6.8", "nocn_unit6", HELLO, UPSET, YES) == "not_applicable"


def test_a_colleague_is_briefed():
    passed = agent("I'll put you through.", "handling.transfer")
    told = agent("I've told her what happened.", "resolution.referral_briefed")
    assert status("6.13", "nocn_unit6", HELLO, UPSET, passed, told) == "evidenced"
    assert status("6.13", "nocn_unit6", HELLO, UPSET, passed) == "partly"


def test_an_order_is_read_back_before_it_is_paid():
    paid = agent("And the card, please?", "sales.payment")
    read = agent("So that's two boxes.", "sales.order_readback")
    assert status("8.2.2", "nocn_unit8", HELLO, customer("Two, please."), read, paid) == "evidenced"
    assert status("8.2.2", "nocn_unit8", HELLO, customer("Two, please."), paid) == "contradicted"
    assert status("8.2.2", "nocn_unit8", HELLO, customer("Hi."), YES) == "not_applicable"


# ---------------------------------------------------------------- figures


def test_the_kpis_are_a_to_j_and_each_is_computed_or_entered():
    kpis = unit("widgets_kpis")
    assert [c.id for c in kpis.criteria] == list("abcdefghij")
    for c in kpis.criteria:
        assert (c.computed is None) == (c.criterion_class == "person") == bool(c.needs)
