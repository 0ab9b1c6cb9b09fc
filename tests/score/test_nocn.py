"""NOCN Unit 7: for each criterion a call that shows it, one that does not, what is against it."""

import pytest

from callqa.profile import Profile
from tests.builders import Mark, agent, call, customer
from tests.score.test_sqa import (
    ADAPT,
    BYE,
    CANNOT,
    CHECK,
    CLARIFY,
    CLOSED,
    CONTENT,
    CROSS,
    CUTS_IN,
    DEAF,
    FEELS,
    FINE,
    FOLLOWED,
    HELLO,
    HM,
    JARGON,
    LEAKED,
    MORE,
    NEXT,
    NOTED,
    OPEN,
    PLEASE,
    PROBE,
    PUT_BACK,
    TOLD,
    UNHAPPY,
    UNSURE,
    WHO,
    YES,
)
from tests.score.units import result, results

POSTCODE = customer("It's LS1 4AP.", "identity.provided")
BORN = customer("First of May 1980.", "identity.provided")
VERIFIED = agent("That's you verified.", Mark("identity.confirmed", attributes={"count": 2}))
ONE_ONLY = agent("That's you verified.", Mark("identity.confirmed", attributes={"count": 1}))
SLIPPED = agent("You dropped it, right, or lost it?", "question.leading", "question.asked")
SWEARS = agent("Damn.", "negative.profanity")

CASES = [
    ("7.8", "evidenced", [WHO, POSTCODE, VERIFIED], {}),
    ("7.8", "evidenced", [WHO, POSTCODE, WHO, BORN], {}),
    ("7.8", "evidenced", [WHO, WHO, POSTCODE, ONE_ONLY], {}),
    ("7.8", "partly", [WHO, WHO, POSTCODE], {}),
    ("7.8", "partly", [WHO, POSTCODE, BORN], {}),
    ("7.8", "partly", [WHO, POSTCODE], {}),
    ("7.8", "partly", [WHO, POSTCODE, ONE_ONLY], {}),
    ("7.8", "not_evidenced", [HELLO, TOLD], {}),
    ("7.8", "contradicted", [LEAKED, WHO, POSTCODE, VERIFIED], {}),
    ("7.9", "evidenced", [HELLO, PLEASE], {}),
    ("7.9", "partly", [HELLO, PLEASE], {"pace_agent_wpm": 230.0}),
    ("7.9", "partly", [HELLO, PLEASE], {"talk_share_agent": 0.9}),
    ("7.9", "partly", [HELLO, PLEASE, JARGON], {}),
    ("7.9", "not_evidenced", [YES, TOLD], {}),
    ("7.9", "contradicted", [HELLO, PLEASE, SWEARS], {}),
    ("7.10", "evidenced", [DEAF, ADAPT], {}),
    ("7.10", "evidenced", [UNHAPPY, FEELS], {}),
    ("7.10", "partly", [TOLD, CHECK], {}),
    ("7.10", "not_evidenced", [TOLD], {}),
    ("7.10", "contradicted", [DEAF, TOLD], {}),
    ("7.10", "contradicted", [DEAF, ADAPT, *CROSS], {}),
    ("7.10", "contradicted", [JARGON, JARGON, JARGON], {}),
    ("7.11", "evidenced", [HM, FOLLOWED, PUT_BACK], {}),
    ("7.11", "partly", [HM, FOLLOWED, HM, HM], {}),
    ("7.11", "not_evidenced", [TOLD], {}),
    ("7.11", "evidenced", [HM, FOLLOWED, PROBE], {}),
    ("7.11", "contradicted", [HM, TOLD], CUTS_IN),
    ("7.11", "contradicted", [HM, FOLLOWED, PUT_BACK, *CROSS], {}),
    ("7.12", "evidenced", [OPEN, CLOSED, CLARIFY], {}),
    ("7.12", "partly", [CLOSED, CLOSED, CLOSED], {}),
    ("7.12", "not_evidenced", [TOLD], {}),
    ("7.12", "contradicted", [SLIPPED, SLIPPED, SLIPPED, OPEN], {}),
    ("7.12", "partly", [SLIPPED, OPEN], {}),
    ("7.12", "contradicted", [OPEN, CLOSED, SLIPPED, *CROSS], {}),
    ("7.12", "evidenced", [OPEN, CLOSED, CLARIFY, *CROSS], {}),
    ("7.13", "partly", [NOTED], {}),
    ("7.13", "not_evidenced", [TOLD], {}),
    ("7.14", "evidenced", [TOLD, FINE], {}),
    ("7.14", "partly", [TOLD], {}),
    ("7.14", "not_evidenced", [HELLO], {}),
    ("7.14", "contradicted", [CANNOT], {}),
    ("7.14", "partly", [CANNOT, NEXT], {}),
    ("7.14", "contradicted", [TOLD, FINE, *CROSS], {}),
    ("7.15", "evidenced", [TOLD, CHECK], {}),
    ("7.15", "evidenced", [TOLD, FINE], {}),
    ("7.15", "partly", [TOLD], {}),
    ("7.15", "partly", [TOLD, CHECK, JARGON], {}),
    ("7.15", "not_evidenced", [HELLO], {}),
    ("7.15", "contradicted", [TOLD, JARGON, JARGON, JARGON], {}),
    ("7.15", "contradicted", [TOLD, UNSURE, UNSURE, UNSURE], {}),
    ("7.16", "evidenced", [NEXT, BYE], {}),
    ("7.16", "partly", [NEXT, BYE], {"silence_share": 0.7}),
    ("7.16", "not_evidenced", [TOLD], {}),
    ("7.16", "contradicted", [NEXT, BYE], {"unexplained_silence_longest_s": 150.0}),
    ("7.16", "contradicted", [NEXT, BYE], {"hold_longest_s": 150.0}),
    ("7.17", "evidenced", [CONTENT], {}),
    ("7.17", "partly", [TOLD, FINE, MORE], {}),
    ("7.17", "partly", [MORE], {}),
    ("7.17", "partly", [*CROSS, MORE], {}),
    ("7.17", "contradicted", [TOLD, *CROSS], {}),
    ("7.17", "not_evidenced", [BYE], {}),
]


