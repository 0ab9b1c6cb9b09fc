"""Words with times; nothing where nobody speaks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from callqa.listen import hear
from callqa.listen.audio import load
from callqa.listen.passages import (
    HeardWord,
    Piece,
    _places,
    _whole_words,
    pack_passages,
)
from callqa.listen.recogniser import recogniser
from callqa.listen.transcribe import Channel, _by_span, _Listener, _loops
from callqa.listen.vad import FRAME_S, RATE
from callqa.records import Heard, Span
from callqa.settings import Settings
from callqa.text import plain
from tests.listen.sounds import Floats, music, noise, strings, tone, write_wav

SETTINGS = Settings(threads=2)


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
        [(0, 40, 52, 0), (1, 0, 12, 13)],
    ]


def test_what_is_left_of_two_sides_shares_a_pack_where_both_fit() -> None:
    assert packed((0, 0, 10), (1, 0, 6)) == [[(1, 0, 6, 0), (0, 0, 10, 7)]]
    assert packed((0, 0, 20), (1, 0, 16)) == [[(0, 0, 20, 0)], [(1, 0, 16, 0)]]


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


def no_voice(kind: str, seconds: float = 60.0) -> Floats:
    """float32 [n] of something that is heard on telephone lines and is nobody."""
    at = np.arange(int(seconds * RATE)) / RATE
    on = at % 3.0 < 1.0
    low, high = (np.array(hertz)[(4 * at).astype(int) % 4] for hertz in KEYS)
    pressed = (np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * high * at)) * (4 * at % 1 < 0.5)
    return {
        "silence": lambda: np.zeros(at.size, np.float32),
        "noise": lambda: noise(seconds),
        "tone": lambda: tone(seconds),
        "music": lambda: music(seconds),
        "ring": lambda: (tone(seconds, hertz=400) + tone(seconds, hertz=450)) * on,
        "keys": lambda: (0.2 * pressed).astype(np.float32),
        "strings": lambda: strings(seconds),
    }[kind]()


KINDS = ["silence", "noise", "tone", "music", "ring", "keys", "strings"]
KEYS = (697, 770, 852, 941), (1209, 1336, 1477, 1336)  # DTMF 1, 5, 9, 0


def test_what_is_dropped_is_counted() -> None:
    sound, probability = noise(4.0), np.full(125, 0.9, np.float32)
    channel = Channel(sound, [Span(start_s=0, end_s=2)], probability)
    heard = [HeardWord("sure", 0.5, 0.9, 0.9), HeardWord("away", 3.4, 3.8, 0.9)]
    kept, dropped = _Listener(None, [channel], "en")._keep([heard])
    assert ([w.text for w in kept[0]], dropped) == (["sure"], 1)
    kept, dropped = _Listener(None, [channel], "en")._keep([[HeardWord("um", 0.5, 0.9, 0.1)]])
    assert (kept, dropped) == ([[]], 1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_minute_without_a_voice_yields_no_words(tmp_path: Path, kind: str) -> None:
    heard = hear(write_wav(tmp_path / f"{kind}.wav", no_voice(kind)), SETTINGS)
    assert heard.transcript.turns == ()
    assert heard.kind == "no_speech"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_words_come_from_a_side_without_a_voice(
    samples: Path, tmp_path: Path, kind: str
) -> None:
    call, _ = load(samples / "card_payment.flac").samples
    agent = np.concatenate([call[: 20 * RATE], np.zeros(40 * RATE, np.float32)])
    other = no_voice(kind)
    path = write_wav(tmp_path / "call.wav", np.stack([agent, other]), rate=RATE)
    heard = hear(path, SETTINGS)
    words = {p.channel: 0 for p in heard.participants}
    for turn in heard.transcript.turns:
        side = next(p.channel for p in heard.participants if p.id == turn.participant)
        words[side] += len(turn.words)
    assert words.get(1, 0) == 0
    assert sum(words.values()) > 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "file",
    [
        "abusive_caller.m4a",
        "detail_before_check.flac",
        "no_greeting.ogg",
        "supervisor_transfer.m4a",
    ],
)
def test_a_leak_at_minus_25_db_is_nobodys_word(samples: Path, tmp_path: Path, file: str) -> None:
    clean = load(samples / file).samples[:, 15 * RATE : 50 * RATE]
    own = words_by_side(hear(write_wav(tmp_path / "clean.wav", clean, rate=RATE), SETTINGS))
    for leaks_from in (0, 1):
        leaky = clean.copy()
        leaky[1 - leaks_from] += clean[leaks_from] * np.float32(10 ** (-25 / 20))
        heard = words_by_side(hear(write_wav(tmp_path / "leaky.wav", leaky, rate=RATE), SETTINGS))
        assert overheard(own, heard, 1 - leaks_from) == []
        assert [len(side) for side in heard] == [pytest.approx(len(s), rel=0.05) for s in own]


Timed = tuple[str, float]  # a plain word and the second of its middle


def words_by_side(heard: Heard) -> list[list[Timed]]:
    side = {p.id: p.channel or 0 for p in heard.participants}
    found: list[list[Timed]] = [[], []]
    for turn in heard.transcript.turns:
        for word in turn.words:
            middle = ((word.start_s or 0.0) + (word.end_s or 0.0)) / 2
            found[side[turn.participant]] += [(t, middle) for t in plain(word.text).tokens]
    return found


def overheard(own: list[list[Timed]], heard: list[list[Timed]], side: int) -> list[Timed]:
    """A side's words that are not its own, and that the other side says at the same time."""

    def among(word: Timed, words: list[Timed]) -> bool:
        return any(word[0] == text and abs(word[1] - at) < 1.0 for text, at in words)

    return [
        word
        for word in heard[side]
        if word[0] != "|" and not among(word, own[side]) and among(word, own[1 - side])
    ]


@pytest.mark.slow
@pytest.mark.parametrize("file", ["long_silence.flac", "sales_call.mp3"])
def test_quiet_speech_is_kept_as_without_the_filter(
    samples: Path, tmp_path: Path, file: str
) -> None:
    loud = load(samples / file).samples[0, : 30 * RATE]
    quiet = write_wav(tmp_path / "quiet.wav", loud * np.float32(10 ** (-40 / 20)), rate=RATE)
    heard = hear(quiet, SETTINGS)
    kept = [w for turn in heard.transcript.turns for w in plain(turn.text).tokens]
    sound = load(quiet).samples[0]
    segments, _ = recogniser(SETTINGS).whisper.transcribe(
        sound, language="en", vad_filter=False, condition_on_previous_text=False
    )
    unfiltered = plain(" ".join(s.text for s in segments)).tokens
    both = (Counter(kept) & Counter(unfiltered)).total()
    assert both >= 0.9 * len(unfiltered)
