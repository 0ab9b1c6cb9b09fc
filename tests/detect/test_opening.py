"""The first seconds: greeting, organisation, the agent's name, help, recording."""

from __future__ import annotations

import pytest

from callqa.profile import Profile
from tests.detect.calls import call, detections, found


def names(*lines: str, profile: Profile | None = None) -> list[object]:
    given = detections(call(*lines), "opening.name_given", profile=profile)
    return [d.attributes["name"] for d in given]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Good morning, my name is Dan Smith, how can I help?", "Dan Smith"),
        ("hello this is michelle with auto repairs how can i help you", "Michelle"),
        ("thank you for calling holloway insurance my name's kofi how may i help", "Kofi"),
        ("hello customer services craig speaking", "Craig"),
        ("You're speaking with Aisha.", "Aisha"),
        ("hello it's tom here from northfield water", "Tom"),
        ("Hi, I'm Josh from the returns team", "Josh"),
        ("Thank you for calling Acme Motors. I'm Michelle. How can I help?", "Michelle"),
        ("Campbell", "Campbell"),
        ("uh sinclair", "Sinclair"),
        ("Priya, good morning", "Priya"),
    ],
)
def test_the_agent_gives_a_name(said: str, name: str) -> None:
    assert names(f"A: {said}") == [name]


@pytest.mark.parametrize(
    "lines",
    [
        ("A: Am I speaking to Mr Jones?",),
        ("A: is that Sarah",),
        ("A: hi Emily how are you",),
        ("C: hi it's Sarah here", "A: thank you Sarah", "A: Sarah"),
        ("A: Thank you, Mr Smith.",),
        ("A: directory enquiries",),
        ("A: Yes?",),
        ("A: this is a recorded line",),
        ("A: this is amazing",),
        ("A: i'm afraid i can't",),
        ("A: Hello. I'm American.",),
        ("A: Hello. It's Monday.",),
        ("A: what is your name",),
        ("C: my name is Dan Smith",),
        ("A: hello", "C: hello", "A: okay", "C: yes", "A: right", "C: so", "A: my name is Dan"),
    ],
    ids=lambda lines: " / ".join(lines),
)
def test_no_name_of_the_agents_is_given(lines: tuple[str, ...]) -> None:
    assert names(*lines) == []


def test_the_organisations_name_is_not_the_agents() -> None:
    profile = Profile(organisation="Priya Foods")
    view = call("A: Priya Foods, good morning")
    assert not detections(view, "opening.name_given", profile=profile)
    assert detections(view, "opening.organisation", profile=profile)[0].confidence > 0.9


@pytest.mark.parametrize(
    ("said", "organisation"),
    [
        ("Thank you for calling Northfield Water, how can I help?", "Northfield Water,"),
        ("welcome to the bank of ayr you're speaking with aisha", "the bank of ayr"),
        ("you're through to billing how can i help", "billing"),
        ("good morning this is michelle with auto repairs", "auto repairs"),
        ("operator service can i help you", "operator service"),
        ("hello customer services craig speaking", "customer services"),
        ("Acme, good morning", "Acme,"),
    ],
)
def test_the_organisation_is_named(said: str, organisation: str) -> None:
    quotes = [d.quote for d in detections(call(f"A: {said}"), "opening.organisation")]
    assert quotes == [organisation]


@pytest.mark.parametrize(
    "said",
    ["thanks for calling", "thank you for calling back", "hello how can i help", "Campbell"],
)
def test_no_organisation_is_named(said: str) -> None:
    assert "opening.organisation" not in found(call(f"A: {said}"))


def test_a_callers_organisation_is_not_the_agents() -> None:
    assert "opening.organisation" not in found(call("C: hi it's Dan from Northfield Water"))


def test_a_whole_opening() -> None:
    view = call(
        "A: Good afternoon and thank you for calling Northfield Water. Calls may be recorded "
        "for training. My name is Priya, how can I help you today?",
        "C: hi my tap is dripping",
    )
    assert {
        "opening.greeting",
        "opening.organisation",
        "opening.recording_notice",
        "opening.name_given",
        "opening.help_offered",
    } <= found(view, role="agent")
    assert "opening.greeting" in found(view, role="customer")


def test_help_offered_late_is_no_opening() -> None:
    lines = [line for n in range(5) for line in (f"A: right {n}", "C: so it broke")]
    assert "opening.help_offered" not in found(call(*lines, "A: how can i help with that"))


def test_why_is_said_in_plain_words() -> None:
    (given,) = detections(call("A: my name is Dan"), "opening.name_given")
    assert given.why == "gives a name: “Dan”, “my name is …”"
