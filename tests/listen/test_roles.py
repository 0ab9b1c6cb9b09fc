"""Who is the agent, from what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callqa.listen.roles import assign, set_apart_system
from callqa.records import Participant, Role, Span, Transcript, Turn


def call(*turns: tuple[str, str]) -> tuple[Transcript, list[Participant]]:
    made = tuple(Turn(index=i, participant=who, text=text) for i, (who, text) in enumerate(turns))
    people = [Participant(id=who) for who in dict.fromkeys(who for who, _ in turns)]
    return Transcript(turns=made), people


def roles(*turns: tuple[str, str]) -> dict[str, Role]:
    return {p.id: p.role for p in assign(*call(*turns))}


ORDINARY = [
    ("a", "Good morning, thank you for calling Larkfield Water, this is Asha. How can I help?"),
    ("b", "Hi, I've just had a letter about my bill and I don't understand it."),
    ("a", "I'm sorry about that. Can I take your postcode, please?"),
    ("b", "Yes, it's LS6."),
    ("a", "Thank you. Bear with me while I bring that up."),
]


def test_an_ordinary_call() -> None:
    people = {p.id: p for p in assign(*call(*ORDINARY))}
    assert (people["a"].role, people["b"].role) == ("agent", "customer")
    assert people["a"].role_confidence > 0.9
    assert "opens as the organisation" in people["a"].role_why


def test_the_side_plays_no_part() -> None:
    swapped = [({"a": "b", "b": "a"}[who], text) for who, text in ORDINARY]
    assert roles(*swapped) == {"b": "agent", "a": "customer"}


def test_the_opening_may_be_missing() -> None:
    assert roles(*ORDINARY[1:]) == {"a": "agent", "b": "customer"}


def test_contractions_and_case_do_not_matter() -> None:
    found = roles(("a", "HELLO YOU'RE THROUGH TO SALES"), ("b", "hi im calling about my order"))
    assert found == {"a": "agent", "b": "customer"}


def test_an_outbound_call_is_answered_by_the_customer() -> None:
    found = roles(
        ("a", "Hello?"),
        ("b", "Hello, I'm calling from Larkfield Water. Am I speaking to Mr Osei?"),
        ("a", "Yes, speaking."),
        ("b", "Could you confirm your date of birth please?"),
    )
    assert found == {"b": "agent", "a": "customer"}


def test_small_talk_tells_nothing() -> None:
    found = roles(("a", "Hello."), ("b", "Hello."), ("a", "Nice day."), ("b", "It is."))
    assert set(found.values()) == {"unknown"}


def test_a_name_that_is_heard_assigns_no_agent_id() -> None:
    assert all(p.agent_id is None for p in assign(*call(*ORDINARY)))


def test_one_voice_alone() -> None:
    assert roles(ORDINARY[0]) == {"a": "agent"}
    assert roles(("a", "I've been waiting for my delivery, I ordered it a week ago.")) == {
        "a": "customer"
    }
    assert roles(("a", "Hello? Hello?")) == {"a": "unknown"}


def test_a_second_agent_joins_late() -> None:
    found = roles(
        *ORDINARY,
        ("a", "I'll put you through to our billing team."),
        ("c", "Thank you for holding, you're through to billing, how can I help you?"),
        ("b", "I want to know why my bill is so high."),
        ("c", "Let me have a look. Is there anything else I can do?"),
    )
    assert found == {"a": "agent", "b": "customer", "c": "second_agent"}


def test_a_second_customer_is_a_third_party() -> None:
    found = roles(
        *ORDINARY,
        ("b", "I'll pass you to my husband, he knows about my account."),
        ("c", "I've been trying to find out how much would it be if my wife moves."),
    )
    assert found == {"a": "agent", "b": "customer", "c": "third_party"}


def test_a_role_that_is_known_stays() -> None:
    transcript, people = call(*ORDINARY)
    people[0] = people[0].model_copy(update={"role": "customer", "role_why": "set by a person"})
    assert assign(transcript, people)[0].role_why == "set by a person"


def test_words_without_a_voice_get_no_role() -> None:
    transcript, people = call(*ORDINARY, ("unknown", "Thank you for calling, how can I help?"))
    assert {p.id: p.role for p in assign(transcript, people)}["unknown"] == "unknown"


# ---------------------------------------------------------------- recorded voices


def test_a_menu_is_a_recorded_voice_on_whichever_side() -> None:
    transcript, people = call(
        ("a", "Welcome to Larkfield. For billing, press one. For repairs, press two."), *ORDINARY
    )
    transcript, people_then = set_apart_system(transcript, people)
    assert transcript.turns[0].participant == "system"
    found = {p.id: p.role for p in assign(transcript, people_then)}
    assert found == {"a": "agent", "b": "customer", "system": "system"}


def test_an_agent_who_says_that_calls_are_recorded_is_a_person() -> None:
    transcript, people = call(
        (
            "a",
            "Good morning, Larkfield. Just so you know this call may be recorded. How can I help?",
        ),
        *ORDINARY[1:],
    )
    assert set_apart_system(transcript, people) == (transcript, tuple(people))


def test_a_customer_who_tells_of_a_menu_is_a_person() -> None:
    transcript, people = call(
        *ORDINARY, ("b", "I was told to press one and then press two and nothing happened.")
    )
    assert set_apart_system(transcript, people)[0] == transcript


def test_the_recorded_voice_takes_its_speech_with_it() -> None:
    transcript, people = call(("a", "Press one for sales, press two for repairs."), *ORDINARY)
    timed = tuple(
        t.model_copy(update={"start_s": 10.0 * t.index, "end_s": 10.0 * t.index + 5})
        for t in transcript.turns
    )
    speech = {"a": (Span(start_s=0, end_s=5), Span(start_s=10, end_s=15)), "b": ()}
    transcript = transcript.model_copy(update={"turns": timed, "speech": speech})
    after, _ = set_apart_system(transcript, people)
    assert after.speech["system"] == (Span(start_s=0, end_s=5),)
    assert after.speech["a"] == (Span(start_s=10, end_s=15),)


# ---------------------------------------------------------------- real calls


def test_real_calls_with_roles_hidden(shared_data: Path) -> None:
    """Human transcripts of a telephone operator: wrong is worse than unknown."""
    right = wrong = count = 0
    with (shared_data / "oasis" / "dev.jsonl").open() as lines:
        for line in lines:
            turns = [
                ("z" if t["role"] == "agent" else "a", " ".join(s["text"] for s in t["segments"]))
                for t in json.loads(line)["turns"]
            ]
            found = roles(*turns)
            count += 1
            right += found == {"z": "agent", "a": "customer"}
            wrong += found == {"z": "customer", "a": "agent"}
    assert count > 300
    assert right / count > 0.92
    assert wrong / count < 0.02


@pytest.mark.parametrize("turns", [[], [("a", "")], [("a", "..."), ("b", "")]])
def test_nothing_said(turns: list[tuple[str, str]]) -> None:
    assert set(roles(*turns).values()) <= {"unknown"}
