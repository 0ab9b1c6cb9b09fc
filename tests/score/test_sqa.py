"""SQA DN8J 11: for each criterion a call that shows it, one that does not, one against it."""

import pytest

from tests.builders import agent, call, customer
from tests.score.units import result

HELLO = agent(
    "Good morning, Brightwell Energy, Sam speaking, how can I help?",
    ("opening.greeting", "Good morning,"),
    ("opening.organisation", "Brightwell Energy,"),
    ("opening.name_given", "Sam speaking,"),
    ("opening.help_offered", "how can I help?"),
)
YES = agent("Yes?")
OPEN = agent("What happened?", "question.open", "question.asked")
CLOSED = agent("Is it on now?", "question.closed", "question.asked")
CLARIFY = agent("Do you mean the boiler?", "question.clarifying", "question.closed")
PUT_BACK = agent("So it stops every night.", "listening.paraphrase")
FOLLOWED = agent("I see.", "listening.acknowledgement")
HM = agent("Mm.", "listening.backchannel")
CHECK = agent("Does that make sense?", "listening.check_understanding")
SUMMARY = agent("So to sum up, Tuesday at ten.", "listening.summary")
SORRY = agent("I'm sorry about that.", "positive.apology")
FEELS = agent("That must be cold.", "positive.empathy")
PLEASE = agent("If you could, please.", "positive.courtesy")
TOLD = agent("The tariff is ten pence.", "resolution.information_given")
DONE = agent("I've reset it for you.", "resolution.action_explained")
NEXT = agent("An engineer will ring you.", "resolution.next_step")
WHEN = agent("By Friday noon.", "resolution.timescale")
NOTED = agent("I'm just noting that.", "handling.record_updating")
READ = agent("That's two four six.", "handling.readback")
LOOK = agent("I'm looking that up.", "handling.looking_up")
HOLD = agent("Could you hold a moment?", "handling.hold_requested")
REASON = agent("I need to ask the engineers.", "handling.hold_explained")
WHO = agent("What's your postcode?", "identity.requested")
BYE = agent("Thank you, goodbye.", ("closing.thanks", "Thank you,"), "closing.farewell")
MORE = agent("Anything else I can do?", "closing.further_help")
CONTENT = agent("Are you happy with that?", "closing.satisfaction_checked")
WHATEVER = agent("That's not my problem.", "negative.dismissive")
ARGUES = agent("No, you're wrong.", "negative.argument")
YOUR_FAULT = agent("You did that yourself.", "negative.blame")
CANNOT = agent("We can't do that.", "negative.refusal")
FEEDBACK = agent("How would you rate our service?", "resolution.feedback_requested")
UNSURE = agent("I suppose so, maybe.", "negative.uncertainty")
JARGON = agent("It's the MPAN on the D0010.", "negative.jargon")
UNHAPPY = customer("I'm really not happy.", "complaint.stated")
DEAF = customer("I'm hard of hearing.", "need.hearing")
ADAPT = agent("I'll speak slowly and clearly.", "need.adaptation_offered")
REFUND = agent("I'll refund ten pounds.", "resolution.refund_offered")
FINE = customer("That's fine.", "resolution.accepted")
LEAKED = agent("Your balance is forty pounds.", "identity.disclosed_unchecked")
CROSS = [WHATEVER, ARGUES, CANNOT]  # three cross remarks outweigh what was done well
FOUND_IT = agent("That's you found.", "identity.confirmed")
PROBE = agent("Where does it leak?", "question.probing")
SPOKEN_FOR = agent(
    "Brightwell Energy, Sam speaking.",
    ("opening.organisation", "Brightwell Energy,"),
    ("opening.name_given", "Sam speaking."),
)
CUTS_IN = {"interruptions_agent": 6.0}
DEAD_AIR = {"unexplained_silence_longest_s": 32.0}

