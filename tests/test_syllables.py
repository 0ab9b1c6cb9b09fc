"""Syllables of English words by their spelling, and of figures as they are read out."""

from __future__ import annotations

import pytest

from callqa.syllables import syllables

COUNTED = {
    1: "take called times through please friends can't we're phone's there's aged £ mm",
    2: "taken table handled wanted prices boxes didn't haven't people something BT",
    3: "telephone already customer idea video",
    4: "situation information January appreciate £42",
    5: "electricity immediately 17:30.",
}


@pytest.mark.parametrize(
    ("count", "word"), [(n, word) for n, words in COUNTED.items() for word in words.split()]
)
def test_words_as_they_are_said(count: int, word: str) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ("0", "zero"), ("7", "seven"), ("12", "twelve"), ("40", "forty"), ("71", "seventy one"),
        ("100", "one hundred"), ("1988", "nineteen eighty eight"), ("2026", "twenty twenty six"),
        ("07700", "zero seven seven zero zero"), ("9.30", "nine thirty"), ("50%", "fifty percent"),
    ],
)  # fmt: skip
def test_figures_are_counted_as_they_are_read_out(figures: str, said: str) -> None:
    assert syllables(figures) == sum(map(syllables, said.split()))


def test_punctuation_has_no_syllable() -> None:
    assert syllables("Yes.") == syllables("yes") == 1
    assert syllables("—") == 0
