"""Each word of the rule language: a match, a near miss, and what cannot be known."""

import pytest

from callqa.profile import Profile
from callqa.records import AbsenceEvidence, MetadataEvidence, QuoteEvidence, SpanEvidence
from callqa.score.engine import Outcome, evaluate
from callqa.score.heard import Heard, ScoreInput
from callqa.score.parse import Parser
from tests.builders import LABELS, Mark, agent, call, customer, doubtful, said

GREETED = agent("Good morning, Brightwell Energy.", "opening.greeting")


def says(rule, *parts, profile=None, who="agent", **given) -> Outcome:
    record = call(*parts, **given)
    heard = Heard(ScoreInput.of(record), record.participant(who), profile or Profile())
    return evaluate(Parser(LABELS).rule(rule), heard)


# ---------------------------------------------------------------- moments


def test_a_label_holds_where_it_was_heard():
    outcome = says("opening.greeting", GREETED, customer("Hello."))
    assert outcome.value is True
    assert outcome.confidence == 0.9
    (quote,) = outcome.evidence
    assert isinstance(quote, QuoteEvidence)
    assert quote.quote == "Good morning, Brightwell Energy."


def test_a_doubtful_moment_is_a_near_miss_that_lowers_the_absence():
    outcome = says("opening.greeting", agent("Yes?", doubtful("opening.greeting")))
    assert outcome.value is False
    assert outcome.confidence == pytest.approx(0.8)
    (absence,) = outcome.evidence
    assert isinstance(absence, AbsenceEvidence)
    assert absence.nearest is not None
    assert absence.end_s is None


def test_an_absence_is_as_sure_as_the_call_was_heard():
    outcome = says("opening.greeting", agent("Yes?"), measures={"heard_share": 0.6})
    assert outcome.confidence == pytest.approx(0.6)


def test_what_the_customer_says_is_not_the_agents_doing():
    assert (
        says("positive.courtesy", agent("Yes."), customer("Please.", "positive.courtesy")).value
        is False
    )


def test_a_complaint_is_the_customers():
    upset = customer("This is not good enough.", "complaint.stated")
    assert says("complaint.stated", agent("Yes."), upset).value is True
    assert says("complaint.stated", agent("Not good enough.", "complaint.stated")).value is False


def test_another_agents_words_do_not_count():
    second = said("second_agent", "Good morning.", "opening.greeting")
    assert says("opening.greeting", agent("Hm."), second).value is False
    assert says("opening.greeting", agent("Hm."), second, who="second_agent").value is True


def test_a_family_is_any_of_its_labels():
    assert says("positive.*", agent("So sorry.", "positive.apology")).value is True
    assert says("positive.*", agent("Good morning.", "opening.greeting")).value is False


def test_the_opening_may_have_been_before_the_recording():
    outcome = says("opening.greeting", agent("Hm."), completeness=("starts_mid_speech",))
    assert outcome.value is None


def test_the_closing_may_have_been_after_the_recording():
    cut = {"completeness": ("ends_mid_speech",)}
    assert says("closing.farewell", agent("Hm."), **cut).value is None
    assert says("opening.greeting", agent("Hm."), **cut).value is False


# ---------------------------------------------------------------- all, any, none


def test_all_is_as_sure_as_its_weakest_part():
    rule = {"all": ["opening.greeting", "opening.organisation"]}
    line = "Good morning, Brightwell."
    both = agent(line, "opening.greeting", Mark("opening.organisation", "Brightwell.", 0.6))
    assert says(rule, both).confidence == 0.6
    assert says(rule, GREETED).value is False


def test_all_with_a_part_unknown_is_unknown_unless_another_fails():
    rule = {"all": ["opening.greeting", {"measure": "silence_share", "at_most": 0.5}]}
    assert says(rule, GREETED, sound=False).value is None
    assert says(rule, agent("Hm."), sound=False).value is False


def test_any_is_as_sure_as_its_strongest_part():
    rule = {"any": ["opening.greeting", "opening.organisation"]}
    line = agent(
        "Morning, Brightwell.", Mark("opening.greeting", "Morning,", 0.6), "opening.organisation"
    )
    assert says(rule, line).confidence == 0.9
    assert says(rule, agent("Hm.")).value is False


def test_any_with_a_part_unknown_holds_by_another():
    rule = {"any": ["opening.greeting", {"measure": "silence_share", "at_most": 0.5}]}
    assert says(rule, GREETED, sound=False).value is True
    assert says(rule, agent("Hm."), sound=False).value is None


