"""Start-up, memory over a hundred calls, and recordings of one and four hours.

    python -m benchmarks.endurance [--only start calls hours] [--hours 1 4]

Each part runs in processes of its own, so that one's memory is not another's. Long recordings and
calls are put together from the sample calls, mixed to one channel. Memory is what the process
holds (resident); the peak is the most it ever held.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

PARTS = ("start", "calls", "hours")
CALLS, EARLY = 100, 20
CALL_S = 45.0
FIRST_S = 12.0  # of a recording whose first word is waited for


def _sounds() -> list[Any]:
    """Every sample call in one channel: float32 at 16 kHz."""
    from audio_samples import script
    from callqa.listen import audio

    loaded = [audio.load(script.audio_path(n, script.load(n))) for n in script.names()]
    return [sound.samples.mean(axis=0) for sound in loaded]


def _write(samples: Any, path: Path) -> Path:
    from callqa.listen import audio
    from callqa.listen.vad import RATE

    path.write_bytes(audio._wav(samples[None], RATE, 0.0, len(samples) / RATE, ()))
    return path


def _held_gb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e9


def start(path: Path) -> dict[str, float]:
    """Hear a short recording in a new process: seconds are counted by who started it."""
    from callqa import listen
    from callqa.settings import Settings

    heard = listen.hear(path, Settings())
    return {"words": sum(len(t.words) for t in heard.transcript.turns)}


def calls(folder: Path) -> dict[str, float]:
    """Hear calls one after another as a batch does; memory after the twentieth and the last."""
    from callqa import listen
    from callqa.ahead import ahead
    from callqa.settings import Settings

    paths = sorted(folder.glob("*.wav"))
    settings, held = Settings(), []
    begun = time.perf_counter()
    with ahead(paths, lambda p: listen.hear(p, settings)) as hear:
        for path in paths:
            hear(path)
            held.append(_held_gb())
    return {"early_gb": max(held[EARLY - 5 : EARLY]), "late_gb": max(held[-5:]),
            "seconds": time.perf_counter() - begun, "peak_gb": _peak_gb()}  # fmt: skip


def hours(path: Path) -> dict[str, float]:
    """Hear one long recording."""
    from callqa import listen
    from callqa.settings import Settings

    begun = time.perf_counter()
    heard = listen.hear(path, Settings())
    return {"seconds": time.perf_counter() - begun, "processor": time.process_time(),
            "peak_gb": _peak_gb(), "turns": len(heard.transcript.turns)}  # fmt: skip


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


WORK: dict[str, Callable[[Path], dict[str, float]]] = {
    "start": start, "calls": calls, "hours": hours,
}  # fmt: skip


def _apart(part: str, path: Path) -> tuple[dict[str, float], float]:
    """What a part says in a process of its own, and how long that process lived."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.endurance", "--apart", part, str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.strip().splitlines()[-1]), time.perf_counter() - begun


def main() -> None:
    given = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    given.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    given.add_argument("--hours", nargs="+", type=float, default=[1.0, 4.0])
    given.add_argument("--apart", nargs=2, metavar=("PART", "PATH"), help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.apart:
        print(json.dumps(WORK[asked.apart[0]](Path(asked.apart[1]))))
        return
    from callqa.listen.vad import RATE

    sounds = _sounds()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if "start" in asked.only:
            short = _write(sounds[0][: int(FIRST_S * RATE)], folder / "short.wav")
            said, took = _apart("start", short)
            print(f"start: {said['words']} words of {FIRST_S:.0f} s after {took:.1f} s; at most 15")
        if "calls" in asked.only:
            (folder / "calls").mkdir()
            for n, sound in enumerate(islice(cycle(sounds), CALLS)):
                _write(sound[: int(CALL_S * RATE)], folder / "calls" / f"{n:03}.wav")
            said, _ = _apart("calls", folder / "calls")
            grown = said["late_gb"] / said["early_gb"] - 1
            print(f"{CALLS} calls: {said['early_gb']:.2f} GB held at the {EARLY}th, "
                  f"{said['late_gb']:.2f} GB at the last ({grown:+.1%}; at most +5%), "
                  f"peak {said['peak_gb']:.2f} GB, {said['seconds']:.0f} s")  # fmt: skip
        for length in asked.hours if "hours" in asked.only else ():
            whole = np.concatenate(sounds)
            times = int(np.ceil(length * 3600 * RATE / len(whole)))
            path = _write(np.tile(whole, times)[: int(length * 3600 * RATE)], folder / "long.wav")
            said, _ = _apart("hours", path)
            print(f"{length:g} h: {length * 3600 / said['seconds']:.1f} × real time, "
                  f"{said['seconds'] / length:.0f} s an hour, {said['turns']:.0f} turns, "
                  f"peak {said['peak_gb']:.2f} GB; at most 3")  # fmt: skip


if __name__ == "__main__":
    main()
