"""Listening: from sound to turns with roles and prosody.

Everything here stays in memory: nothing is written to disk and no word is logged, so that
redaction can come before any write. Models are loaded once per process.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from callqa.records import (
    Heard,
    Participant,
    Span,
    Transcript,
)
from callqa.settings import Settings

if TYPE_CHECKING:
    from callqa.listen.audio import Samples, Sound

__all__ = ["diarize_only", "hear", "transcribe_only"]

Progress = Callable[[str], None]  # told the name of each stage as it starts


def hear(
    path: Path,
    settings: Settings,
    *,
    speakers: int | None = None,
    progress: Progress | None = None,
) -> Heard:
    """Listen to one recording. The transcript is raw: redact it before it is written anywhere.

    Args:
        path: a file of sound in any format that FFmpeg knows.
        speakers: how many voices share the channel; None lets the sound decide. Sides of a
            stereo recording are one voice each.
        progress: told “decode”, “transcribe”, “diarize”, “roles”, “prosody” as they start.

    Raises:
        RecordingError: this file cannot be listened to.
        WeightsError: a model is missing, or is not the file that was pinned.
    """
    from callqa.listen import completeness, prosody, roles

    tell = progress or _silently
    tell("decode")
    sound, transcript, participants = _words(path, settings, speakers, tell)
    tell("roles")
    transcript, participants = roles.set_apart_system(transcript, participants)
    participants = roles.assign(transcript, participants)
    tell("prosody")
    spoken, tracks = prosody.measure(
        sound, transcript, participants, threads=settings.threads or None
    )
    return Heard(
        recording=sound.recording,
        transcript=transcript,
        participants=participants,
        prosody=spoken,
        tracks=tracks,
        kind=completeness.kind(transcript, participants),
        completeness=completeness.completeness(sound),
        quality=completeness.quality(sound, transcript),
        models=_models(sound, settings),
    )


def transcribe_only(path: Path, settings: Settings) -> tuple[Transcript, tuple[Participant, ...]]:
    """Turns with roles, without prosody. Raises as ``hear``."""
    from callqa.listen import roles

    _, transcript, participants = _words(path, settings, None, _silently)
    transcript, participants = roles.set_apart_system(transcript, participants)
    return transcript, roles.assign(transcript, participants)


def diarize_only(
    path: Path, settings: Settings, speakers: int | None = None
) -> dict[str, list[Span]]:
    """Who speaks when, without words: by side where the sides are apart, by voice otherwise.

    Raises as ``hear``.
    """
    from callqa.listen.audio import load

    del settings  # taken like its siblings; no setting bears on voices yet
    return _activity(load(path), speakers)


# ---------------------------------------------------------------- the way there


def _silently(stage: str) -> None:
    """Progress that nobody watches."""
    del stage


def _words(
    path: Path, settings: Settings, speakers: int | None, tell: Progress
) -> tuple[Sound, Transcript, tuple[Participant, ...]]:
    from callqa.listen import turns
    from callqa.listen.audio import load
    from callqa.listen.transcribe import Channel, transcribe
    from callqa.listen.vad import spans

    sound = load(path)
    tell("transcribe")
    if sound.recording.layout == "stereo":
        speech = _activity(sound, speakers)
        sides = {"left": 0, "right": 1}
        channels = [Channel(sound.samples[i], speech[s], sound.speech[i]) for s, i in sides.items()]
        heard = transcribe(channels, settings)
        said = {side: heard.words[i] for side, i in sides.items()}
        people = [Participant(id=side, channel=i) for side, i in sides.items()]
    else:
        samples, probability = _one_channel(sound)
        heard = transcribe([Channel(samples, spans(probability), probability)], settings)
        tell("diarize")
        speech = _activity(sound, speakers) if heard.words[0] else {}
        attributed = turns.attribute(heard.words[0], speech)
        said = {who: tuple(words) for who, words in attributed.items()}
        people = [Participant(id=who) for who in said]
    transcript = Transcript(
        turns=turns.build(said),
        language=heard.language,
        language_probability=heard.language_probability,
        dropped_words=heard.dropped,
        speech={who: tuple(found) for who, found in speech.items()},
    )
    return sound, transcript, tuple(people)


def _activity(sound: Sound, speakers: int | None) -> dict[str, list[Span]]:
    from callqa.listen.diarize import diarize
    from callqa.listen.layout import without_leak
    from callqa.listen.vad import spans

    if sound.recording.layout == "stereo":
        sides = without_leak([spans(p) for p in sound.speech], sound.samples)
        return {"left": sides[0], "right": sides[1]}
    samples, probability = _one_channel(sound)
    if not spans(probability):
        return {}
    return diarize(samples, probability, speakers=speakers)


def _one_channel(sound: Sound) -> tuple[Samples, Samples]:
    """The channel to listen to (samples, probability) where the sides are not apart."""
    channel = sound.listened_channel
    return sound.samples[channel], sound.speech[channel]


def _models(sound: Sound, settings: Settings) -> dict[str, str]:
    from callqa.weights import find, find_whisper

    names = ["silero-vad", "swift-f0"]
    if sound.recording.layout != "stereo":
        names += ["segmentation-3.0", "campplus"]
    found = [find_whisper(settings), *(find(name) for name in names)]
    return {model.name: model.sha256 for model in found}
