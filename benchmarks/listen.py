"""Accuracy and speed of listening on real recordings, beside its floor and its peer.

    python benchmarks/listen.py [--data FOLDER] [--peer]

Floor: plain faster-whisper, batched, with the same weights in the same run. Peer (``--peer``,
minutes long): pyannote's own ``SpeakerDiarization`` with its default step and the same networks.
Models are loaded and warm before anything is timed. DER: collar 0.5 s in all, overlap scored.
"""

from __future__ import annotations

import argparse
import os
import re
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from callqa import listen
from callqa.listen import audio, diarize, transcribe, voices
from callqa.listen.vad import RATE, spans
from callqa.listen.weights import find, find_whisper
from callqa.records import Heard, Span
from callqa.settings import Settings

warnings.simplefilter("ignore")
T = TypeVar("T")
THREADS = 2


def timed(function: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return function(), time.perf_counter() - start


# ---------------------------------------------------------------- references


def annotation(found: Mapping[str, Sequence[Span]]) -> Any:
    from pyannote.core import Annotation, Segment

    made = Annotation()
    for who, own in found.items():
        for i, span in enumerate(own):
            made[Segment(span.start_s, span.end_s), f"{who}{i}"] = who
    return made


def der(reference: Any, found: Any, length_s: float) -> float:
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    whole = Timeline([Segment(0, length_s)])
    return float(DiarizationErrorRate(collar=0.5)(reference, found, uem=whole))


def plain_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def read_srt(path: Path) -> list[tuple[str, str]]:
    """(role, word) of an SRT whose lines begin with [CSR] or [Customer]."""
    said = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        text = " ".join(block.splitlines()[2:])
        name, words = re.match(r"\[(\w+)\](.*)", text, re.S).groups()  # type: ignore[union-attr]
        said += [("agent" if name == "CSR" else "customer", w) for w in plain_words(words)]
    return said


def word_scores(reference: list[tuple[str, str]], heard: Heard) -> tuple[float, float]:
    """Word error rate, and the share of rightly heard words that have the right role."""
    import jiwer

    roles = {p.id: p.role for p in heard.participants}
    found = [(roles[t.participant], w) for t in heard.transcript.turns for w in plain_words(t.text)]
    out = jiwer.process_words(" ".join(w for _, w in reference), " ".join(w for _, w in found))
    same = right = 0
    for chunk in out.alignments[0]:
        if chunk.type == "equal":
            for i in range(chunk.ref_end_idx - chunk.ref_start_idx):
                same += 1
                right += reference[chunk.ref_start_idx + i][0] == found[chunk.hyp_start_idx + i][0]
    return out.wer, right / max(1, same)


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


# ---------------------------------------------------------------- the table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=os.environ.get("CALLQA_SHARED_DATA", default))
    parser.add_argument("--peer", action="store_true", help="pyannote's own pipeline too")
    given = parser.parse_args()
    settings = Settings(threads=THREADS)
    rows = [*_calls(Path(given.data), settings), *_voices(Path(given.data), given.peer)]
    _print(rows)


def _calls(data: Path, settings: Settings) -> list[tuple[str, str, float, float, str]]:
    repairs, callytics = data / "calls/auto_repairs_40.flac", data / "calls/callytics_01.flac"
    plain = transcribe._model(find_whisper(settings), settings.compute_type, settings.threads)
    listen.hear(callytics, settings)  # warm
    rows = []

    def whisper(samples: Any) -> str:
        segments, _ = plain.transcribe(samples, language="en", word_timestamps=True, batch_size=8)
        return " ".join(s.text for s in segments)

    for path in (repairs, callytics):
        sound = audio.load(path)
        text, took = timed(lambda s=sound: [whisper(channel) for channel in s.samples])
        note = ""
        if path == callytics:
            import jiwer

            said = " ".join(w for _, w in read_srt(path.with_suffix(".srt")))
            note = f"WER {jiwer.wer(said, ' '.join(plain_words(text[0]))):.1%}"
        rows.append((path.stem, "floor: faster-whisper batched", sound.duration_s, took, note))
        heard, took = timed(lambda p=path: listen.hear(p, settings))
        roles = ", ".join(f"{p.id} {p.role}" for p in heard.participants)
        if path == callytics:
            wer, right = word_scores(read_srt(path.with_suffix(".srt")), heard)
            roles = f"WER {wer:.1%}, roles of words {right:.1%}"
        rows.append((path.stem, "callqa, all of listening", sound.duration_s, took, roles))
    return rows


def _voices(data: Path, with_peer: bool) -> list[tuple[str, str, float, float, str]]:
    from pyannote.database.util import load_rttm

    sound = audio.load(data / "calls/auto_repairs_40.flac")
    sides = {str(i): spans(p) for i, p in enumerate(sound.speech)}
    cases = [("auto_repairs_40, mixed", sound.samples.mean(axis=0), annotation(sides))]
    rttm = load_rttm(data / "diarization/debug.development.rttm")
    for name in ("dev00", "dev01"):
        samples = audio.load(data / f"diarization/{name}.flac").samples[0]
        cases.append((name, samples, rttm[name]))
    other = peer() if with_peer else None
    rows = []
    for name, samples, reference in cases:
        length = samples.shape[0] / RATE
        found, took = timed(lambda s=samples: diarize.diarize(s))
        score = f"DER {der(reference, annotation(found), length):.1%}, {len(found)} voices"
        rows.append((name, "callqa, voices", length, took, score))
        if other is not None:
            count = len(reference.labels())
            theirs, took = timed(lambda s=samples, c=count: other(s, c))
            score = f"DER {der(reference, theirs, length):.1%}, told {count} voices"
            rows.append((name, "peer: pyannote SpeakerDiarization", length, took, score))
    return rows


def _print(rows: Sequence[tuple[str, str, float, float, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Listening, models loaded, {THREADS} threads")
    for name in ("recording", "what", "length", "took", "× real time", "accuracy"):
        table.add_column(name, justify="right" if name in ("length", "took") else "left")
    for recording, what, length, took, note in rows:
        table.add_row(
            recording, what, f"{length:.0f} s", f"{took:.1f} s", f"{length / took:.1f}", note
        )
    Console().print(table)


if __name__ == "__main__":
    main()
