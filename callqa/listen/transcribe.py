"""Words with times, from the stretches in which there is speech.

Whisper invents words where nobody speaks, so it is shown speech only: the stretches that Silero
found are laid end to end in packs of at most 29 s, with short pauses between, and word times are
mapped back. What it still invents shows in low probability, in loops, and in words where the
sound is hardly speech; that is dropped and counted. Stretches of clear speech that came back
without a word get a second hearing on their own: short answers are lost in packs.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.errors import RecordingError, WeightsError
from callqa.intervals import union
from callqa.listen.passages import (
    AROUND_S,
    PAUSE_S,
    HeardWord,
    Piece,
    on_the_clock,
    pack_passages,
)
from callqa.listen.vad import RATE, mean_probability
from callqa.listen.weights import Found, find_whisper
from callqa.records import Span
from callqa.settings import Settings

Floats = npt.NDArray[np.float32]

_KEEP_PAUSE_S = 0.3  # pauses up to this (and twice the above) stay as they are
_BEAM = 5
_LOOP_RATIO = 2.4  # text that zlib shrinks this much repeats itself (Whisper's own limit)


@dataclass(frozen=True)
class Heard:
    """Words of each channel in time order, and how many were dropped as invented."""

    words: tuple[tuple[HeardWord, ...], ...]
    dropped: int
    language: str
    language_probability: float | None


@dataclass(frozen=True)
class Channel:
    """One channel to listen to: samples at 16 kHz, its speech, Silero's probabilities."""

    samples: Floats
    speech: Sequence[Span]
    probability: Floats


def transcribe(
    channels: Sequence[Channel], settings: Settings, *, language: str | None = None
) -> Heard:
    """Transcribe the speech of one or more channels through one model.

    ``language`` is a code such as “en”; None detects it once, from the channel that says most.

    Raises:
        WeightsError: the model is missing or will not load.
        RecordingError: the model failed on this sound.
    """
    model = _model(find_whisper(settings), settings.compute_type, settings.threads)
    try:
        listener = _Listener(model, channels, language, settings.batch_size)
        words, dropped = listener.listen()
    except (RuntimeError, ValueError) as error:  # CTranslate2's own
        raise RecordingError(
            f"The words could not be transcribed ({type(error).__name__}).",
            remedy="Try CALLQA_COMPUTE_TYPE=float32; report it if it stays.",
            stage="transcribe",
        ) from error
    code, probability = listener.language or (language or "en", None)
    return Heard(tuple(tuple(w) for w in words), dropped, code, probability)


