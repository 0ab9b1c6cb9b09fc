"""Make the sample calls: ``python -m audio_samples.generate [--only NAME]``.

Reads ``scripts/NAME.toml``; writes the sound beside this file and ``timing/NAME.json``: when
each turn really starts and ends, as a reference for words, roles and diarization. Needs the
voices of the optional extra ``samples``; no network.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from audio_samples import line, script, voices
from audio_samples.voices import RATE_HZ, Samples

_LEVELS_DBFS = {"agent": -21.0, "second_agent": -22.0, "customer": -24.0}


@dataclass(frozen=True)
class Placed:
    """A turn with its sound (16 kHz) and the sample at which it starts."""

    turn: script.Turn
    sound: Samples
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.sound)


def place(call: script.Script) -> list[Placed]:
    """Speak every turn and lay it on the line of time."""
    speakers = voices.Speakers(call.seed)
    placed: list[Placed] = []
    for index, turn in enumerate(call.turn):
        sound = _sound(call, turn, speakers, index)
        before = max((p.end for p in placed), default=0)
        start = max(0, before + int(turn.pause_s * RATE_HZ))
        placed.append(Placed(turn, sound, start))
    return placed


def _sound(
    call: script.Script, turn: script.Turn, speakers: voices.Speakers, index: int
) -> Samples:
    if turn.role == "system":
        if turn.hold_music_s:
            return line.hold_music(turn.hold_music_s, call.seed + index)
        return np.zeros(int(turn.silence_s * RATE_HZ))
    spoken = speakers.say(turn.text, call.voices[turn.role], turn.style, turn.rate)
    level = call.levels_db.get(turn.role, _LEVELS_DBFS[turn.role])
    return line.at_level(spoken, level + voices.STYLES[turn.style].level_db)


def mix(call: script.Script, placed: list[Placed]) -> Samples:
    """The recording of a call; shape (channels, n) at 8 kHz. Hold music comes from the agent."""
    length = max(p.end for p in placed) + int(call.ends_s * RATE_HZ)
    agent, customer = np.zeros(length), np.zeros(length)
    for p in placed:
        side = customer if p.turn.role == "customer" else agent
        side[p.start : p.end] += p.sound
    return line.record(
        line.telephone(agent, call.seed), line.telephone(customer, call.seed + 1), call.layout
    )


def timing(name: str, placed: list[Placed], duration_s: float) -> dict[str, Any]:
    """When each turn starts and ends, in seconds from the start of the recording."""
    return {
        "name": name,
        "duration_s": round(duration_s, 3),
        "turns": [
            {
                "index": index,
                "role": p.turn.role,
                "kind": p.turn.kind,
                "start_s": round(p.start / RATE_HZ, 3),
                "end_s": round(p.end / RATE_HZ, 3),
                "text": p.turn.text,
            }
            for index, p in enumerate(placed)
        ],
    }


def make(name: str) -> float:
    """Write the sound and the timing of one call; its length in seconds."""
    call = script.load(name)
    placed = place(call)
    sound = mix(call, placed)
    duration_s: float = sound.shape[1] / line.LINE_HZ
    line.write(script.audio_path(name, call), sound, call.bit_rate)
    script.TIMING.mkdir(exist_ok=True)
    reference = json.dumps(timing(name, placed, duration_s), indent=1, ensure_ascii=False)
    (script.TIMING / f"{name}.json").write_text(reference + "\n", encoding="utf-8")
    return duration_s


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample calls from their scripts.")
    parser.add_argument("--only", metavar="NAME", action="append", choices=script.names())
    for name in parser.parse_args().only or script.names():
        print(f"{name}: {make(name):.1f} s", flush=True)


if __name__ == "__main__":
    main()