def test_none_holds_by_absence_alone():
    outcome = says({"none": ["negative.profanity"]}, GREETED)
    assert outcome.value is True
    assert [e.kind for e in outcome.evidence] == ["absence"]


def test_none_fails_by_one_moment_and_bends_for_a_near_miss():
    rule = {"none": ["negative.profanity"]}
    assert says(rule, agent("Damn.", "negative.profanity")).value is False
    near = says(rule, agent("Darn.", doubtful("negative.profanity", confidence=0.25)))
    assert near.value is True
    assert near.confidence == pytest.approx(0.75)


def test_none_of_something_unknown_is_unknown():
    rule = {"none": [{"measure": "silence_share", "at_most": 0.5}]}
    assert says(rule, GREETED, sound=False).value is None


# ---------------------------------------------------------------- counting


def test_at_least_is_as_sure_as_the_nth():
    rule = {"at_least": 2, "of": ["question.open", "question.closed"]}
    asked = [
        agent("What happened?", Mark("question.open", confidence=0.9)),
        agent("Is it on?", Mark("question.closed", confidence=0.7)),
        agent("Is it off?", Mark("question.closed", confidence=0.6)),
    ]
    assert says(rule, *asked).confidence == 0.7
    assert says(rule, asked[0]).value is False


def test_the_same_words_count_once():
    rule = {"at_least": 2, "of": ["question.open", "question.probing"]}
    assert says(rule, agent("Why is that?", "question.open", "question.probing")).value is False


def test_distinct_counts_kinds_not_moments():
    rule = {"at_least": 2, "distinct": True, "of": ["question.open", "question.closed"]}
    closed = [agent("Is it on?", "question.closed"), agent("Is it off?", "question.closed")]
    assert says(rule, *closed).value is False
    assert says(rule, *closed, agent("What now?", "question.open")).value is True


def test_distinct_counts_each_label_of_a_family():
    rule = {"at_least": 2, "distinct": True, "of": ["positive.*"]}
    assert says(
        rule, agent("Sorry.", "positive.apology"), agent("Please.", "positive.courtesy")
    ).value
    assert (
        says(
            rule, agent("Sorry.", "positive.apology"), agent("So sorry.", "positive.apology")
        ).value
        is False
    )


def test_distinct_is_unknown_while_the_unknown_could_decide():
    parts = ["opening.greeting", {"measure": "silence_share", "at_most": 1}]
    rule = {"at_least": 2, "distinct": True, "of": parts}
    assert says(rule, GREETED, sound=False).value is None
    assert says(rule, agent("Hm."), sound=False).value is False


def test_a_count_may_come_from_the_profile():
    rule = {"at_least": "profile.identifiers_required", "of": ["identity.provided"]}
    one = customer("It's SW1A 1AA.", "identity.provided")
    assert says(rule, agent("Hm."), one, profile=Profile(identifiers_required=1)).value is True
    assert says(rule, agent("Hm."), one).value is False


def test_ratio_compares_counts():
    rule = {"ratio": "question.leading", "to": "question.asked", "at_least": 0.5}
    leading = agent("You dropped it, didn't you?", "question.leading", "question.asked")
    plain = agent("When was that?", "question.asked")
    assert says(rule, leading, plain).value is True
    assert says(rule, leading, plain, agent("And then?", "question.asked")).value is False
    assert says(rule, agent("Hm.")).value is False


# ---------------------------------------------------------------- order and time

HOLD = {
    "each": "handling.hold_requested",
    "has": "handling.hold_explained",
    "within_s": 10,
    "turns": 1,
}
HOLD_ASKED = agent("Can you hold?", "handling.hold_requested")
HOLD_REASON = agent("I need to ask my colleague.", "handling.hold_explained")


def test_each_anchor_needs_its_own():
    far = agent("Bear with me.", "handling.hold_requested", at=100)
    assert says(HOLD, HOLD_ASKED, HOLD_REASON).value is True
    outcome = says(HOLD, HOLD_ASKED, HOLD_REASON, far)
    assert outcome.value is False
    assert [e.kind for e in outcome.evidence] == ["quote", "absence"]


def test_each_without_an_anchor_does_not_hold():
    assert says(HOLD, HOLD_REASON).value is False