@lru_cache(maxsize=2)
def _model(found: Found, compute_type: str, threads: int) -> Any:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    class Remembering(WhisperModel):  # type: ignore[misc]
        """Encodes a batch once, though both its language and its words are asked for."""

        last: tuple[Floats, Any] | None = None

        def encode(self, features: Floats) -> Any:
            if self.last is not None and np.array_equal(self.last[0], features):
                return self.last[1]
            self.last = (features, super().encode(features))
            return self.last[1]

    try:
        model = Remembering(
            str(found.path), device="cpu", compute_type=compute_type, cpu_threads=threads
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise WeightsError(
            f"The Whisper model in {found.path} does not load ({type(error).__name__}).",
            remedy="Give a folder with a CTranslate2 Whisper model, or CALLQA_WHISPER=base.",
        ) from error
    return BatchedInferencePipeline(model)


def _language(whisper: Any, chunks: Sequence[Floats]) -> tuple[str, float | None]:
    """Code and probability, over the stretches of a batch. English unless another is clear.

    On short, narrow, accented sound the detector wanders between languages; what it says
    against English counts only when it is sure.
    """
    from faster_whisper.audio import pad_or_trim

    if not whisper.model.is_multilingual:
        return "en", None
    features = np.stack([pad_or_trim(whisper.feature_extractor(c)[..., :-1]) for c in chunks])
    total: dict[str, float] = {}
    for found in whisper.model.detect_language(whisper.encode(features)):
        for token, probability in found:  # token: “<|en|>”
            total[token[2:-2]] = total.get(token[2:-2], 0.0) + probability / len(chunks)
    code = max(total, key=lambda c: total[c])
    english = total.get("en", 0.0)
    if code != "en" and (total[code] < 0.6 or english > 0.2):
        code = "en"
    return code, round(float(total[code]), 4)


class _Listener:
    """One run of the model over the channels of a recording."""

    def __init__(
        self, model: Any, channels: Sequence[Channel], language: str | None, batch_size: int
    ) -> None:
        self._model, self._channels, self._batch = model, channels, batch_size
        self.language: tuple[str, float | None] | None = (language, None) if language else None

    def listen(self) -> tuple[list[list[HeardWord]], int]:
        """Words of each channel in time order, and how many were dropped."""
        first = self._pass(
            [(i, span) for i, channel in enumerate(self._channels) for span in _passages(channel)],
            pause_s=PAUSE_S,
        )
        words, dropped = self._keep(first)
        missed = [
            (i, span)
            for i, channel in enumerate(self._channels)
            for span in channel.speech
            if self._is_clear(channel, span) and not _covered(span, words[i])
        ]
        again, more = self._keep(self._pass(missed, pause_s=1.0))
        for side, found in zip(words, again, strict=True):
            side += found
            side.sort(key=lambda w: (w.start_s, w.end_s))
        return words, dropped + more

    def _pass(self, passages: list[tuple[int, Span]], *, pause_s: float) -> list[list[HeardWord]]:
        """One run of the model: the words of each channel."""
        words: list[list[HeardWord]] = [[] for _ in self._channels]
        packs = pack_passages(passages, [c.probability for c in self._channels], pause_s)
        for pack, segments in zip(packs, self._run(packs), strict=True):
            for channel, word in on_the_clock(pack, segments):
                words[channel].append(word)
        return words

    def _keep(self, heard: list[list[HeardWord]]) -> tuple[list[list[HeardWord]], int]:
        """Without what was invented: words away from speech, or resting on next to nothing."""
        kept: list[list[HeardWord]] = []
        for channel, words in zip(self._channels, heard, strict=True):
            groups = _by_span(words, channel.speech)
            kept.append(
                [w for span, group in groups if not _invented(channel, span, group) for w in group]
            )
        return kept, sum(map(len, heard)) - sum(map(len, kept))

    def _run(self, packs: list[list[Piece]]) -> Iterator[list[Any]]:
        """The segments of each pack; a pack that loops is heard again with repetition barred."""
        heard = self._decode(packs)
        looping = [i for i, segments in enumerate(heard) if _loops(segments)]
        if looping:
            again = self._decode([packs[i] for i in looping], barred=True)
            for i, segments in zip(looping, again, strict=True):
                heard[i] = [] if _loops(segments) else segments
        yield from heard

    def _decode(self, packs: list[list[Piece]], *, barred: bool = False) -> list[list[Any]]:
        """The segments of each pack, a batch at a time: a long call takes no more room."""
        return [
            segments
            for first in range(0, len(packs), self._batch)
            for segments in self._decode_batch(packs[first : first + self._batch], barred=barred)
        ]

    def _decode_batch(self, packs: list[list[Piece]], *, barred: bool) -> list[list[Any]]:
        sound, bounds = self._lay_out(packs)
        if self.language is None:
            first_s = [(int(b["start"] * RATE), int(b["end"] * RATE)) for b in bounds]
            self.language = _language(self._model.model, [sound[a:b] for a, b in first_s])
        segments, _ = self._model.transcribe(
            sound,
            language=self.language[0],
            clip_timestamps=bounds,
            word_timestamps=True,
            batch_size=self._batch,
            beam_size=_BEAM,
            no_repeat_ngram_size=4 if barred else 0,
            repetition_penalty=1.15 if barred else 1.0,
        )
        per_pack: list[list[Any]] = [[] for _ in packs]
        starts = [b["start"] for b in bounds]
        for segment in segments:
            at = int(np.searchsorted(starts, segment.seek / 100 + 0.02, side="right")) - 1
            per_pack[max(0, at)].append((segment, starts[max(0, at)]))
        return per_pack

    def _lay_out(self, packs: list[list[Piece]]) -> tuple[Floats, list[dict[str, float]]]:
        """All packs end to end, each beginning on a whole 10 ms, and their bounds in seconds."""
        parts: list[Floats] = []
        bounds = []
        at = 0
        for pack in packs:
            end = pack[-1].at_s + pack[-1].span.length_s
            room = np.zeros((int(end * 100) + 2) * (RATE // 100), np.float32)
            for piece in pack:
                cut = _cut(self._channels[piece.channel].samples, piece.span)
                first = int(piece.at_s * RATE)
                room[first : first + cut.size] = cut[: room.size - first]
            bounds.append({"start": at / RATE, "end": (at + room.size) / RATE})
            parts.append(room)
            at += room.size
        return np.concatenate(parts), bounds

    @staticmethod
    def _is_clear(channel: Channel, span: Span) -> bool:
        return span.length_s >= 0.35 and mean_probability(channel.probability, span) >= 0.6


def _invented(channel: Channel, span: Span, words: Sequence[HeardWord]) -> bool:
    """Whether words are unsure of themselves, on sound that is hardly speech, or far too many."""
    sure = float(np.mean([w.probability for w in words]))
    spoken = mean_probability(channel.probability, span)
    per_second = len(words) / max(0.3, span.length_s)
    return sure < 0.2 or (sure < 0.45 and spoken < 0.5) or per_second > 12


def _passages(channel: Channel) -> list[Span]:
    """What the model is given: speech with the sound around it, short pauses left in."""
    end_s = channel.samples.shape[0] / RATE
    wider = [
        Span(start_s=max(0.0, s.start_s - AROUND_S), end_s=min(end_s, s.end_s + AROUND_S))
        for s in channel.speech
    ]
    return union(wider, join_s=_KEEP_PAUSE_S)


def _covered(span: Span, words: Sequence[HeardWord]) -> bool:
    return any(w.start_s < span.end_s + 0.1 and w.end_s > span.start_s - 0.1 for w in words)


def _by_span(
    words: Sequence[HeardWord], speech: Sequence[Span]
) -> list[tuple[Span, list[HeardWord]]]:
    """Words with the stretch of speech they lie in or within half a second of; others are left."""
    groups: list[tuple[Span, list[HeardWord]]] = [(span, []) for span in speech]
    if not groups:
        return []
    starts = np.array([s.start_s for s in speech])
    for word in words:
        middle = (word.start_s + word.end_s) / 2
        at = max(0, int(np.searchsorted(starts, middle, side="right")) - 1)
        near = min(
            (i for i in (at, at + 1) if i < len(speech)),
            key=lambda i: max(speech[i].start_s - middle, middle - speech[i].end_s),
        )
        if max(speech[near].start_s - middle, middle - speech[near].end_s) <= 0.5:
            groups[near][1].append(word)
    return [(span, group) for span, group in groups if group]


def _cut(samples: Floats, span: Span) -> Floats:
    return samples[int(span.start_s * RATE) : int(span.end_s * RATE)]


def _loops(segments: list[Any]) -> bool:
    text = " ".join(segment.text.strip() for segment, _ in segments).encode()
    return len(text) > 60 and len(text) / len(zlib.compress(text)) > _LOOP_RATIO
