"""The model of ``callqa.detect.learned`` as torch fits it: the same sums, with gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import (
    dropout,
    gelu,
    layer_norm,
    linear,
    scaled_dot_product_attention,
)

from callqa.detect.encoder import HEADS, LAYERS, MAPS, NORMS, SIZE, base_weights
from callqa.weights import find

FROZEN = 2  # lowest layers, left as they are and computed once
RANK = 32  # of an adapter
WIDTH = 192  # of what is known of a turn
DROP = 0.1
_EPSILON = 1e-12
_AT_ONCE = 4096  # pieces in a batch


class Adapted(nn.Module):
    """A fixed linear map with a low-rank change that is fitted."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        outputs, inputs = weight.shape
        self.into = nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs))
        self.outof = nn.Parameter(torch.zeros(outputs, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """[..., inputs] → [..., outputs]."""
        return linear(x, self.weight, self.bias) + linear(linear(x, self.into), self.outof)


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, base: dict[str, Tensor], n: int) -> None:
        super().__init__()
        place = f"encoder.layer.{n}."
        self.maps = nn.ModuleDict(
            {k: Adapted(base[f"{place}{v}.weight"], base[f"{place}{v}.bias"])
             for k, v in MAPS.items()}
        )  # fmt: skip
        self.norms = nn.ModuleDict({k: nn.LayerNorm(SIZE, _EPSILON) for k in NORMS})
        for k, v in NORMS.items():
            self.norms[k].weight.data.copy_(base[f"{place}{v}.weight"])
            self.norms[k].bias.data.copy_(base[f"{place}{v}.bias"])

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[texts, pieces, SIZE] → the same shape; ``mask`` is added to what is looked at."""
        size, length, _ = x.shape
        q, k, v = (
            self.maps[name](x).view(size, length, HEADS, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        seen = scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        seen = self.maps["out"](seen.transpose(1, 2).reshape(size, length, SIZE))
        x = self.norms["norm1"](x + dropout(seen, DROP, self.training))
        more = self.maps["down"](gelu(self.maps["up"](x)))
        return self.norms["norm2"](x + dropout(more, DROP, self.training))


@dataclass(frozen=True)
class Lines:
    """A call for the model: pieces' ids of each line, its side [2], and matches [labels]."""

    ids: tuple[tuple[int, ...], ...]
    sides: Tensor
    matches: Tensor


class Net(nn.Module):
    """How much each turn reads like each label."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        arrays = base_weights(find("minilm-l6").path / "model.safetensors")
        base = {name: torch.from_numpy(array) for name, array in arrays.items()}
        self.words = base["embeddings.word_embeddings.weight"]
        self.places = (
            base["embeddings.position_embeddings.weight"]
            + base["embeddings.token_type_embeddings.weight"][0]
        )
        self.first = (base["embeddings.LayerNorm.weight"], base["embeddings.LayerNorm.bias"])
        layers = [Layer(base, n) for n in range(LAYERS)]
        self.below = nn.ModuleList(layers[:FROZEN]).requires_grad_(requires_grad=False)
        self.layers = nn.ModuleList(layers[FROZEN:])
        self.look = nn.Parameter(torch.randn(labels, SIZE) * 0.02)
        self.worth = nn.Parameter(torch.randn(labels, SIZE) * 0.05)
        self.turn = nn.Linear(SIZE + 2, WIDTH)
        self.around1 = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.around2 = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.out = nn.Linear(2 * WIDTH + 2, labels)
        nn.init.constant_(self.out.bias, -3)
        self._low: dict[tuple[int, ...], Tensor] = {}

    @torch.no_grad()
    def prepare(self, texts: Iterable[tuple[int, ...]]) -> None:
        """Compute what the lowest layers make of texts, once."""
        new = sorted(set(texts) - self._low.keys(), key=len)
        for at in range(0, len(new), 64):
            part = new[at : at + 64]
            ids, mask = torch.zeros(len(part), len(part[-1]), dtype=torch.long), _mask(part)
            for n, text in enumerate(part):
                ids[n, : len(text)] = torch.tensor(text)
            states = self.words[ids] + self.places[: ids.shape[1]]
            states = layer_norm(states, (SIZE,), *self.first, eps=_EPSILON)
            for layer in self.below:
                states = layer.eval()(states, mask)
            self._low |= {text: states[n, : len(text)].half() for n, text in enumerate(part)}

    def forward(self, calls: Sequence[Lines]) -> Tensor:
        """Sums without matches: [lines of all calls, labels]."""
        own, turns = self._read([ids for call in calls for ids in call.ids])
        side = torch.cat([call.sides for call in calls])
        known = gelu(self.turn(torch.cat([dropout(turns, DROP, self.training), side], 1)))
        sizes = [len(call.ids) for call in calls]
        state = nn.utils.rnn.pad_sequence(list(known.split(sizes)), batch_first=True)
        here = nn.utils.rnn.pad_sequence([torch.ones(n, 1) for n in sizes], batch_first=True)
        for around in (self.around1, self.around2):
            more = around(dropout(state, DROP, self.training).transpose(1, 2)).transpose(1, 2)
            state = (state + gelu(more)) * here
        state = torch.cat([state[n, :size] for n, size in enumerate(sizes)])
        everything = torch.cat([state, known, side], 1)
        return own + self.out(dropout(everything, DROP, self.training))

    def _read(self, texts: Sequence[tuple[int, ...]]) -> tuple[Tensor, Tensor]:
        """What the words of each text are worth [texts, labels], and their mean [texts, SIZE]."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        worth: list[Tensor] = [torch.empty(0)] * len(texts)
        mean: list[Tensor] = [torch.empty(0)] * len(texts)
        for part in _batches(order, texts):
            states = nn.utils.rnn.pad_sequence(
                [self._low[texts[n]].float() for n in part], batch_first=True
            )
            mask = _mask([texts[n] for n in part])
            for layer in self.layers:
                states = layer(states, mask)
            states = states.float()
            seen = (states @ self.look.T + mask[..., None]).softmax(1)
            summed = (seen * (states @ self.worth.T)).sum(1)
            for k, n in enumerate(part):
                worth[n], mean[n] = summed[k], states[k, : len(texts[n])].mean(0)
        return torch.stack(worth), torch.stack(mean)


def _batches(order: Sequence[int], texts: Sequence[tuple[int, ...]]) -> Iterable[list[int]]:
    """Texts of about one length together, at most ``_AT_ONCE`` pieces."""
    part: list[int] = []
    for n in order:
        longest = len(texts[n])
        far = part and longest > max(12, 1.5 * len(texts[part[0]]))
        if far or (len(part) + 1) * longest > _AT_ONCE:
            yield part
            part = []
        part.append(n)
    yield part


def _mask(texts: Sequence[tuple[int, ...]]) -> Tensor:
    """Zero where there is a piece, so low that it is not seen where there is none."""
    mask = torch.full((len(texts), max(map(len, texts))), -1e9)
    for n, text in enumerate(texts):
        mask[n, : len(text)] = 0
    return mask