def test_each_counts_turns_where_there_is_no_sound():
    filler = customer("All right.")
    assert says(HOLD, HOLD_ASKED, HOLD_REASON, sound=False).value is True
    assert says(HOLD, HOLD_ASKED, filler, filler, HOLD_REASON, sound=False).value is False
    timed = {k: v for k, v in HOLD.items() if k != "turns"}
    assert says(timed, HOLD_ASKED, HOLD_REASON, sound=False).value is None


def test_each_without_sound_or_turns_fails_when_there_is_nothing_at_all():
    timed = {k: v for k, v in HOLD.items() if k != "turns"}
    assert says(timed, HOLD_ASKED, sound=False).value is False


CHECK = agent("Thank you, that's you verified.", "identity.confirmed")
TOLD = agent("Your balance is forty pounds.", "resolution.information_given")


def test_before_an_anchor():
    rule = {"before": "resolution.information_given", "has": "identity.confirmed"}
    assert says(rule, CHECK, TOLD).value is True
    assert says(rule, TOLD, CHECK).value is False
    assert says(rule, CHECK).value is False
    assert says(rule, TOLD, CHECK, TOLD).value is True


def test_nothing_before_the_check():
    rule = {"none": [{"before": "identity.confirmed", "has": "resolution.information_given"}]}
    assert says(rule, CHECK, TOLD).value is True
    assert says(rule, TOLD, CHECK, TOLD).value is False


def test_the_surest_pair_in_order_decides():
    rule = {"after": "complaint.stated", "has": "positive.apology"}
    unsure = customer("Hm.", Mark("complaint.stated", confidence=0.6))
    upset = customer("I'm not happy.", Mark("complaint.stated", confidence=0.95))
    sorry = agent("I'm sorry.", "positive.apology")
    assert says(rule, unsure, sorry).confidence == 0.6
    outcome = says(rule, unsure, upset, sorry)
    assert outcome.confidence == 0.9
    assert [e.quote for e in outcome.evidence] == ["I'm sorry.", "I'm not happy."]


def test_order_is_unknown_where_neither_seconds_nor_turns_tell():
    rule = {"after": "handling.unexplained_silence", "has": "positive.apology"}
    sorry = agent("I'm sorry.", "positive.apology")
    assert says(rule, sorry, silences=((20.0, 40.0),), sound=False).value is None
    assert says(rule, sorry, silences=((20.0, 40.0),)).value is False


def test_after_an_anchor():
    rule = {"after": "complaint.stated", "has": "positive.apology"}
    upset = customer("I'm not happy.", "complaint.stated")
    sorry = agent("I'm sorry.", "positive.apology")
    assert says(rule, upset, sorry).value is True
    assert says(rule, sorry, upset).value is False
    assert says(rule, upset, agent("Hm."), upset).value is False


def test_order_within_one_turn_is_by_words():
    rule = {"before": "resolution.information_given", "has": "identity.confirmed"}
    text = "That's verified. It is forty pounds."
    marks = (
        ("identity.confirmed", "That's verified."),
        ("resolution.information_given", "It is forty pounds."),
    )
    assert says(rule, agent(text, *marks)).value is True
    swapped = {"before": "identity.confirmed", "has": "resolution.information_given"}
    assert says(swapped, agent(text, *marks)).value is False


DUE = {"first_within_s": 10, "has": "opening.greeting", "turns": 1}


def test_first_within_the_opening():
    assert says(DUE, GREETED).value is True


def test_a_late_greeting_is_named_as_the_nearest_miss():
    late = agent("Good morning.", "opening.greeting", at=10.0)
    outcome = says(DUE, agent("Hm.", at=0.0), late)
    assert outcome.value is False
    (absence,) = outcome.evidence
    assert absence.end_s == 10.0
    assert absence.nearest is not None


def test_the_opening_starts_with_the_first_voice_not_the_menu():
    menu = said("system", "Press one for sales.", at=0.0)
    assert says(DUE, menu, agent("Good morning.", "opening.greeting", at=30.0)).value is True


def test_a_second_agents_opening_is_their_own():
    joins = said("second_agent", "Good morning.", "opening.greeting", at=90.0)
    assert says(DUE, GREETED, joins, who="second_agent").value is True


def test_first_within_counts_turns_where_there_are_no_times():
    assert says(DUE, GREETED, sound=False).value is True
    outcome = says(DUE, agent("Hm."), GREETED, sound=False)
    assert outcome.value is False
    assert all(e.end_s is None for e in outcome.evidence)
    untimed = {k: v for k, v in DUE.items() if k != "turns"}
    assert says(untimed, GREETED, sound=False).value is None


