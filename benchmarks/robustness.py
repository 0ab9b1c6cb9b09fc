"""How many labels survive recognition: found in what Whisper hears, beside what the script says.

    python -m benchmarks.robustness [--cache FOLDER] [--only NAME] [--condition WHICH]

Each sample call is listened to with base weights, with tiny, and with base after white noise at
15 dB below the speech and µ-law; then the same detectors read what was heard and the script. A
label counts once a call and side (“labels”), and as often as it is found (“occurrences”). What
comes of sound alone (emotion, interruption, silence) is left out on both sides, because a script
has no times. A call that is heard to be no conversation (a voicemail) is shown, and stays out of
the total, as it stays out of averages everywhere. What was heard is kept in ``--cache``, so that
changed detectors need no listening.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from audio_samples import line, script
from benchmarks.understanding.samples import OF_SOUND, found_in
from callqa.errors import WeightsError
from callqa.listen import audio
from callqa.listen.vad import RATE
from callqa.pipeline import Tools, hear, load_tools, understand
from callqa.records import Detection, Heard, Metadata
from callqa.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SNR_DB = 15.0
# (weights, noisy, least share of labels kept)
CONDITIONS = {
    "base": ("base", False, 0.95),
    "tiny": ("tiny.en", False, 0.90),
    "noisy": ("base", True, 0.85),
}
Found = Counter[tuple[str, str]]  # (side, label)


def tools(weights: str) -> Tools:
    """Callqa with the checkout's rules and one recogniser."""
    settings = Settings(
        whisper=weights, lexicons=ROOT / "lexicons", criteria=ROOT / "criteria", profile=None
    )
    return load_tools(settings)


def heard(name: str, using: Tools, cache: Path, *, noisy: bool) -> Heard:
    """What is heard in a sample call, from the cache where it was listened to before."""
    kept = cache / f"{using.settings.whisper}{'-noisy' * noisy}" / f"{name}.json"
    if kept.is_file():
        return Heard.model_validate_json(kept.read_text(encoding="utf-8"))
    recording = script.audio_path(name, script.load(name))
    with tempfile.TemporaryDirectory() as folder:
        if noisy:
            recording = spoilt(recording, Path(folder) / f"{name}.wav")
        listened = hear(recording, using)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(listened.model_dump_json(), encoding="utf-8")
    return listened


def spoilt(recording: Path, to: Path) -> Path:
    """The recording with white noise ``SNR_DB`` below each side's speech, as 8 kHz µ-law."""
    import soxr

    sound = audio.load(recording)
    draw = np.random.default_rng(1)
    sides = []
    for side in sound.samples.astype(np.float64):
        frames = side[: len(side) // 320 * 320].reshape(-1, 320)  # 20 ms
        power = (frames**2).mean(axis=1)
        speech = power[power > power.max() * 1e-3].mean()
        noise = draw.standard_normal(len(side)) * np.sqrt(speech / 10 ** (SNR_DB / 10))
        sides.append(soxr.resample(side + noise, RATE, line.LINE_HZ))
    line.write(to, np.stack(sides).clip(-1, 1), bit_rate=0)
    return to


def tally(detections: Sequence[Detection]) -> Found:
    """How often each label is found on each side."""
    return Counter(
        ("customer" if d.role == "customer" else "agent", d.label)
        for d in detections
        if not d.label.startswith(OF_SOUND)
    )


def compare(condition: str, names: Sequence[str], cache: Path) -> None:
    """Print what one condition keeps, call by call and in all."""
    weights, noisy, target = CONDITIONS[condition]
    using = tools(weights)
    total = np.zeros(5, dtype=int)
    lost: list[str] = []
    print(f"\n{condition}: weights {weights}{', noise and µ-law' * noisy}")
    print(f"{'call':26} {'labels kept':>16} {'occurrences kept':>18} {'added':>6}")
    for name in names:
        said = tally(found_in(using.engine, name))
        listened = heard(name, using, cache, noisy=noisy)
        found = tally(understand(name, listened, Metadata(), using).detections)
        kept = said.keys() & found.keys()
        counts = np.array([len(kept), len(said), (said & found).total(), said.total(),
                           len(found.keys() - said.keys())])  # fmt: skip
        whole = listened.kind == "conversation"
        total += counts * whole
        print(_line(name, counts) + f"  {listened.kind}, not in the total" * (not whole))
        lost += [f"{name}\t{side}\t{label}" for side, label in sorted(said.keys() - kept)]
    share = total[0] / max(1, total[1])
    print(f"{_line('all', total)}  target {target:.2f} {'✓' if share >= target else '✗'}")
    print("lost:", *lost, sep="\n  ")


def _line(name: str, counts: np.ndarray) -> str:
    kept, labels, often, occurrences, added = (int(x) for x in counts)
    return (
        f"{name:26} {kept:3} of {labels:3} {kept / max(1, labels):6.1%} "
        f"{often:5} of {occurrences:4} {often / max(1, occurrences):6.1%} {added:6}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cache", type=Path, help="where to keep what was heard")
    parser.add_argument("--only", action="append", choices=script.names(), help="only this call")
    parser.add_argument("--condition", action="append", choices=CONDITIONS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for condition in options.condition or CONDITIONS:
            try:
                compare(condition, options.only or script.names(), options.cache or Path(folder))
            except WeightsError as error:
                print(f"\n{condition}: left out. {error}")


if __name__ == "__main__":
    main()
