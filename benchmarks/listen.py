"""Accuracy, speed and memory of listening, beside its floor and its peer, as one table.

    python -m benchmarks.listen [--data FOLDER] [--peer]

Recordings: the real ones below ``--data`` and the sample calls with their scripts. Floor: plain
faster-whisper, batched, with the same weights, on the same files in the same run, told that they
are English. Peer (``--peer``, minutes long): pyannote's own ``SpeakerDiarization`` with its
default step and the same networks, told how many voices there are. Models are loaded and warm
before anything is timed; beside seconds by the clock stand seconds of processor, which other work
on the machine disturbs less. DER: collar 0.5 s in all, overlap scored; in the samples somebody
speaks where the speech of their side lies within their scripted turns. WER: lower case; letters,
digits and apostrophes; numbers as they were written, on both sides alike.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from audio_samples import script
from benchmarks import emotion
from callqa import listen
from callqa.ahead import ahead
from callqa.listen import audio, diarize, voices
from callqa.listen.audio import Sound
from callqa.listen.vad import RATE, speech_probability
from callqa.records import Heard, Span
from callqa.settings import Settings
from callqa.weights import find, find_whisper

warnings.simplefilter("ignore")
THREADS = 2
SETTINGS = Settings(threads=THREADS)
SAMPLES = Path(__file__).resolve().parents[1] / "audio_samples"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    callqa: str
    beside: str = ""
    target: str = ""


@dataclass(frozen=True)
class Said:
    """A stretch that somebody is known to have said."""

    role: str
    span: Span
    words: tuple[str, ...]


@dataclass
class Cost:
    """Seconds by the clock and of processor."""

    clock: float = 0.0
    processor: float = 0.0
    sound: float = 0.0

    def add(self, length_s: float, work: Callable[[], Any]) -> Any:
        """Do the work on so much sound, and note what it cost."""
        clock, processor = time.perf_counter(), time.process_time()
        done = work()
        self.clock += time.perf_counter() - clock
        self.processor += time.process_time() - processor
        self.sound += length_s
        return done

    def __str__(self) -> str:
        per_hour = 3600 * self.processor / max(1e-9, self.sound)
        return f"{self.sound / self.clock:.1f} ×, {per_hour:.0f} s of processor an hour"


# ---------------------------------------------------------------- references


def plain_words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))


def read_srt(path: Path) -> list[Said]:
    """An SRT whose lines begin with [CSR] or [Customer]."""
    said = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        lines = block.splitlines()
        start, end = (
            sum(60**i * float(x) for i, x in enumerate(reversed(t.replace(",", ".").split(":"))))
            for t in lines[1].split(" --> ")
        )
        name, words = re.match(r"\[(\w+)\](.*)", " ".join(lines[2:]), re.S).groups()  # type: ignore[union-attr]
        role = "agent" if name == "CSR" else "customer"
        said.append(Said(role, Span(start_s=start, end_s=end), plain_words(words)))
    return said


def scripted(name: str) -> list[Said]:
    """What a sample call's script has people say, when."""
    import json

    turns = json.loads((SAMPLES / "timing" / f"{name}.json").read_text("utf-8"))["turns"]
    return [
        Said(t["role"], Span(start_s=t["start_s"], end_s=t["end_s"]), plain_words(t["text"]))
        for t in turns
        if t["kind"] == "speech"
    ]