def test_a_cut_off_opening_is_unknown():
    assert says(DUE, agent("Hm."), completeness=("starts_mid_speech",)).value is None


# ---------------------------------------------------------------- numbers and fields


def test_a_measure_within_its_limit_is_a_span():
    rule = {"measure": "unexplained_silence_longest_s", "at_most": "profile.silence_s"}
    outcome = says(rule, GREETED, measures={"unexplained_silence_longest_s": 15.0})
    assert outcome.value is True
    (span,) = outcome.evidence
    assert isinstance(span, SpanEvidence)
    assert (span.value, span.limit) == (15.0, 15.0)


def test_a_measure_over_its_limit_keeps_its_span():
    rule = {"none": [{"measure": "unexplained_silence_longest_s", "at_most": "profile.silence_s"}]}
    outcome = says(rule, GREETED, measures={"unexplained_silence_longest_s": 15.1})
    assert outcome.value is True
    assert [e.kind for e in outcome.evidence] == ["span"]


def test_a_measure_between_two_limits_names_the_one_it_breaks():
    rule = {"measure": "talk_share_agent", "at_least": 0.2, "at_most": 0.8}
    for value, holds, limit in ((0.5, True, 0.8), (0.1, False, 0.2), (0.9, False, 0.8)):
        outcome = says(rule, GREETED, measures={"talk_share_agent": value})
        assert (outcome.value, outcome.evidence[0].limit) == (holds, limit)


@pytest.mark.parametrize(("value", "holds"), [(15.0, False), (15.1, True)])
def test_above_is_strictly_more(value, holds):
    rule = {"measure": "unexplained_silence_longest_s", "above": "profile.silence_s"}
    outcome = says(rule, GREETED, measures={"unexplained_silence_longest_s": value})
    assert (outcome.value, outcome.evidence[0].limit) == (holds, 15.0)


def test_a_measure_that_is_missing_is_unknown():
    assert says({"measure": "silence_share", "at_most": 1}, GREETED, sound=False).value is None


RING = {"metadata": "ring_s", "at_most": "profile.answer_s"}


def test_metadata_within_and_over_and_missing():
    outcome = says(RING, GREETED, metadata={"ring_s": 8})
    assert outcome.value is True
    assert isinstance(outcome.evidence[0], MetadataEvidence)
    assert says(RING, GREETED, metadata={"ring_s": 21}).value is False
    assert says(RING, GREETED).value is None


def test_metadata_may_equal():
    rule = {"metadata": "direction", "equals": "inbound"}
    assert says(rule, GREETED, metadata={"direction": "inbound"}).value is True
    assert says(rule, GREETED, metadata={"direction": "outbound"}).value is False
    assert says(rule, GREETED).value is None


# ---------------------------------------------------------------- where


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({"kind": "postcode"}, True),
        ({"kind": ["name", "postcode"]}, True),
        ({"kind": "name"}, False),
        ({"tries": {"at_most": 3}}, True),
        ({"tries": {"at_most": 1}}, False),
        ({"amount": {"at_most": 3}}, False),
        ({"tries": {"above": 1}}, True),
        ({"tries": {"above": 2}}, False),
        ({"tries": {"at_least": 1, "at_most": 2}}, True),
        ({"done": True}, True),
        ({"tries": True}, False),
        ({"role": "agent"}, True),
        ({"role": "customer"}, False),
        ({"parts": "name"}, True),
    ],
)
def test_where_filters_by_attribute(where, holds):
    attributes = {"kind": "postcode", "tries": 2, "done": True, "parts": ["name", "postcode"]}
    asked = agent("What's your postcode?", Mark("identity.requested", attributes=attributes))
    assert says({"where": where, "has": "identity.requested"}, asked).value is holds


def test_where_the_role_is_asked_for_the_customers_words_count():
    rule = {"where": {"role": "customer"}, "has": "positive.courtesy"}
    assert says(rule, agent("Hm."), customer("Please.", "positive.courtesy")).value is True
    assert says(rule, agent("Please.", "positive.courtesy")).value is False


def test_a_silence_without_words_is_a_span_of_evidence():
    outcome = says("handling.unexplained_silence", GREETED, silences=((10.0, 40.0),))
    (span,) = outcome.evidence
    assert (span.kind, span.value, span.start_s) == ("span", 30.0, 10.0)