CASES = [
    # criterion, status, the call, its measures
    ("1a", "evidenced", [HELLO, OPEN, HM, FOLLOWED, CLOSED], {}),
    ("1a", "evidenced", [OPEN, READ, FOLLOWED, CLOSED], {}),
    ("1a", "evidenced", [OPEN, HM, FOLLOWED, CLOSED, WHATEVER, ARGUES], {}),
    ("1a", "contradicted", [HELLO, OPEN, HM, FOLLOWED, CLOSED, *CROSS], {}),
    ("1a", "partly", [HELLO, HM], {}),
    ("1a", "not_evidenced", [YES, TOLD], {}),
    ("1a", "contradicted", [HELLO, OPEN, CLOSED], CUTS_IN),
    ("1a", "evidenced", [HELLO, OPEN, HM, FOLLOWED, CLOSED], CUTS_IN),
    ("1b", "evidenced", [HELLO, OPEN, CLOSED, PUT_BACK], {}),
    ("1b", "evidenced", [CLOSED, CLARIFY], {}),
    ("1b", "partly", [HELLO, OPEN, CLOSED, PUT_BACK, *CROSS], {}),
    ("1b", "partly", [HELLO, PUT_BACK], {}),
    ("1b", "not_evidenced", [HELLO, TOLD], {}),
    ("1b", "contradicted", [YES, WHATEVER], {}),
    ("1c", "partly", [NOTED, READ], {}),
    ("1c", "not_evidenced", [HELLO, OPEN], {}),
    ("1d", "evidenced", [FEEDBACK], {}),
    ("1d", "partly", [CONTENT], {}),
    ("1d", "not_evidenced", [MORE, CHECK], {}),
    ("1e", "partly", [WHO], {}),
    ("1e", "not_evidenced", [HELLO], {}),
    ("1e", "contradicted", [LEAKED, WHO], {}),
    ("1f", "evidenced", [HELLO, PLEASE], {}),
    ("1f", "partly", [agent("Good morning.", "opening.greeting")], {}),
    ("1f", "contradicted", [YES, TOLD], {}),
    ("1f", "contradicted", [HELLO, agent("Damn.", "negative.profanity")], {}),
    ("1f", "contradicted", [HELLO, WHATEVER, YOUR_FAULT], {}),
    ("1f", "evidenced", [SPOKEN_FOR, PLEASE], {}),
    ("1f", "partly", [HELLO, WHATEVER], {}),
    ("2a", "evidenced", [HOLD, REASON], {}),
    ("2a", "partly", [HOLD], {}),
    ("2a", "not_applicable", [HELLO, TOLD], {}),
    ("2a", "contradicted", [HOLD, REASON], DEAD_AIR),
    ("2a", "contradicted", [HOLD], {"hold_longest_s": 200.0}),
    ("2a", "evidenced", [agent("Putting you through.", "handling.transfer"), NEXT], {}),
    ("2b", "partly", [LOOK], {}),
    ("2b", "partly", [FOUND_IT, TOLD], {}),
    ("2b", "not_evidenced", [FOUND_IT], {}),
    ("2b", "not_evidenced", [TOLD], {}),
    ("2c", "partly", [TOLD], {}),
    ("2c", "not_evidenced", [HELLO], {}),
    ("2c", "contradicted", [UNSURE, UNSURE], {}),
    ("2c", "partly", [UNSURE, UNSURE, LOOK, TOLD], {}),
    ("2d", "evidenced", [agent("I'll e-mail it.", "handling.alternative_channel")], {}),
    ("2d", "evidenced", [TOLD, FINE], {}),
    ("2d", "evidenced", [DEAF, ADAPT], {}),
    ("2d", "partly", [TOLD], {}),
    ("2d", "partly", [TOLD, FINE, *CROSS], {}),
    ("2d", "not_evidenced", [HELLO], {}),
    ("2d", "contradicted", [DEAF, TOLD], {}),
    ("2e", "partly", [HELLO, WHO], {}),
    ("2e", "not_evidenced", [WHO], {}),
    ("2e", "contradicted", [HELLO, LEAKED], {}),
    ("3a", "evidenced", [HELLO], {}),
    ("3a", "partly", [YES, TOLD], {}),
    ("3a", "not_evidenced", [TOLD], {"first_agent_speech_s": 25.0}),
    ("3a", "contradicted", [HELLO], {"response_latency_median_s": 5.5}),
    ("3b", "partly", [TOLD], {}),
    ("3b", "not_evidenced", [HELLO], {}),
    ("3c", "evidenced", [CLARIFY, CHECK, PLEASE], {}),
    ("3c", "evidenced", [PROBE, READ, PLEASE], {}),
    ("3c", "contradicted", [CLARIFY, CHECK, PLEASE, *CROSS], {}),
    ("3c", "partly", [CLARIFY], {}),
    ("3c", "not_evidenced", [TOLD], {}),
    ("3c", "contradicted", [WHATEVER, TOLD], {}),
    ("3c", "contradicted", [ARGUES, ARGUES], {}),
    ("3c", "not_evidenced", [ARGUES], {}),
    ("3d", "evidenced", [DEAF, ADAPT], {}),
    ("3d", "evidenced", [UNHAPPY, FEELS], {}),
    ("3d", "partly", [SORRY, PLEASE], {}),
    ("3d", "not_evidenced", [TOLD], {}),
    ("3d", "contradicted", [DEAF, TOLD], {}),
    ("3d", "contradicted", [JARGON, JARGON, JARGON], {}),
    ("3d", "contradicted", [DEAF, ADAPT, *CROSS], {}),
    ("3d", "not_evidenced", [UNHAPPY, FEELS, WHATEVER], {}),
    ("3e", "evidenced", [HM, FOLLOWED, PUT_BACK], {}),
    ("3e", "partly", [HM, FOLLOWED], {}),
    ("3e", "partly", [HM, FOLLOWED, PUT_BACK, *CROSS], {}),
    ("3e", "not_evidenced", [TOLD], {}),
    ("3e", "contradicted", [HM, TOLD], CUTS_IN),
    ("3f", "evidenced", [LOOK, WHEN], {}),
    ("3f", "partly", [LOOK, LOOK], {}),
    ("3f", "not_evidenced", [TOLD], {}),
    ("3f", "contradicted", [LOOK, WHEN], DEAD_AIR),
    ("4a", "evidenced", [UNHAPPY, OPEN, PUT_BACK], {}),
    ("4a", "partly", [UNHAPPY, FOLLOWED], {}),
    ("4a", "not_evidenced", [OPEN, PUT_BACK, UNHAPPY], {}),
    ("4a", "not_applicable", [OPEN, PUT_BACK], {}),
    ("4a", "contradicted", [UNHAPPY, YOUR_FAULT], {}),
    ("4a", "evidenced", [UNHAPPY, OPEN, PUT_BACK, YOUR_FAULT], {}),
    ("4a", "contradicted", [UNHAPPY, OPEN, PUT_BACK, *CROSS], {}),
    ("4b", "partly", [UNHAPPY, SORRY], {}),
    ("4b", "not_evidenced", [UNHAPPY, TOLD], {}),
    ("4b", "not_applicable", [SORRY], {}),
    (
        "4b",
        "contradicted",
        [customer("Get me your manager.", "complaint.escalation_requested"), CANNOT],
        {},
    ),
    ("4c", "evidenced", [UNHAPPY, REFUND, FINE], {}),
    ("4c", "partly", [UNHAPPY, REFUND], {}),
    ("4c", "not_evidenced", [UNHAPPY, TOLD], {}),
    ("4c", "not_applicable", [REFUND, FINE], {}),
    ("4c", "contradicted", [UNHAPPY, CANNOT], {}),
    ("4c", "contradicted", [UNHAPPY, REFUND, FINE, *CROSS], {}),
    ("4d", "evidenced", [UNHAPPY, DONE, WHEN], {}),
    ("4d", "partly", [UNHAPPY, DONE], {}),
    ("4d", "not_evidenced", [UNHAPPY, PLEASE], {}),
    ("4d", "not_applicable", [DONE, WHEN], {}),
    ("4d", "contradicted", [UNHAPPY, CANNOT], {}),
    ("4e", "not_assessable", [UNHAPPY, NOTED], {}),
    ("4e", "not_assessable", [UNHAPPY], {}),
]


