"""Particular needs, and whether the agent adapts."""

from __future__ import annotations

import pytest

from tests.detect.calls import call, found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("C: i'm a bit hard of hearing love", "need.hearing"),
        ("C: you'll have to speak up i'm deaf in one ear", "need.hearing"),
        ("C: i've got a stammer so bear with me", "need.speech"),
        ("C: my english is not very good", "need.language"),
        ("C: do you speak polish", "need.language"),
        ("C: my husband passed away last month", "need.vulnerability"),
        ("C: i've just come out of hospital", "need.vulnerability"),
        ("C: could i have it in large print", "need.accessibility"),
        ("C: i'm partially sighted", "need.accessibility"),
        ("A: i'll speak a bit more slowly for you", "need.adaptation_offered"),
        ("A: we can send it in large print", "need.adaptation_offered"),
        ("A: take your time there's no rush", "need.adaptation_offered"),
    ],
)
def test_needs(line: str, label: str) -> None:
    assert label in found(call(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("C: i look forward to hearing from you", "need.hearing"),
        ("C: it's a bad line i can hardly hear you", "need.hearing"),
        ("C: he gave a speech", "need.speech"),
        ("C: can i speak to someone", "need.speech"),
        ("C: i live in england", "need.language"),
        ("C: my husband ordered it last month", "need.vulnerability"),
        ("C: can i pay online", "need.vulnerability"),
        ("C: the blind in the kitchen is broken", "need.accessibility"),
        ("A: the print was too small", "need.adaptation_offered"),
    ],
)
def test_near_misses_of_needs(line: str, label: str) -> None:
    assert label not in found(call(line))
