"""Words with times; nothing where nobody speaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from callqa.listen import hear
from callqa.listen.passages import (
    HeardWord,
    Piece,
    _places,
    _whole_words,
    pack_passages,
)
from callqa.listen.transcribe import _by_span, _loops
from callqa.listen.vad import FRAME_S
from callqa.records import Span
from callqa.settings import Settings
from tests.listen.sounds import music, noise, tone, write_wav


@dataclass
class Token:
    word: str
    start: float
    end: float
    probability: float = 0.9


@dataclass
class Segment:
    text: str


def test_tokens_without_a_space_are_one_word() -> None:
    tokens = [Token(" T", 0, 0.2), Token("-I", 0.2, 0.4, 0.5), Token(" please.", 0.5, 1)]
    assert list(_whole_words(tokens)) == [
        HeardWord("T-I", 0, 0.4, 0.7),
        HeardWord("please.", 0.5, 1, 0.9),
    ]


def packed(*passages: tuple[int, float, float], quiet_at_s: float | None = None):
    """(channel, start in the recording, end, place in the pack) of each pack, loud but there."""
    probability = np.full(4000, 0.9, np.float32)
    if quiet_at_s is not None:
        middle = int(quiet_at_s / FRAME_S)
        probability[middle - 4 : middle + 5] = 0.05
    spans = [(i, Span(start_s=a, end_s=b)) for i, a, b in passages]
    packs = pack_passages(spans, [probability, probability], 0.5)
    return [[(p.channel, *(round(x, 1) for x in (p.span.start_s, p.span.end_s, p.at_s)))
             for p in pack] for pack in packs]  # fmt: skip


def test_passages_are_packed_by_channel_and_length() -> None:
    assert packed((0, 0, 12), (0, 20, 32), (0, 40, 52), (1, 0, 12)) == [
        [(0, 0, 12, 0), (0, 20, 32, 12.5)],
        [(0, 40, 52, 0)],
        [(1, 0, 12, 0)],
    ]


def test_a_passage_is_cut_at_a_pause_to_fill_a_pack() -> None:
    found = packed((0, 0, 15), (0, 20, 40), quiet_at_s=30)
    assert found == [[(0, 0, 15, 0), (0, 20, 30, 15.5)], [(0, 30, 40, 0)]]


@pytest.mark.parametrize("quiet_at_s", [None, 21.0, 38.0])
def test_a_passage_without_a_pause_there_is_left_whole(quiet_at_s: float | None) -> None:
    found = packed((0, 0, 15), (0, 20, 40), quiet_at_s=quiet_at_s)
    assert found == [[(0, 0, 15, 0)], [(0, 20, 40, 0)]]


def test_a_long_passage_is_cut_where_speech_is_least_likely() -> None:
    assert packed((0, 0, 40), quiet_at_s=22) == [[(0, 0, 22, 0)], [(0, 22, 40, 0)]]
    pieces = [piece for pack in packed((0, 0, 100)) for piece in pack]
    assert [a[2] for a in pieces[:-1]] == [b[1] for b in pieces[1:]]
    assert max(b - a for _, a, b, _ in pieces) <= 29
    assert packed((0, 0, 10)) == [[(0, 0, 10, 0)]]


def place(*words: tuple[str, float, float]) -> list[int]:
    """Places of words in two passages: 0–5 s, and 5.2 s on, of packed sound."""
    pack = [
        Piece(0, Span(start_s=10, end_s=15), 0.0),
        Piece(0, Span(start_s=60, end_s=65), 5.2),
    ]
    return _places(pack, [HeardWord(t, a, b, 0.9) for t, a, b in words])


def test_a_word_begun_too_early_goes_where_it_ends() -> None:
    assert place(("today?", 4, 4.5), ("Of", 4.8, 5.3), ("course.", 5.3, 5.6)) == [0, 1, 1]


def test_the_first_word_of_a_sentence_is_not_left_behind() -> None:
    assert place(("today?", 4, 4.5), ("Of", 4.6, 4.9), ("course.", 5.3, 5.6)) == [0, 1, 1]


def test_the_last_word_of_a_sentence_is_not_taken_along() -> None:
    found = place(("ten", 4, 4.5), ("p.m.?", 4.6, 5.25), ("Should", 5.5, 5.7), ("we?", 5.7, 6))
    assert found == [0, 0, 1, 1]


def test_words_away_from_speech_are_left_out() -> None:
    speech = [Span(start_s=0, end_s=1), Span(start_s=5, end_s=6)]
    words = [HeardWord(t, a, a + 0.2, 0.9) for t, a in (("in", 0.5), ("near", 1.2), ("away", 3))]
    assert [(s.start_s, [w.text for w in g]) for s, g in _by_span(words, speech)] == [
        (0, ["in", "near"])
    ]


def test_a_loop_is_told_from_speech_and_from_read_out_numbers() -> None:
    assert _loops([(Segment("Thank you for watching. " * 12), 0.0)])
    assert not _loops([(Segment("My number is 0 1 2 3 4 5 6 7 8 8 8, and my name is Jo."), 0.0)])
    assert not _loops([(Segment("No no no."), 0.0)])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["silence", "noise", "tone", "music", "dial"])
def test_a_minute_without_a_voice_yields_no_words(tmp_path: Path, kind: str) -> None:
    made = {
        "silence": np.zeros(60 * 16_000, np.float32),
        "noise": noise(60),
        "tone": tone(60),
        "music": music(60),
        "dial": tone(60, hertz=400) * (np.arange(60 * 16_000) // 6_400 % 5 == 0),
    }[kind]
    heard = hear(write_wav(tmp_path / f"{kind}.wav", made), Settings(threads=2))
    assert heard.transcript.turns == ()
    assert heard.kind == "no_speech"
