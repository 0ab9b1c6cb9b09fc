"""Which calls need an ear first, and why."""

import pytest

from callqa.evidence import doubt, flags
from callqa.profile import Profile
from callqa.records import Flag, Participant
from callqa.score import ScoreInput, score
from tests.builders import Mark, agent, call, customer
from tests.score.units import units

HELLO = agent(
    "Good morning, Brightwell, Sam here.",
    ("opening.greeting", "Good morning,"),
    ("opening.organisation", "Brightwell,"),
    ("opening.name_given", "Sam here."),
)
TOLD = agent("It's ten pence.", "resolution.information_given")


def raised(record):
    results = score(ScoreInput.of(record), units(), Profile())
    return flags(record.model_copy(update={"results": tuple(results)}))


@pytest.fixture(autouse=True)
def _people_always_agree(monkeypatch):
    every = {("*", band, status): (0.0, 1000.0) for band in ("none", *"0123")
             for status in ("evidenced", "partly", "contradicted", "not_evidenced",
                            "not_applicable")}  # fmt: skip
    monkeypatch.setattr(doubt, "_table", lambda: every)


def codes(record):
    return [f.code for f in raised(record)]


def test_an_ordinary_call_needs_no_ear():
    assert codes(call(HELLO, customer("Hello."), TOLD)) == []


def test_what_speaks_against_comes_first_with_its_second():
    record = call(
        HELLO, TOLD, agent("Damn.", "negative.profanity"), customer("Oh.", "complaint.stated")
    )
    first, second = raised(record)
    assert (first.code, first.start_s) == ("contradicted", 10.0)
    assert first.why.startswith("Something speaks against ")
    assert "1f" in first.why
    assert (second.code, second.start_s) == ("complaint", 15.0)


def test_the_order_of_reasons():
    record = call(
        agent("Hm."),
        agent("Damn.", "negative.profanity"),
        customer("I'm not happy.", "complaint.stated"),
        customer("You idiot.", "complaint.abuse"),
        customer("I'm on my own and frightened.", "need.vulnerability"),
        silences=((40.0, 75.0),),
        measures={"heard_share": 0.6},
    )
    unsure = Participant(id="agent", role="agent", role_confidence=0.55)
    record = record.model_copy(update={"participants": (unsure, record.participants[1])})
    found = raised(record)
    assert [f.code for f in found] == [
        "contradicted", "complaint", "abuse", "vulnerability", "role", "heard", "silence",
    ]  # fmt: skip
    assert [f.weight for f in found] == sorted((f.weight for f in found), reverse=True)
    assert found[-1].start_s == 40.0
    assert "35 seconds" in found[-1].why


def test_the_agents_own_words_raise_no_callers_flag():
    quoted = agent("You said you were hurt.", "complaint.injury")
    assert codes(call(HELLO, quoted, TOLD)) == []
    assert codes(call(HELLO, customer("I was hurt.", "complaint.injury"), TOLD)) == ["injury"]


def test_a_doubtful_complaint_raises_no_flag():
    doubt = customer("Hm, well.", Mark("complaint.stated", confidence=0.2))
    assert codes(call(HELLO, doubt, TOLD)) == []


def test_nobody_to_be_the_agent():
    assert codes(call(customer("Hello?"), customer("Hello?"))) == ["no_agent"]
    assert codes(call(customer("Hello?"), customer("Hello?"), kind="voicemail")) == []


def test_decisions_that_people_overrule_are_the_last_reason(monkeypatch):
    overruled = {
        ("*", "3", "evidenced"): (9.0, 10.0),
        ("*", "2", "partly"): (1.0, 90.0),
    }
    monkeypatch.setattr(doubt, "_table", lambda: overruled)
    asked = agent("Happy with that?", "closing.satisfaction_checked")
    *_, flag = raised(call(HELLO, asked, TOLD))
    assert flag.code == "doubtful"
    assert flag.why.startswith("People often decide otherwise on ")


def test_what_limits_the_sound_is_passed_on():
    noisy = Flag(code="clipped", why="A third of the sound is clipped.", weight=1.0)
    band = Flag(code="band", why="Telephone band.", weight=0.0)
    (flag,) = raised(call(HELLO, customer("Hello."), TOLD, quality=(noisy, band)))
    assert (flag.code, flag.why) == ("sound_clipped", noisy.why)
