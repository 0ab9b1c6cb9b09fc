"""Digits as people say them."""

import pytest

from callqa.spoken import spoken_digits


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("four one one one", "4111"),
        ("oh seven double seven", "0777"),
        ("triple oh nine", "0009"),
        ("twenty-one thirty four", "2134"),
        ("twenty oh five", "2005"),
        ("eleven twelve", "1112"),
        ("20-26", "2026"),
        ("three for five", "345"),
        ("one hundred", "100"),
    ],
)
def test_values(said: str, value: str) -> None:
    assert [d.value for d in spoken_digits(said.split())] == [value]


@pytest.mark.parametrize(
    "said", ["for the order", "to be honest", "i ate too much", "double check that", "no digits"]
)
def test_words_that_only_sound_like_digits(said: str) -> None:
    assert spoken_digits(said.split()) == []


def test_runs_are_split_by_words_and_bridged_over_fillers() -> None:
    words = "it is four um five and then order 77".split()
    assert [(d.first, d.last, d.value) for d in spoken_digits(words)] == [
        (2, 4, "45"),
        (8, 8, "77"),
    ]
