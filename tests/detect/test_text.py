"""Plain words: one spelling for what is spoken and what a lexicon says."""

from __future__ import annotations

import pytest

from callqa.text import SENTENCE_END, plain


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I'm afraid I can't.", "i am afraid i can not |"),
        ("im afraid i cant", "i am afraid i can not"),
        ("That’s what she’s got", "that is what she is got"),
        ("um so er what's your postcode", "so what is your post code"),
        ("d'you know", "do you know"),
        ("my PIN is [PIN:4] okay?", "my pin is redacted okay |"),
        ("we'll apologise", "we will apologize"),
        ("the customer's bill", "the customer's bill"),
        ("at 5 p.m. on Monday", "at 5 p.m on monday"),
        ("and 5 p.m.?", "and 5 p.m |"),
        ("between 8am and ten p m", "between 8 a.m and ten p.m"),
        ("I said 8 a.m. Is that okay?", "i said 8 a.m | is that okay |"),
        ("Mr. Pell of St. Ann", "mr pell of st ann"),
        ("It's J. Pell.", "it is j pell |"),
        ("Plan B. That is it", "plan b | that is it"),
        ("ill call you and well get it sorted", "i will call you and we will get it sorted"),
        ("well let me see its a joke", "well let me see it is a joke"),
        ("she is ill and well", "she is ill and well"),
        ("it lost its lid when you were out", "it lost its lid when you were out"),
        ("my names tom and were waiting", "my name is tom and we are waiting"),
        ("it must of gone", "it must have gone"),
    ],
)
def test_both_sides_meet_in_one_spelling(said: str, expected: str) -> None:
    assert plain(said).text.strip() == expected


def test_a_stuttered_word_counts_once_but_digits_do_not() -> None:
    assert plain("i i want one one two").tokens == ("i", "want", "one", "one", "two")


def test_bye_bye_keeps_both() -> None:
    assert plain("bye bye").tokens == ("bye", "bye")


def test_each_token_remembers_its_characters() -> None:
    said = "Well, um, what's wrong?"
    words = plain(said)
    assert [said[a:b] for a, b in words.spans] == ["Well", "what's", "what's", "wrong", "?"]
    assert words.chars(1, 3) == (10, 22)


def test_a_stutter_reaches_over_both_words() -> None:
    said = "the the box"
    assert said[slice(*plain(said).spans[0])] == "the the"


def test_sentences_end_at_marks() -> None:
    words = plain("No. I do not know")
    assert words.tokens[1] == SENTENCE_END
    assert words.sentence(3) == (2, 6)


def test_nothing_said_is_nothing() -> None:
    assert plain("").tokens == ()
    assert plain("um, er.").tokens == (SENTENCE_END,)
