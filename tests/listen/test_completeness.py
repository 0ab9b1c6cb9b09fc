"""What kind of call, whether whole, and what its sound forbids to conclude."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from callqa.listen.audio import Sound
from callqa.listen.completeness import completeness, kind, quality
from callqa.listen.vad import FRAME, RATE
from callqa.records import Participant, Recording, Transcript, Turn, Word
from tests.listen.sounds import noise


def transcript(*turns: tuple[str, str]) -> Transcript:
    return Transcript(
        turns=tuple(Turn(index=i, participant=w, text=t) for i, (w, t) in enumerate(turns))
    )


A, B, SYSTEM = (
    Participant(id="a", role="agent"),
    Participant(id="b", role="customer"),
    Participant(id="system", role="system"),
)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], "no_speech"),
        ([("a", "How can I help you today?"), ("b", "My line is dead.")], "conversation"),
        ([("system", "Press one for sales.")], "ivr_only"),
        (
            [("b", "Hi, it's Jo, I'm leaving a message about my order, please call me back.")],
            "voicemail",
        ),
        (
            [
                ("b", "This is Jo. Please leave a message after the tone."),
                ("a", "Good morning, Larkfield Water. Your engineer comes on Friday."),
                ("a", "Goodbye."),
            ],
            "voicemail",  # two voices, and neither answers the other
        ),
        (
            [
                ("b", "I got your voicemail."),
                ("a", "Thank you for ringing. It was about your meter."),
                ("b", "Yes, it says so."),
            ],
            "conversation",
        ),
        ([("a", "Hello, Larkfield Water?"), ("a", "Hello?")], "abandoned"),
        ([("a", "Thank you for calling. How can I help? " * 4)], "unknown"),
        ([("unknown", "Hello there, is anybody on the line?")], "unknown"),
    ],
)
def test_kinds(turns: list[tuple[str, str]], expected: str) -> None:
    assert kind(transcript(*turns), [A, B, SYSTEM]) == expected


def sound(samples: np.ndarray, *speaking: tuple[float, float], **about: Any) -> Sound:
    at = np.arange(samples.size // FRAME) * FRAME / RATE
    speech = np.zeros((1, at.size), np.float32)
    for start, end in speaking:
        speech[0, (at >= start) & (at < end)] = 0.95
    recording = Recording(**{"sha256": "0", "name": "a.wav", "layout": "stereo"} | about)
    return Sound(samples[None], speech, RATE, recording)


def test_a_whole_call_has_silence_at_both_ends() -> None:
    assert completeness(sound(noise(10), (1, 9))) == ()


def test_cut_off_at_either_end() -> None:
    assert completeness(sound(noise(10), (0, 9))) == ("starts_mid_speech",)
    assert completeness(sound(noise(10), (1, 10))) == ("ends_mid_speech",)


def test_a_hole_of_digital_silence_in_speech_is_a_gap() -> None:
    samples = noise(10)
    samples[4 * RATE : 6 * RATE] = 0
    assert completeness(sound(samples, (1, 4), (6, 9))) == ("gap",)


def test_a_pause_between_turns_is_no_gap() -> None:
    """Some systems write digital silence whenever nobody speaks; speech fades into it."""
    samples = noise(10)
    samples[4 * RATE : 6 * RATE] = 0
    assert completeness(sound(samples, (1, 3.5), (6.5, 9))) == ()


def test_dropouts_are_counted() -> None:
    samples = noise(10)
    for start in (2.0, 4.0, 6.0):
        samples[int(start * RATE) : int((start + 0.2) * RATE)] = 0
    flags = quality(sound(samples, (1, 9)), transcript())
    assert [f.code for f in flags] == ["dropouts"]
    assert "3 times" in flags[0].why


def test_unsure_words_and_lost_words_are_told() -> None:
    words = tuple(
        Word(id=f"0.{i}", text="word", start_char=5 * i, end_char=5 * i + 4, probability=0.4)
        for i in range(30)
    )
    turn = Turn(index=0, participant="unknown", text=" ".join(["word"] * 30), words=words)
    flags = quality(sound(noise(5), (1, 4)), Transcript(turns=(turn,), dropped_words=2))
    assert [f.code for f in flags] == ["hard_to_hear", "unknown_speaker", "dropped_words"]


def test_another_language_is_told_first() -> None:
    flags = quality(sound(noise(5), (1, 4)), Transcript(turns=(), language="fr", dropped_words=1))
    assert flags[0].code == "language"


@pytest.mark.parametrize(
    ("code", "about"),
    [
        ("low_rate", {"sample_rate_hz": 6000}),
        ("telephone_band", {"telephone_band": True}),
        ("clipped", {"clipped_share": 0.02}),
        ("noisy", {"noise_db": 6.0}),
        ("music", {"music_share": 0.5, "duration_s": 10.0}),
        ("little_speech", {"speech_share": 0.04}),
        ("one_sided", {"layout": "one_sided", "channels": 2}),
        ("dual_mono", {"layout": "dual_mono", "channels": 2}),
        ("one_channel", {"layout": "mono", "channels": 1}),
        ("level_gap", {"layout": "stereo", "level_gap_db": -21.0}),
    ],
)
def test_each_property_of_the_sound_has_a_flag_that_names_its_effect(
    code: str, about: dict[str, Any]
) -> None:
    (flag,) = quality(sound(noise(5), (1, 4), **about), transcript())
    assert flag.code == code
    assert any(
        effect in flag.why
        for effect in ("misheard", "missed", "assessed", "less surely", "count as", "rest on")
    )


def test_a_clear_recording_has_no_flag() -> None:
    fine = {
        "sample_rate_hz": 8000, "telephone_band": False, "clipped_share": 0.001, "noise_db": 30.0,
        "music_share": 0.01, "duration_s": 60.0, "speech_share": 0.6, "channels": 2,
        "level_gap_db": 3.0,
    }  # fmt: skip
    assert quality(sound(noise(5), (1, 4), **fine), transcript()) == ()
