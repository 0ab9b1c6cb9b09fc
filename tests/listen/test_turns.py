"""Words and voices → turns."""

from __future__ import annotations

import pytest

from callqa.listen.passages import HeardWord
from callqa.listen.turns import attribute, build, is_backchannel
from callqa.records import Span


def say(text: str, start_s: float, *, word_s: float = 0.3) -> list[HeardWord]:
    """Words one after another from a second on, 0.3 s each."""
    return [
        HeardWord(word, round(start_s + i * word_s, 3), round(start_s + (i + 1) * word_s, 3), 0.9)
        for i, word in enumerate(text.split())
    ]


def told(said: dict[str, list[HeardWord]]) -> list[tuple[str, str]]:
    return [(turn.participant, turn.text) for turn in build(said)]


def test_question_and_answer() -> None:
    assert told(
        {
            "left": [*say("How can I help?", 0), *say("Of course.", 5)],
            "right": say("It's about my bill.", 2),
        }
    ) == [
        ("left", "How can I help?"),
        ("right", "It's about my bill."),
        ("left", "Of course."),
    ]


def test_a_pause_ends_a_turn_and_a_breath_does_not() -> None:
    words = [*say("One moment.", 0), *say("Thank you.", 1.5), *say("There it is.", 6)]
    assert told({"left": words}) == [
        ("left", "One moment. Thank you."),
        ("left", "There it is."),
    ]


def test_a_backchannel_does_not_cut_the_turn_it_is_spoken_into() -> None:
    assert told(
        {
            "left": [*say("so I have sent the form", 0), *say("and it will arrive", 2.0)],
            "right": say("mm hmm", 1.75, word_s=0.12),
        }
    ) == [
        ("left", "so I have sent the form and it will arrive"),
        ("right", "mm hmm"),
    ]


def test_a_short_answer_to_a_question_does_cut_it() -> None:
    assert told(
        {
            "left": [*say("Is that your address?", 0), *say("Great, thank you.", 1.8)],
            "right": say("Yeah.", 1.35),
        }
    ) == [
        ("left", "Is that your address?"),
        ("right", "Yeah."),
        ("left", "Great, thank you."),
    ]


def test_something_of_their_own_takes_the_floor_at_once() -> None:
    assert [who for who, _ in told(
        {
            "left": [*say("and then I will", 0), *say("as I was saying", 2.2)],
            "right": say("no wait please", 1.25),
        }
    )] == ["left", "right", "left"]  # fmt: skip


def test_characters_and_times_lie_where_the_words_are() -> None:
    (turn,) = build({"left": say("Hello there, Jack.", 1.0)})
    assert turn.text == "Hello there, Jack."
    assert [turn.text[w.start_char : w.end_char] for w in turn.words] == [
        "Hello",
        "there,",
        "Jack.",
    ]
    assert [w.id for w in turn.words] == ["0.0", "0.1", "0.2"]
    assert (turn.start_s, turn.end_s) == (1.0, 1.9)


def test_no_words_no_turns() -> None:
    assert build({"left": [], "right": []}) == ()


@pytest.mark.parametrize("text", ["Mm hmm.", "Yeah.", "Okay, right.", "Uh huh"])
def test_backchannels(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["No.", "Yes, Tuesday.", "Thank you.", "Okay so here is what"])
def test_no_backchannels(text: str) -> None:
    assert not is_backchannel(text)


# ---------------------------------------------------------------- one channel, two voices


def spans(*pairs: tuple[float, float]) -> list[Span]:
    return [Span(start_s=a, end_s=b) for a, b in pairs]


def test_each_word_goes_to_the_voice_that_is_active() -> None:
    words = [*say("How can I help?", 0), *say("My line is dead.", 1.5)]
    said = attribute(words, {"voice1": spans((0, 1.3)), "voice2": spans((1.4, 3))})
    assert [w.text for w in said["voice1"]] == ["How", "can", "I", "help?"]
    assert len(said["voice2"]) == 4


def test_a_stray_word_in_a_sentence_follows_the_sentence() -> None:
    words = say("I would like to change my address please.", 0)
    said = attribute(words, {"voice1": spans((0, 2.05)), "voice2": spans((2.05, 2.5))})
    assert len(said["voice1"]) == 8
    assert said["voice2"] == []


def test_a_word_far_from_any_voice_is_nobodys() -> None:
    words = [*say("Hello.", 0), *say("Hello?", 9)]
    said = attribute(words, {"voice1": spans((0, 0.5))})
    assert [w.start_s for w in said["unknown"]] == [9.0]


def test_a_word_just_outside_its_voice_is_still_its_own() -> None:
    said = attribute(say("Yes.", 1.0), {"voice1": spans((0, 0.9)), "voice2": spans((5, 6))})
    assert [w.text for w in said["voice1"]] == ["Yes."]


def test_a_short_answer_is_given_to_the_one_who_was_asked() -> None:
    words = [*say("Is that right?", 0), *say("Yes.", 1.0), *say("Lovely, thank you.", 1.8)]
    voices = {"voice1": spans((0, 3)), "voice2": spans((1.05, 1.2))}  # both active at “yes”
    said = attribute(words, voices)
    assert [w.text for w in said["voice2"]] == ["Yes."]


def test_a_second_question_is_not_taken_for_an_answer() -> None:
    words = [*say("Is that right?", 0), *say("Hello?", 1.0)]
    said = attribute(words, {"voice1": spans((0, 3)), "voice2": spans((5, 6))})
    assert len(said["voice1"]) == 4


def test_without_voices_every_word_is_nobodys() -> None:
    assert list(attribute(say("Hello there.", 0), {})) == ["unknown"]
