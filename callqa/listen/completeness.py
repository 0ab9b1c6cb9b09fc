"""What kind of call this is, whether it is all there, and what its sound forbids to conclude."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from callqa.listen.audio import Sound
from callqa.listen.vad import FRAME, frame_power
from callqa.records import Flag, Kind, Participant, Transcript, Turn
from callqa.text import plain

Floats = npt.NDArray[np.float32]

_EDGE_FRAMES = 5  # 160 ms
_SPEAKING = 0.6
_NOISY_DB = 10.0
_MUSIC_S = 3.0  # shorter, it may be a ring tone or a note of the voice
_LITTLE_SPEECH = 0.1
_MESSAGE = tuple(
    f" {p} "
    for p in (
        "leave a message", "leave your message", "leave me a message", "after the tone",
        "after the beep", "leaving you a message", "leaving a message", "voice mail", "voicemail",
        "give me a call back", "give us a call back", "call me back", "call us back when",
    )
)  # fmt: skip


def kind(transcript: Transcript, participants: Sequence[Participant]) -> Kind:
    """Conversation, or which other kind; unknown where the sound does not say."""
    words: dict[str, int] = {}
    for turn in transcript.turns:
        words[turn.participant] = words.get(turn.participant, 0) + len(turn.text.split())
    system = {p.id for p in participants if p.role == "system"}
    people = {who: n for who, n in words.items() if who not in system and who != "unknown"}
    if not words:
        return "no_speech"
    if not people:
        return "ivr_only" if system & set(words) else "unknown"
    spoken = [t for t in transcript.turns if t.participant in people]
    if sum(n >= 2 for n in people.values()) >= 2:
        return "voicemail" if _announced(spoken) else "conversation"
    if sum(people.values()) >= 5 and _speaks_of_a_message(transcript.turns):
        return "voicemail"
    return "abandoned" if sum(people.values()) < 12 else "unknown"


def _announced(turns: Sequence[Turn]) -> bool:
    """Whether one voice asks for a message, another leaves it, and neither answers the other."""
    voices = [voice for voice, _ in groupby(t.participant for t in turns)]
    return len(voices) == 2 and _speaks_of_a_message(
        [t for t in turns if t.participant == voices[0]]
    )


def _speaks_of_a_message(turns: Sequence[Turn]) -> bool:
    text = plain(" . ".join(turn.text for turn in turns)).text
    return any(phrase in text for phrase in _MESSAGE)


def completeness(sound: Sound) -> tuple[str, ...]:
    """“starts_mid_speech”, “ends_mid_speech”, “gap”: in which ways the call is not all there."""
    found = []
    if (sound.speech[:, :_EDGE_FRAMES].mean(axis=1) >= _SPEAKING).any():
        found.append("starts_mid_speech")
    whole = sound.samples.shape[1] // FRAME  # the last frame may be mostly padding
    if (sound.speech[:, max(0, whole - _EDGE_FRAMES) : whole].mean(axis=1) >= _SPEAKING).any():
        found.append("ends_mid_speech")
    if any(length >= 31 for length in _holes(sound)):
        found.append("gap")
    return tuple(found)


def _holes(sound: Sound) -> list[int]:
    """Lengths in 32 ms frames of the silences that cut into sound: digital, and sudden."""
    power = np.max([frame_power(channel) for channel in sound.samples], axis=0)
    level = 10 * np.log10(power + 1e-12)
    speech = sound.speech.max(axis=0)[: level.size]
    silent = np.concatenate([[0], level < -80, [0]]).astype(int)
    holes = []
    for start, end in np.flatnonzero(np.diff(silent)).reshape(-1, 2):
        # One frame straddles the edge: look at the one beyond it too.
        before = slice(max(0, start - 2), start)
        after = slice(end, end + 2)
        if start < 2 or end + 2 > level.size:
            continue
        loud = level[before].max() > -40 and level[after].max() > -40
        if loud and speech[before].max() > _SPEAKING and speech[after].max() > _SPEAKING:
            holes.append(int(end - start))
    return holes


def quality(sound: Sound, transcript: Transcript) -> tuple[Flag, ...]:
    """What limits the results, and how; worst first."""
    flags = [*sound.flags, *_of_sound(sound), *_of_words(transcript)]
    return tuple(sorted(flags, key=lambda flag: -flag.weight))


def _of_sound(sound: Sound) -> list[Flag]:
    r, found = sound.recording, []
    if r.sample_rate_hz and r.sample_rate_hz < 8000:
        why = f"Only {r.sample_rate_hz} samples a second: many words will be misheard."
        found.append(Flag(code="low_rate", why=why, weight=2.0))
    if r.telephone_band:
        why = "Telephone band: letters and names, which differ above 4 kHz, are misheard sooner."
        found.append(Flag(code="telephone_band", why=why, weight=0.1))
    if (clipped := r.clipped_share or 0.0) > 0.005:
        why = (
            f"{100 * clipped:.1f}% of the sound is clipped: words may be "
            "misheard and a raised voice is not measured surely."
        )
        found.append(Flag(code="clipped", why=why, weight=1.5))
    if r.noise_db is not None and r.noise_db < _NOISY_DB:
        why = (
            f"Speech is only {r.noise_db:.0f} dB louder than the noise: words may be misheard or "
            "missed, and the voice is not measured surely."
        )
        found.append(Flag(code="noisy", why=why, weight=1.5))
    if (music_s := (r.music_share or 0.0) * r.duration_s) >= _MUSIC_S:
        why = f"Music or tones for {music_s:.0f} s: they count as silence, and as hold where long."
        found.append(Flag(code="music", why=why, weight=0.2))
    if r.speech_share is not None and r.speech_share < _LITTLE_SPEECH:
        why = f"Somebody speaks in {r.speech_share:.0%} of it: shares and rates rest on little."
        found.append(Flag(code="little_speech", why=why, weight=0.6))
    if (holes := len(_holes(sound))) >= 3:
        why = f"The sound drops out {holes} times while somebody speaks: words are missing."
        found.append(Flag(code="dropouts", why=why, weight=1.5))
    return [*found, *_of_sides(sound)]


def _of_sides(sound: Sound) -> list[Flag]:
    r, found = sound.recording, []
    if r.layout == "one_sided" and r.channels == 2:
        why = "One side of the recording is silent: whoever was on it cannot be assessed."
        found.append(Flag(code="one_sided", why=why, weight=2.0))
    if r.layout == "dual_mono":
        why = "Both sides hold the same sound: voices were told apart by sound, less surely."
        found.append(Flag(code="dual_mono", why=why, weight=0.5))
    if r.layout == "mono":
        why = (
            "All voices share one channel: they were told apart by sound, less surely, and words "
            "said at the same time are given to one voice."
        )
        found.append(Flag(code="one_channel", why=why, weight=0.5))
    if r.layout == "stereo" and (gap := abs(r.level_gap_db or 0.0)) > 15:
        why = f"One side is {gap:.0f} dB quieter than the other: its words may be missed."
        found.append(Flag(code="level_gap", why=why, weight=1.0))
    return found


def _of_words(transcript: Transcript) -> list[Flag]:
    flags = []
    words = [w for turn in transcript.turns for w in turn.words]
    if transcript.language != "en":
        why = f"The language heard is “{transcript.language}”: phrases are known in English only."
        flags.append(Flag(code="language", why=why, weight=3.0))
    sure = [w.probability for w in words if w.probability is not None]
    if len(sure) >= 20 and float(np.mean(sure)) < 0.6:
        why = f"Words were heard with a mean probability of {np.mean(sure):.2f}: many may be wrong."
        flags.append(Flag(code="hard_to_hear", why=why, weight=2.0))
    lost = sum(len(t.words) for t in transcript.turns if t.participant == "unknown")
    if words and lost > 0.05 * len(words):
        why = f"{lost} of {len(words)} words could not be given to a speaker."
        flags.append(Flag(code="unknown_speaker", why=why, weight=1.5))
    if transcript.dropped_words:
        why = (
            f"{transcript.dropped_words} words were dropped, as they rested on sound that is "
            "hardly speech."
        )
        flags.append(Flag(code="dropped_words", why=why, weight=0.3))
    return flags