@pytest.mark.parametrize(("criterion", "status", "parts", "measures"), CASES)
def test_what_a_call_shows(criterion, status, parts, measures):
    end = () if criterion == "2e" else (BYE,)  # a goodbye is one of the steps 2e counts
    record = call(*parts, YES, *end, customer("Bye."), measures=measures)
    found = result(record, criterion)
    assert found.status == status, found.why


@pytest.mark.parametrize(
    ("ring_s", "status"), [(8, "evidenced"), (20, "evidenced"), (21, "contradicted")]
)
def test_the_ring_time_tells_how_promptly_a_call_was_answered(ring_s, status):
    found = result(call(HELLO, TOLD, metadata={"ring_s": ring_s}), "3a")
    assert found.status == status
    assert "metadata" in {e.kind for e in found.evidence}


def test_the_record_criterion_lists_the_moment_a_note_was_made():
    found = result(call(UNHAPPY, NOTED, TOLD), "4e")
    assert [e.quote for e in found.evidence] == ["I'm just noting that."]
    assert found.needs


def test_a_contradicted_opening_names_its_range():
    found = result(call(YES, TOLD), "1f")
    (absence,) = found.evidence
    assert (absence.kind, absence.start_s, absence.end_s) == ("absence", 0.0, 30.0)
    assert "not heard in the first 30 seconds: a greeting" in found.why


def test_without_sound_a_missing_opening_is_not_held_against_the_agent():
    assert result(call(YES, TOLD, sound=False), "1f").status == "not_evidenced"


def test_an_opening_before_the_recording_is_not_assessable():
    cut = call(YES, TOLD, completeness=("starts_mid_speech",))
    assert result(cut, "1f").status == "not_assessable"
    assert result(cut, "3a").status == "not_assessable"


def test_promptness_and_holds_need_sound():
    silent = call(HELLO, HOLD, REASON, sound=False)
    assert result(silent, "3a").status == "not_assessable"
    assert result(silent, "2a").status == "not_assessable"
    assert result(silent, "1f").status == "evidenced"
