"""How each turn was spoken, and how a speaker's voice went over time.

Pitch, level and tilt are told from the speaker's own usual voice in this call (``voicing``). Pace
is speech rate, pauses included, in words and in syllables. A pause is a silence of a quarter of a
second or more within a turn, the limit since Goldman-Eisler (1968). In one shared channel, frames
in which somebody else speaks are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from callqa.listen.audio import Samples, Sound
from callqa.listen.track import Spoken, track
from callqa.listen.vad import FRAME_S, RATE, SpeechRule, spans
from callqa.listen.voicing import HOP, Doubles, Manner, Voiced, manner, usual_manner, voiced_frames
from callqa.records import Participant, ProsodyTrack, Span, Transcript, Turn, TurnProsody
from callqa.syllables import syllables

_NOBODY = ("system", "unknown")
_PAUSES = SpeechRule(pause_s=0.25, shortest_s=FRAME_S, pad_s=0.0)


def measure(
    sound: Sound,
    transcript: Transcript,
    participants: Sequence[Participant],
    *,
    threads: int | None = 1,
) -> tuple[tuple[TurnProsody, ...], tuple[ProsodyTrack, ...]]:
    """Measures of every timed turn of a person, and each person's track.

    None where there is too little voice to tell; no track of who has no usual voice.
    """
    measured: list[TurnProsody] = []
    tracks = []
    for who in (p for p in participants if p.id not in _NOBODY):
        spoken = [
            _spoken(sound, turn, who.channel, transcript, threads)
            for turn in transcript.turns
            if turn.participant == who.id and turn.start_s is not None and turn.end_s is not None
        ]
        usual = usual_manner([s.voiced for s in spoken])
        measured += [_against(s, usual) for s in spoken]
        if usual is not None:
            tracks.append(track(who.id, spoken, usual, sound.duration_s))
    return tuple(sorted(measured, key=lambda p: p.turn)), tuple(tracks)


def relative(turn: int, own: Voiced, usual: Manner | None) -> TurnProsody:
    """A stretch against the speaker's usual; only its voiced seconds where that is not known."""
    how = manner(own)
    if usual is None or how is None:
        return TurnProsody(turn=turn, voiced_s=round(own.seconds, 3))
    low, high = np.percentile(own.pitch, [10, 90])
    return TurnProsody(
        turn=turn,
        voiced_s=round(own.seconds, 3),
        pitch_st=round(how.pitch - usual.pitch, 2),
        pitch_high_st=round(how.pitch_high - usual.pitch_high, 2),
        pitch_range_st=round(float(high - low), 2),
        level_db=round(how.level - usual.level, 2),
        tilt_db=round(how.tilt - usual.tilt, 2),
    )


# ---------------------------------------------------------------- the way there


def _spoken(
    sound: Sound, turn: Turn, channel: int | None, transcript: Transcript, threads: int | None
) -> Spoken:
    start_s, end_s = turn.start_s or 0.0, turn.end_s or 0.0
    first = int(start_s * RATE)
    heard = sound.listened_channel if channel is None else channel
    part = sound.samples[heard, first : max(int(end_s * RATE), first + 2 * HOP)]
    voiced, at_s = voiced_frames(part, threads=threads)
    at_s = at_s + start_s
    if channel is None:
        alone = ~_others_speak(at_s, turn.participant, transcript.speech)
        voiced, at_s = voiced[alone], at_s[alone]
    return Spoken(turn, voiced, at_s, _pauses(sound.speech[heard], start_s, end_s))


def _pauses(probability: Samples, start_s: float, end_s: float) -> list[Span]:
    """Silences between the first and the last speech of a turn."""
    first = int(start_s / FRAME_S)
    heard = spans(probability[first : int(end_s / FRAME_S) + 1], _PAUSES)
    return [
        Span(start_s=before.end_s + first * FRAME_S, end_s=after.start_s + first * FRAME_S)
        for before, after in pairwise(heard)
    ]


def _others_speak(
    at: Doubles, who: str, speech: Mapping[str, Sequence[Span]]
) -> npt.NDArray[np.bool_]:
    busy = np.zeros(at.size, bool)
    for span in (s for other, own in speech.items() if other != who for s in own):
        busy |= (at >= span.start_s) & (at < span.end_s)
    return busy


def _against(spoken: Spoken, usual: Manner | None) -> TurnProsody:
    turn, pauses = spoken.turn, spoken.pauses
    length_s = (turn.end_s or 0.0) - (turn.start_s or 0.0)
    told: dict[str, float | int] = {
        "pauses": len(pauses),
        "pause_s": round(sum(p.length_s for p in pauses), 2),
    }
    if len(turn.words) >= 4 and length_s >= 1.0:
        told["words_per_minute"] = round(60 * len(turn.words) / length_s, 1)
        said = sum(syllables(word.text) for word in turn.words)
        told["syllables_per_minute"] = round(60 * said / length_s, 1)
    return relative(turn.index, spoken.voiced, usual).model_copy(update=told)