def by_side(sound: Sound) -> dict[str, list[Span]]:
    """Speech of each side by faster-whisper's Silero, pauses from 300 ms, padded 60 ms."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    rule = VadOptions(min_silence_duration_ms=300, speech_pad_ms=60)
    return {
        str(i): [
            Span(start_s=s["start"] / RATE, end_s=s["end"] / RATE)
            for s in get_speech_timestamps(side, rule)
        ]
        for i, side in enumerate(sound.samples)
    }


def sounding(
    said: Sequence[Said], sides: Mapping[str, Sequence[Span]], customer: str
) -> dict[str, list[Span]]:
    """Speech of each role: that of its side, as far as it lies within the role's turns.

    A scripted turn holds pauses, in which nobody speaks; a side holds music and two agents.
    """
    agents = next(side for side in sides if side != customer)
    found: dict[str, list[Span]] = {s.role: [] for s in said}
    for turn in said:
        for span in sides[customer if turn.role == "customer" else agents]:
            start_s = max(span.start_s, turn.span.start_s)
            end_s = min(span.end_s, turn.span.end_s)
            if start_s < end_s:
                found[turn.role].append(Span(start_s=start_s, end_s=end_s))
    return found


def by_role(said: Sequence[Said]) -> dict[str, list[Span]]:
    return {role: [s.span for s in said if s.role == role] for role in {s.role for s in said}}


def annotation(found: Mapping[str, Sequence[Span]]) -> Any:
    from pyannote.core import Annotation, Segment

    made = Annotation()
    for who, own in found.items():
        for i, span in enumerate(own):
            made[Segment(span.start_s, span.end_s), f"{who}{i}"] = who
    return made


def metric() -> Any:
    from pyannote.metrics.diarization import DiarizationErrorRate

    return DiarizationErrorRate(collar=0.5)


def whole(length_s: float) -> Any:
    from pyannote.core import Segment, Timeline

    return Timeline([Segment(0, length_s)])


# ---------------------------------------------------------------- peer


def peer() -> Callable[[Any, int], Any]:
    """pyannote's pipeline on the same networks, agglomerative clustering, step 0.1."""
    import numpy as np
    import torch
    from pyannote.audio import Model
    from pyannote.audio.core.plda import PLDA
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.pipelines import SpeakerDiarization

    class Voice(Model):
        """CAM++ as pyannote wants an embedding."""

        def __init__(self) -> None:
            super().__init__(sample_rate=RATE, num_channels=1)
            self.specifications = Specifications(
                problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=10.0
            )
            self.network = voices._network()

        @property
        def dimension(self) -> int:
            return 192

        def forward(self, waveforms: Any, weights: Any = None) -> Any:
            out = []
            for i, wave in enumerate(waveforms[:, 0].numpy()):
                mel = voices.features(wave)
                if weights is not None:
                    w = weights[i].numpy()
                    kept = mel[w[np.arange(len(mel)) * len(w) // len(mel)] > 0.5]
                    mel = kept if len(kept) >= 20 else mel
                out.append(torch.from_numpy(voices.embed([mel])[0]))
            return torch.stack(out)

    class NoPLDA(PLDA):
        def __init__(self) -> None:
            pass

    pipeline = SpeakerDiarization(
        segmentation=Model.from_pretrained(str(find("segmentation-3.0").path)),
        embedding=Voice().eval(),
        plda=NoPLDA(),
        clustering="AgglomerativeClustering",
        segmentation_batch_size=16,
        embedding_batch_size=16,
    )
    pipeline.instantiate(
        {
            "segmentation": {"min_duration_off": 0.0},
            "clustering": {"method": "centroid", "min_cluster_size": 12, "threshold": 0.7},
        }
    )

    def run(samples: Any, speakers: int) -> Any:
        file = {"waveform": torch.from_numpy(samples)[None], "sample_rate": RATE}
        return pipeline(file, num_speakers=speakers).speaker_diarization

    return run


# ---------------------------------------------------------------- words


@dataclass
class Errors:
    """Words that are wrong, missing or too many, out of the words that were said."""

    wrong: int = 0
    said: int = 0

    def add(self, reference: Sequence[str], heard: Sequence[str]) -> None:
        """Count one more text."""
        import jiwer

        self.said += len(reference)
        if not reference or not heard:
            self.wrong += len(reference) + len(heard)
            return
        out = jiwer.process_words(" ".join(reference), " ".join(heard))
        self.wrong += out.substitutions + out.deletions + out.insertions

    @property
    def rate(self) -> float:
        """Word error rate."""
        return self.wrong / max(1, self.said)


def texts(said: Sequence[Said], heard: Sequence[tuple[str, ...]]) -> list[tuple[Any, Any]]:
    """(said, heard) by channel: all of one channel, or of two whichever way round fits."""
    every = [w for s in said for w in s.words]
    if len(heard) == 1:
        return [(every, heard[0])]
    customer = [w for s in said if s.role == "customer" for w in s.words]
    others = [w for s in said if s.role != "customer" for w in s.words]
    ways = ([(others, heard[0]), (customer, heard[1])], [(others, heard[1]), (customer, heard[0])])

    def wrong(way: list[tuple[Any, Any]]) -> int:
        errors = Errors()
        for pair in way:
            errors.add(*pair)
        return errors.wrong

    return min(ways, key=wrong)


def heard_by_channel(heard: Heard, channels: int) -> list[tuple[str, ...]]:
    """The words of each side, or of the one channel, in order of time."""
    side = {p.id: p.channel or 0 for p in heard.participants}
    found: list[list[tuple[float, str]]] = [[] for _ in range(channels)]
    for turn in heard.transcript.turns:
        at = side.get(turn.participant, 0) if channels > 1 else 0
        found[at] += [(w.start_s or 0.0, w.text) for w in turn.words]
    return [plain_words(" ".join(text for _, text in sorted(own))) for own in found]


def words_and_cost(data: Path) -> Iterator[Row]:
    """WER and cost of whole listening over all calls, with the floor on the same channels."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    pipeline = BatchedInferencePipeline(
        WhisperModel(str(find_whisper(SETTINGS).path), compute_type="int8", cpu_threads=THREADS)
    )
    calls = [(script.audio_path(n, script.load(n)), scripted(n)) for n in script.names()]
    calls.append((data / "calls/callytics_01.flac", read_srt(data / "calls/callytics_01.srt")))
    calls.append((data / "calls/auto_repairs_40.flac", []))
    ours, plain = Errors(), Errors()
    cost: dict[bool, tuple[Cost, Cost]] = {True: (Cost(), Cost()), False: (Cost(), Cost())}
    right = timed_roles = 0
    listen.hear(calls[0][0], SETTINGS)  # warm
    heard: dict[Path, Heard] = {}
    sounds = {path: audio.load(path) for path, _ in calls}
    for stereo, (own, _) in cost.items():
        paths = [p for p, _ in calls if (sounds[p].recording.layout == "stereo") == stereo]
        with ahead(paths, lambda p: listen.hear(p, SETTINGS)) as hear:  # as a batch does
            for path in paths:
                heard[path] = own.add(sounds[path].duration_s, lambda p=path: hear(p))
    for path, said in calls:
        sound = sounds[path]
        stereo = sound.recording.layout == "stereo"
        channels = sound.samples if stereo else sound.samples[[sound.listened_channel]]
        floor = cost[stereo][1]
        words = floor.add(sound.duration_s, lambda c=channels: _plain(pipeline, c))
        if said:
            for pair in texts(said, heard_by_channel(heard[path], len(channels))):
                ours.add(*pair)
            for pair in texts(said, words):
                plain.add(*pair)
            good, count = roles_of(said, heard[path])
            right, timed_roles = right + good, timed_roles + count
    yield Row(
        f"words: WER pooled over {ours.said} words",
        f"{ours.rate:.2%}",
        f"plain faster-whisper {plain.rate:.2%}",
        "at most 0.5 points above",
    )
    share = right / max(1, timed_roles)
    yield Row("roles: scripted turns heard from the right role", f"{share:.1%}")
    for stereo, target in ((True, "12 ×"), (False, "8.5 ×")):
        own, floor = cost[stereo]
        what = f"cost, {'stereo' if stereo else 'one channel'}, {own.sound / 60:.0f} min of calls"
        yield Row(what, str(own), f"floor {floor}", target)


def _plain(pipeline: Any, channels: Any) -> list[tuple[str, ...]]:
    out = []
    for channel in channels:
        segments, _ = pipeline.transcribe(
            channel, language="en", word_timestamps=True, batch_size=8
        )
        out.append(plain_words(" ".join(s.text for s in segments)))
    return out


def roles_of(said: Sequence[Said], heard: Heard) -> tuple[int, int]:
    """Stretches of agent and customer whose middle is heard from that role, and how many."""
    role = {p.id: p.role for p in heard.participants}
    known = [s for s in said if s.role in ("agent", "customer")]
    right = 0
    for s in known:
        middle = (s.span.start_s + s.span.end_s) / 2
        right += any(
            role[t.participant] == s.role
            for t in heard.transcript.turns
            if (t.start_s or 0) <= middle <= (t.end_s or 0)
        )
    return right, len(known)


# ---------------------------------------------------------------- voices


def voices_rows(data: Path, with_peer: bool) -> Iterator[Row]:
    """DER of one channel, ours and the peer's."""
    from pyannote.database.util import load_rttm

    repairs = audio.load(data / "calls/auto_repairs_40.flac")
    cases = [("auto_repairs_40, mixed", repairs.samples.mean(axis=0), by_side(repairs))]
    rttm = load_rttm(data / "diarization/debug.development.rttm")
    for name in ("dev00", "dev01"):
        reference = {
            who: [Span(start_s=s.start, end_s=s.end) for s in rttm[name].label_timeline(who)]
            for who in rttm[name].labels()
        }
        cases.append((name, audio.load(data / f"diarization/{name}.flac").samples[0], reference))
    callytics = audio.load(data / "calls/callytics_01.flac").samples[0]
    said = read_srt(data / "calls/callytics_01.srt")
    cases.append(("callytics_01", callytics, by_role(said)))
    other = peer() if with_peer else None
    _found(repairs.samples[0][: 30 * RATE])  # warm
    for name, samples, reference in cases:
        target = "8%, 25 ×" if name.startswith("auto") else "at most 1 point above the peer"
        yield _voices(name, [(samples, reference)], other, target)
    yield _voices("mono mixes of the stereo samples", list(mixes()), None, "8%")


def _found(samples: Any) -> dict[str, list[Span]]:
    return diarize.diarize(samples, speech_probability(samples))


def mixes() -> Iterator[tuple[Any, dict[str, list[Span]]]]:
    """Each stereo sample in one channel, and who speaks when."""
    for name in script.names():
        call = script.load(name)
        sound = audio.load(script.audio_path(name, call))
        if sound.recording.layout == "stereo":
            customer = "0" if call.layout == "stereo_swapped" else "1"
            yield sound.samples.mean(axis=0), sounding(scripted(name), by_side(sound), customer)


def _voices(what: str, cases: Sequence[Any], other: Any, target: str) -> Row:
    own, cost, theirs, their_cost = metric(), Cost(), metric(), Cost()
    for samples, reference in cases:
        length = samples.shape[0] / RATE
        found = cost.add(length, lambda s=samples: _found(s))
        own(annotation(reference), annotation(found), uem=whole(length))
        if other is not None:
            count = len(reference)
            made = their_cost.add(length, lambda s=samples, c=count: other(s, c))
            theirs(annotation(reference), made, uem=whole(length))
    beside = f"peer {abs(theirs):.1%}, {their_cost}" if other is not None else ""
    return Row(f"voices: {what}, DER", f"{abs(own):.1%}, {cost}", beside, target)


def same_speaker(data: Path) -> Row:
    """Words of the mono run whose role is that of the side that says them in the stereo run."""
    import tempfile

    path = data / "calls/auto_repairs_40.flac"
    sound = audio.load(path)
    mixed = Sound(sound.samples.mean(axis=0)[None], sound.speech[:1], RATE, sound.recording)
    with tempfile.TemporaryDirectory() as folder:
        mono = Path(folder) / "mono.wav"
        mono.write_bytes(audio.clip(mixed, 0.0, sound.duration_s))
        one, two = listen.hear(mono, SETTINGS), listen.hear(path, SETTINGS)

    def words(heard: Heard) -> list[tuple[float, str, str]]:
        role = {p.id: p.role for p in heard.participants}
        return sorted(
            (w.start_s or 0.0, " ".join(plain_words(w.text)), role[t.participant])
            for t in heard.transcript.turns
            for w in t.words
        )

    apart, same, count = words(two), 0, 0
    for at, text, role in words(one):
        near = [r for s, other, r in apart if other == text and abs(s - at) < 0.6]
        if near:
            count += 1
            same += role in near
    return Row(
        "roles: words from the same speaker in one channel as in two",
        f"{same / max(1, count):.1%} of {count}",
        target="97%",
    )


# ---------------------------------------------------------------- the rest


def emotion_rows(data: Path) -> Iterator[Row]:
    """Signs on acted sentences of actors 7–12."""
    cost = Cost()
    clips = cost.add(0.0, lambda: emotion.read_clips(data / "ravdess", range(7, 13)))
    found = emotion.figures(clips)
    flat = emotion.figures(emotion.read_clips(data / "ravdess", range(7, 13), one_level=True))
    yield Row(
        "signs: aroused against neutral and calm, AUC", f"{found.aroused_auc:.3f}", "", "0.97"
    )
    yield Row("signs: angry alone, AUC", f"{found.angry_auc:.3f}", "", "0.985")
    yield Row("signs: every clip at one level, AUC", f"{flat.aroused_auc:.3f}", "", "0.94")
    yield Row("signs: calm and neutral flagged", f"{found.calm_flagged:.1%}", "", "5% at most")
    yield Row("signs: strongly angry flagged", f"{found.strong_angry_flagged:.1%}", "", "80%")
    yield Row("signs: abstentions", f"{found.abstained:.1%}", "", "10% at most")


@cache
def no_voices() -> dict[str, Any]:
    """A minute of each sound that is no voice, by name; float32 [n]."""
    at = np.arange(60 * RATE) / RATE
    rng = np.random.default_rng(1)
    ring = (np.sin(2 * np.pi * 400 * at) + np.sin(2 * np.pi * 450 * at)) * (at % 3.0 < 1.0) / 4
    keys = [(697, 1209), (770, 1336), (852, 1477), (941, 1336)]
    low, high = (np.array([k[i] for k in keys])[(at * 4).astype(int) % 4] for i in (0, 1))
    pressed = (
        (np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * high * at)) * (at * 4 % 1 < 0.5) / 4
    )
    chords = np.array([(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)])
    of = chords[(at * 2).astype(int) % 4]
    music = sum(
        np.sin(2 * np.pi * of[:, i] * n * at) / n for i in range(3) for n in (1, 2, 3)
    ) * np.exp(-3 * (at % 0.5)) * 0.12  # fmt: skip
    made = {
        "silence": np.zeros(at.size),
        "white noise": rng.normal(0, 0.05, at.size),
        "tone": 0.3 * np.sin(2 * np.pi * 440 * at),
        "ring tone": ring,
        "keys": pressed,
        "music": music,
    }
    return {name: np.asarray(sound, np.float32) for name, sound in made.items()}


def no_words(_data: Path) -> Row:
    """Words heard in a minute of each sound that is no voice."""
    import tempfile

    words = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, sound in no_voices().items():
            path = Path(folder) / "sound.wav"
            path.write_bytes(audio._wav(sound[None], RATE, 0.0, 60.0, ()))
            heard = listen.hear(path, SETTINGS)
            words[name] = sum(len(t.words) for t in heard.transcript.turns)
    listed = ", ".join(f"{name} {count}" for name, count in words.items())
    return Row("no voice: words in a minute of each", str(sum(words.values())), listed, "0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=os.environ.get("CALLQA_SHARED_DATA", default))
    parser.add_argument("--peer", action="store_true", help="pyannote's own pipeline too")
    given = parser.parse_args()
    data = Path(given.data)
    parts = (
        voices_rows(data, given.peer),
        emotion_rows(data),
        words_and_cost(data),
        (make(data) for make in (same_speaker, no_words)),
    )
    rows = []
    for row in chain.from_iterable(parts):
        print(f"{row.what}: {row.callqa}", file=sys.stderr, flush=True)  # minutes lie between
        rows.append(row)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    rows.append(Row("memory: most that was held, models of all of these", f"{peak:.1f} GB"))
    _print(rows)


def _print(rows: Sequence[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    load = os.getloadavg()[0]
    title = f"Listening, models loaded, {THREADS} threads, {os.cpu_count()} cores, load {load:.1f}"
    table = Table(title=title)
    for name in ("what", "callqa", "beside it", "target"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(row.what, row.callqa, row.beside, row.target)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
