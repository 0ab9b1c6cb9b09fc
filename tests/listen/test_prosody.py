"""Pitch, level and tilt against the speaker's own median."""

from __future__ import annotations

import numpy as np
import pytest

from callqa.listen.audio import Sound
from callqa.listen.prosody import measure
from callqa.listen.vad import FRAME, RATE
from callqa.records import (
    Participant,
    ProsodyTrack,
    Recording,
    Span,
    Transcript,
    Turn,
    TurnProsody,
    Word,
)

pytestmark = pytest.mark.slow


def voice(seconds: float, *, hertz: float = 120.0, level: float = 0.1, bright: float = 1.0):
    """A buzz with the harmonics of a voice; ``bright`` lifts those above 1 kHz."""
    at = np.arange(int(seconds * RATE)) / RATE
    out = np.zeros(at.size)
    for n in range(1, int(3400 // hertz)):
        lift = bright if n * hertz > 1000 else 1.0
        out += lift * np.sin(2 * np.pi * n * hertz * at) / n
    return (level * out).astype(np.float32)


def turn(index: int, start_s: float, end_s: float, *, who: str = "a", words: int = 6) -> Turn:
    texts, each_s = ["over"] * words, (end_s - start_s) / words
    made = tuple(
        Word(id=f"{index}.{i}", text=t, start_char=5 * i, end_char=5 * i + 4,
             start_s=start_s + i * each_s, end_s=start_s + (i + 1) * each_s)
        for i, t in enumerate(texts)
    )  # fmt: skip
    return Turn(
        index=index, participant=who, text=" ".join(texts), words=made, start_s=start_s, end_s=end_s
    )


def measured(*parts: np.ndarray, speech: dict[str, tuple[Span, ...]] | None = None, **who: str):
    """One turn per part, one after another, in one channel."""
    return listened(*parts, speech=speech, **who)[0]


def listened(
    *parts: np.ndarray, speech: dict[str, tuple[Span, ...]] | None = None, **who: str
) -> tuple[tuple[TurnProsody, ...], tuple[ProsodyTrack, ...]]:
    """Turns and tracks."""
    sound = np.concatenate(parts)
    turns, at = [], 0.0
    for i, part in enumerate(parts):
        length = part.size / RATE
        turns.append(turn(i, at, at + length, who=who.get(f"t{i}", "a")))
        at += length
    loud = np.abs(np.pad(sound, (0, -sound.size % FRAME)).reshape(-1, FRAME)).max(axis=1) > 0.001
    held = Sound(
        sound[None], loud[None].astype(np.float32), RATE, Recording(sha256="0", name="a.wav")
    )
    people = [Participant(id=p) for p in sorted({t.participant for t in turns})]
    return measure(held, Transcript(turns=tuple(turns), speech=speech or {}), people)


def test_a_higher_louder_brighter_turn_is_measured_as_such() -> None:
    calm = [voice(2.0) for _ in range(4)]
    *before, raised = measured(*calm, voice(2.0, hertz=160, level=0.2, bright=3.0))
    for quiet in before:
        assert quiet.pitch_st == pytest.approx(0, abs=0.5)
        assert quiet.level_db == pytest.approx(0, abs=0.5)
    assert raised.pitch_st == pytest.approx(12 * np.log2(160 / 120), abs=0.7)
    assert raised.level_db is not None
    assert raised.level_db > 4
    assert raised.tilt_db is not None
    assert raised.tilt_db > 1
    assert raised.pitch_high_st == pytest.approx(12 * np.log2(160 / 120), abs=0.7)


def test_each_speaker_has_a_baseline_of_their_own() -> None:
    low, high = voice(4.0, hertz=100), voice(4.0, hertz=220)
    found = measured(low, high, t0="a", t1="b")
    assert [p.pitch_st for p in found] == [pytest.approx(0, abs=0.3)] * 2


def test_too_little_voice_gives_none() -> None:
    (short,) = measured(voice(1.0))
    assert short.pitch_st is None
    assert short.level_db is None
    assert short.voiced_s > 0.5


def test_silence_gives_none_beside_a_voice() -> None:
    found = measured(voice(4.0), np.zeros(2 * RATE, np.float32))
    assert found[0].pitch_st is not None
    assert found[1] == TurnProsody(
        turn=1, voiced_s=0.0, words_per_minute=180.0, syllables_per_minute=360.0
    )


def test_where_another_speaks_in_the_same_channel_is_left_out() -> None:
    other = {"b": (Span(start_s=1.0, end_s=3.0),)}
    (masked,) = measured(voice(4.0), speech=other)
    (whole,) = measured(voice(4.0))
    assert masked.voiced_s == pytest.approx(whole.voiced_s - 2.0, abs=0.1)


def test_nobody_and_recorded_voices_are_not_measured() -> None:
    assert measured(voice(4.0), t0="system") == ()
    assert measured(voice(4.0), t0="unknown") == ()


def test_a_shout_is_voice_too() -> None:
    *_, shout = measured(*[voice(2.0, hertz=220) for _ in range(3)], voice(2.0, hertz=640))
    assert shout.pitch_st == pytest.approx(12 * np.log2(640 / 220), abs=0.7)


def test_many_short_answers_do_not_move_what_is_usual() -> None:
    long, *_ = measured(voice(8.0), *[voice(0.7, hertz=100, level=0.05) for _ in range(5)])
    assert long.pitch_st == pytest.approx(0, abs=0.3)
    assert long.level_db == pytest.approx(0, abs=0.3)


# ---------------------------------------------------------------- pace and pauses


def test_pace_is_in_words_and_in_syllables() -> None:
    (found,) = measured(voice(4.0))
    assert (found.words_per_minute, found.syllables_per_minute) == (90.0, 180.0)


def test_a_silence_within_a_turn_is_a_pause_and_a_shorter_one_is_not() -> None:
    still, short = np.zeros(RATE, np.float32), np.zeros(RATE // 8, np.float32)
    whole = np.concatenate([voice(2.0), still, voice(1.0), short, voice(1.0)])
    (found,) = measured(whole)
    assert found.pauses == 1
    assert found.pause_s == pytest.approx(1.0, abs=0.1)


# ---------------------------------------------------------------- over time


def test_a_track_follows_the_voice_and_is_none_where_another_speaks() -> None:
    calm, raised = voice(6.0), voice(2.0, hertz=160, level=0.2)
    _, (a, b) = listened(calm, voice(3.0, hertz=220), raised, t1="b")
    pitch, level = a.row("pitch_st"), a.row("level_db")
    assert len(pitch) == 11 / a.step_s
    assert pitch[8] == pytest.approx(0, abs=0.3)
    assert pitch[28] is None
    assert pitch[40] == pytest.approx(12 * np.log2(160 / 120), abs=0.5)
    assert level[40] - level[8] == pytest.approx(6, abs=0.7)  # type: ignore[operator]
    assert (b.participant, b.row("pitch_st")[8]) == ("b", None)
    assert b.row("pitch_st")[28] == pytest.approx(0, abs=0.3)


def test_a_pause_has_no_voice_in_the_track_and_another_turn_no_value() -> None:
    with_pause = np.concatenate([voice(2.0), np.zeros(RATE, np.float32), voice(2.0)])
    _, (a, _) = listened(with_pause, voice(3.0, hertz=220), t1="b")
    voiced = a.row("voiced")
    assert voiced[4] == pytest.approx(1.0, abs=0.1)
    assert voiced[10] == 0.0
    assert a.row("pitch_st")[10] is None
    assert voiced[24] is None


def test_pace_over_time() -> None:
    slow, fast = [voice(6.0)] * 2, [voice(2.0)] * 6
    _, (a,) = listened(*slow, *fast)
    words, sounds = a.row("words_per_minute"), a.row("syllables_per_minute")
    assert [words[24], sounds[24]] == [pytest.approx(60, abs=12), pytest.approx(120, abs=12)]
    assert [words[72], sounds[72]] == [pytest.approx(180, abs=12), pytest.approx(360, abs=12)]


def test_who_says_too_little_has_no_track() -> None:
    assert listened(voice(1.0))[1] == ()


def test_a_track_is_a_byte_a_measure() -> None:
    _, (track,) = listened(voice(60.0))
    assert len(track.values) <= 60 / 0.25 * len(ProsodyTrack.SCALES) * 1.4
    assert ProsodyTrack.model_validate_json(track.model_dump_json()) == track


def test_what_is_off_the_scale_stays_at_its_end() -> None:
    _, (track,) = listened(voice(30.0, level=0.001), voice(2.0, level=0.9))
    level = track.row("level_db")
    assert level[124] == pytest.approx(59, abs=1.5)
    assert min(v for v in level if v is not None) >= -63.5
