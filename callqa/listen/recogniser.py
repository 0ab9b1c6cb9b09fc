"""The Whisper model: packs of sound in, segments with word times out, over all cores.

Two threads on one batch wait for each other at every layer; one thread a batch, and as many
batches at once as there are threads, takes less. A step of decoding costs about the same however
many packs share it, so a recording is split over the threads only while no other wants them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from math import ceil
from os import cpu_count
from threading import Lock, local
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.errors import WeightsError
from callqa.listen.vad import RATE
from callqa.settings import Settings
from callqa.weights import Found, find_whisper

Floats = npt.NDArray[np.float32]

Language = tuple[str, float | None]  # code, and how sure the model is

_BEAM = 5
_loading = Lock()


def recogniser(settings: Settings) -> Recogniser:
    """The recogniser of these settings, loaded once a process.

    Raises:
        WeightsError: the model is missing or will not load.
    """
    threads = settings.threads or cpu_count() or 1
    with _loading:
        return _loaded(find_whisper(settings), settings.compute_type, threads, settings.batch_size)


class Recogniser:
    """A Whisper model with one thread a batch.

    Args:
        found: the model's folder.
        compute_type: CTranslate2's precision.
        threads: how many batches are worked on at once.
        batch_size: packs in a batch, at most.
    """

    def __init__(self, found: Found, compute_type: str, threads: int, batch_size: int) -> None:
        self._threads, self._batch = threads, batch_size
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="recognise")
        self._own = local()
        self._lock, self._callers = Lock(), 0
        self.whisper = _whisper(found, compute_type, threads)

    def segments(
        self, packs: Sequence[Floats], told: Language | None = None, *, barred: bool = False
    ) -> tuple[list[list[Any]], Language]:
        """The segments of each pack, with times from its start, and their language.

        Args:
            packs: float32 [n] at 16 kHz, at most 30 s each; one or more.
            told: the language; None detects it from the first of them.
            barred: no four words twice; for sound that made the model loop.
        """
        language: Future[Language] = Future()
        if told:
            language.set_result(told)
        with self._counted() as callers:
            batches = _evenly(packs, self._batch, max(1, self._threads // callers))
            jobs = [  # the first tells the others the language, and is the first to start
                self._pool.submit(self._decode, batch, language, barred, first=i == 0)
                for i, batch in enumerate(batches)
            ]
            return [segments for job in jobs for segments in job.result()], language.result()

    @contextmanager
    def _counted(self) -> Iterator[int]:
        """How many recordings are being recognised, this one counted."""
        with self._lock:
            self._callers += 1
        try:
            yield self._callers
        finally:
            with self._lock:
                self._callers -= 1

    def _decode(
        self, packs: Sequence[Floats], language: Future[Language], barred: bool, *, first: bool
    ) -> list[list[Any]]:
        if first and not language.done():
            try:
                language.set_result(self._language(packs))
            except BaseException as error:
                language.set_exception(error)
                raise
        starts = np.cumsum([0, *(pack.size for pack in packs)]) / RATE
        segments, _ = self._pipeline().transcribe(
            np.concatenate(packs),
            language=language.result()[0],
            clip_timestamps=[{"start": a, "end": b} for a, b in pairwise(starts.tolist())],
            word_timestamps=True,
            batch_size=len(packs),
            beam_size=_BEAM,
            no_repeat_ngram_size=4 if barred else 0,
            repetition_penalty=1.15 if barred else 1.0,
        )
        per_pack: list[list[Any]] = [[] for _ in packs]
        for segment in segments:
            at = int(np.searchsorted(starts, segment.seek / 100 + 0.02, side="right")) - 1
            at = min(max(0, at), len(packs) - 1)
            per_pack[at].append((segment, float(starts[at])))
        return per_pack

    def _language(self, packs: Sequence[Floats]) -> Language:
        """English unless another is clear.

        On short, narrow, accented sound the detector wanders between languages; what it says
        against English counts only when it is sure.
        """
        from faster_whisper.audio import pad_or_trim

        if not self.whisper.model.is_multilingual:
            return "en", None
        read = self.whisper.feature_extractor
        features = np.stack([pad_or_trim(read(pack)[..., :-1]) for pack in packs])
        total: dict[str, float] = {}
        for found in self.whisper.model.detect_language(self.whisper.encode(features)):
            for token, probability in found:  # token: “<|en|>”
                total[token[2:-2]] = total.get(token[2:-2], 0.0) + probability / len(packs)
        code = max(total, key=lambda c: total[c])
        if code != "en" and (total[code] < 0.6 or total.get("en", 0.0) > 0.2):
            code = "en"
        return code, round(float(total[code]), 4)

    def _pipeline(self) -> Any:
        """faster-whisper's batches for this thread: it carries times from call to call."""
        from faster_whisper import BatchedInferencePipeline

        if not hasattr(self._own, "pipeline"):
            self._own.pipeline = BatchedInferencePipeline(self.whisper)
        return self._own.pipeline


@lru_cache(maxsize=2)
def _loaded(found: Found, compute_type: str, threads: int, batch_size: int) -> Recogniser:
    return Recogniser(found, compute_type, threads, batch_size)


def _whisper(found: Found, compute_type: str, threads: int) -> Any:
    from faster_whisper import WhisperModel

    class Remembering(WhisperModel):  # type: ignore[misc]
        """Encodes a batch once, though both its language and its words are asked for."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.last = local()

        def encode(self, features: Floats) -> Any:
            if (kept := getattr(self.last, "kept", None)) and np.array_equal(kept[0], features):
                return kept[1]
            self.last.kept = None  # gone before the next is made: it is large
            self.last.kept = (features, super().encode(features))
            return self.last.kept[1]

    try:
        return Remembering(
            str(found.path),
            device="cpu",
            compute_type=compute_type,
            cpu_threads=1,
            num_workers=threads,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise WeightsError(
            f"The Whisper model in {found.path} does not load ({type(error).__name__}).",
            remedy="Give a folder with a CTranslate2 Whisper model, or CALLQA_WHISPER=base.",
        ) from error


def _evenly(packs: Sequence[Floats], most: int, threads: int) -> list[Sequence[Floats]]:
    """Batches of at most ``most`` packs, all alike, in turns that keep every thread busy."""
    count = ceil(len(packs) / most)
    count = min(len(packs), ceil(count / threads) * threads)
    edges = [len(packs) * i // max(1, count) for i in range(count + 1)]
    return [packs[a:b] for a, b in pairwise(edges)]
