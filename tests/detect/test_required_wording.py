"""Wording that the organisation requires."""

from callqa.profile import Profile
from tests.detect.calls import call

PROFILE = Profile(required_wording=("calls may be recorded", "terms [and conditions] apply"))


def said(engine, *lines, profile=PROFILE):
    found = engine.run(call(*lines), profile)
    return [
        (d.turn, d.quote, d.attributes["phrase"]) for d in found if d.label == "wording.required"
    ]


def test_each_phrase_is_found_where_an_agent_first_says_it(engine):
    found = said(
        engine,
        "A: Hello. Calls may be recorded.",
        "C: Fine.",
        "A: Terms apply, and terms and conditions apply.",
        "A: Calls may be recorded.",
    )
    assert found == [
        (0, "Calls may be recorded.", "calls may be recorded"),
        (2, "Terms apply,", "terms [and conditions] apply"),
    ]


def test_the_customer_saying_it_is_not_enough(engine):
    assert said(engine, "C: I know, calls may be recorded.") == []


def test_without_a_profile_nothing_is_required(engine):
    assert said(engine, "A: Calls may be recorded.", profile=Profile()) == []