@pytest.mark.parametrize(("criterion", "status", "parts", "measures"), CASES)
def test_what_a_call_shows(criterion, status, parts, measures):
    record = call(*parts, YES, agent("Right."), customer("Right."), measures=measures)
    found = result(record, criterion)
    assert found.status == status, found.why


@pytest.mark.parametrize("criterion", [f"7.{i}" for i in range(1, 8)])
def test_knowledge_is_never_assessable_from_a_call(criterion):
    full = [HELLO, WHO, VERIFIED, NOTED, OPEN, FEELS]
    hold = agent("I need to ask.", "handling.hold_explained")
    rude = customer("You idiot.", "complaint.abuse")
    rich = result(call(*full, hold, rude), criterion)
    bare = result(call(YES, TOLD), criterion)
    assert {rich.status, bare.status} == {"not_assessable"}
    assert rich.evidence
    assert not bare.evidence
    assert rich.needs


@pytest.mark.parametrize("criterion", ["7.9", "7.16"])
def test_delivery_and_length_need_sound(criterion):
    assert result(call(HELLO, PLEASE, NEXT, BYE, sound=False), criterion).status == "not_assessable"


def test_how_many_identifiers_are_enough_is_the_organisations_to_say():
    record = call(WHO, POSTCODE, ONE_ONLY, YES)
    by_policy = {
        n: next(r for r in results(record, Profile(identifiers_required=n)) if r.criterion == "7.8")
        for n in (1, 2)
    }
    assert by_policy[1].status == "evidenced"
    assert by_policy[2].status == "partly"
