"""Listen to the sample calls by machine: ``python -m audio_samples.check MODEL [--only NAME]``.

``MODEL`` is a folder with a Whisper model for CTranslate2. Prints the word error rate of each
side against its script, and one a voice over all calls in which it has a side to itself.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio_samples import script

_HEARING_HZ = 16_000
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "8th": "eighth", "9th": "ninth",
             "12th": "twelfth", "31st": "thirty first"}  # fmt: skip
_SAME = {"mr": "mister", "mrs": "missus", "ms": "miz", "dr": "doctor", "ok": "okay",
         "email": "e mail", "emailing": "e mailing", "alright": "all right",
         "apologise": "apologize", "bye": "bye"}  # fmt: skip


def spoken(number: str) -> str:
    """A whole number as it is usually said; long ones digit by digit.

    >>> spoken("94"), spoken("1988"), spoken("47215")
    ('ninety four', 'nineteen eighty eight', 'four seven two one five')
    """
    n = int(number)
    if re.fullmatch(r"(19|20)[1-9]\d", number):
        return f"{spoken(number[:2])} {spoken(number[2:])}"
    if len(number) > 3 or number.startswith("0"):
        return " ".join(_UNITS[int(digit)] for digit in number)
    if n < 20:
        return _UNITS[n]
    if n < 100:
        return _TENS[n // 10] + (f" {_UNITS[n % 10]}" if n % 10 else "")
    return f"{_UNITS[n // 100]} hundred" + (f" {spoken(str(n % 100))}" if n % 100 else "")


def plain(text: str) -> str:
    """Text as bare lower-case words, numbers spelled out, so that only hearing is compared."""
    lower = text.lower().replace("’", "'")
    lower = re.sub(r"\$([\d,]+)", r"\1 dollars", lower)
    lower = re.sub(r"£([\d,]+)", r"\1 pounds", lower)
    lower = re.sub(r"\d+(?:st|nd|rd|th)", lambda m: _ORDINALS.get(m[0], m[0]), lower)
    words = re.sub(r"\d+", lambda m: f" {spoken(m.group())} ", re.sub(r"(?<=\d),(?=\d)", "", lower))
    bare = re.findall(r"[a-z]+(?:'[a-z]+)*", words)
    return " ".join(_SAME.get(word, word) for word in bare)


def sides(call: script.Script) -> Iterator[tuple[str, int | None, str]]:
    """(voice, channel, what is said there); one mixed side where the voices share a channel."""
    if call.layout in ("mono", "dual_mono"):
        yield "mixed", 0, " ".join(t.text for t in call.turn)
        return
    first, second = (1, 0) if call.layout == "stereo_swapped" else (0, 1)
    for role, channel in (("agent", first), ("customer", second)):
        on_it = ("agent", "second_agent") if role == "agent" else ("customer",)
        voices = sorted({call.voices[r] for r in on_it if r in call.voices})
        yield "+".join(voices), channel, " ".join(t.text for t in call.turn if t.role in on_it)


def decode(path: Path) -> NDArray[np.float32]:
    """A recording at 16 kHz, shape (channels, n)."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout=stream.layout, rate=_HEARING_HZ)
        parts = [
            out.to_ndarray()
            for frame in [*container.decode(stream), None]
            for out in resampler.resample(frame)
        ]
    return np.concatenate(parts, axis=1)


def listen(model: Any, sound: NDArray[np.float32]) -> str:
    segments, _ = model.transcribe(
        sound, language="en", vad_filter=True, condition_on_previous_text=False
    )
    return " ".join(segment.text for segment in segments)


def main() -> None:
    import jiwer
    from faster_whisper import WhisperModel

    parser = argparse.ArgumentParser(description="Word error rates of the sample calls.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--only", metavar="NAME", action="append", choices=script.names())
    parser.add_argument("--show", action="store_true", help="print both texts, aligned")
    given = parser.parse_args()
    model = WhisperModel(str(given.model), device="cpu", compute_type="int8", cpu_threads=2)
    by_voice: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for name in given.only or script.names():
        call = script.load(name)
        sound = decode(script.audio_path(name, call))
        for voice, channel, said in sides(call):
            reference, heard = plain(said), plain(listen(model, sound[channel]))
            by_voice[voice][0].append(reference)
            by_voice[voice][1].append(heard)
            print(f"{name:24} {voice:18} {jiwer.wer(reference, heard):6.1%}", flush=True)
            if given.show:
                print(jiwer.visualize_alignment(jiwer.process_words(reference, heard)))
    for voice, (references, heards) in sorted(by_voice.items()):
        print(f"{'all':24} {voice:18} {jiwer.wer(references, heards):6.1%}")


if __name__ == "__main__":
    main()
