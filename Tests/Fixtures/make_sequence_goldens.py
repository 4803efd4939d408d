#!/usr/bin/env python3
"""Writes goldens of deep and bidirectional encoders, of pooling over time and of the images' hidden layer.

    python3 make_sequence_goldens.py [FOLDER]      (FOLDER: where this script is; needs numpy and torch)

FOLDER/sequences/CASE.safetensors holds the settings as JSON in its metadata, `tokens` int32 [T, B], `images`
[B, I], every parameter under the name and in the layout that the library gives it, `gradients/NAME` of each, and
`sentence_vectors`, `image_vectors` [B, D] and `cost` [1]. Parameters are drawn and rounded to float32, everything
else is computed from them in float64 and rounded when it is written.

Layouts: gates stand side by side, r | u | c in a gated recurrent unit's input weights and bias and c | r | u in its
recurrent weights, i | f | o | g in all of a long short-term memory; a layer's input is the states of both directions
below, forward first.

The script asserts that torch.nn.GRU and torch.nn.LSTM (bidirectional, with as many layers) give the same states,
that central differences of the cost agree with PyTorch's derivatives, and that nothing stands so near to a kink (of
a hinge, of the largest of several states, of their order, of max(0, x)) that float32 could take another side.
"""

import json
import struct
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

Tensors = dict[str, torch.Tensor]
POSITION_SIZE = 32  # of a position's encoding and of the states that read it
TEMPERATURE = 0.1


@dataclass(frozen=True)
class Case:
    """Settings of one case; the letters in comments are those of the shapes."""

    encoder: str
    pooling: str = "last"
    bidirectional: bool = False
    layers: int = 1
    peepholes: bool = False
    hidden_bias: bool = False
    image_hidden: int = 0  # H
    normalize_images: bool = False
    margin: float = 0.25
    batch: int = 5  # B
    time: int = 6  # T
    word_dim: int = 5  # E
    dim: int = 7  # D
    image_dim: int = 6  # I
    vocabulary: int = 13  # V

    @property
    def name(self) -> str:
        parts = [self.encoder]
        parts += ["hidden_bias"] * self.hidden_bias + ["peepholes"] * self.peepholes
        parts += ["bidirectional"] * self.bidirectional + [f"{self.layers}_layers"] * (self.layers > 1)
        parts += [self.pooling] + ["image_hidden"] * (self.image_hidden > 0) + ["one_token"] * (self.time == 1)
        return "-".join(parts)

    @property
    def gates(self) -> int:
        return 3 if self.encoder == "gru" else 4

    @property
    def directions(self) -> list[str]:
        return ["forward", "backward"] if self.bidirectional else ["forward"]

    def prefix(self, layer: int, direction: str) -> str:
        """The name of a layer's direction: what there is only one of is left out."""
        parts = [self.encoder] + [f"layers.{layer}"] * (self.layers > 1) + [direction] * self.bidirectional
        return ".".join(parts)


def cases() -> list[Case]:
    """Every cell with every way of pooling in two bidirectional layers, then fewer layers, then one token."""
    cells: list[dict[str, object]] = [
        {"encoder": "gru"},
        {"encoder": "gru", "hidden_bias": True},
        {"encoder": "lstm"},
        {"encoder": "lstm", "peepholes": True},
    ]
    deep = [
        Case(**cell, pooling=pooling, bidirectional=True, layers=2)
        for cell in cells
        for pooling in ("last", "mean", "max")
    ]
    shallow = [
        Case("gru", "mean"),
        Case("gru", "max", hidden_bias=True),
        Case("gru", "last", layers=3),
        Case("gru", "last", bidirectional=True),
        Case("gru", "mean", bidirectional=True, hidden_bias=True, image_hidden=4, normalize_images=True),
        Case("gru", "generalized", bidirectional=True, layers=2, hidden_bias=True),
        Case("lstm", "mean", layers=2, peepholes=True),
        Case("lstm", "max", bidirectional=True),
        Case("lstm", "last", image_hidden=9),
        Case("lstm", "generalized", peepholes=True),
    ]
    one_token = [
        Case("gru", "last", bidirectional=True, hidden_bias=True, layers=2, time=1),
        Case("gru", "max", bidirectional=True, layers=2, time=1),
        Case("lstm", "mean", bidirectional=True, peepholes=True, layers=2, time=1),
        Case("lstm", "generalized", bidirectional=True, time=1),
    ]
    return deep + shallow + one_token


# Inputs


def shapes(case: Case) -> dict[str, tuple[int, int]]:
    d, width = case.dim, case.gates * case.dim
    result = {"word_embedding": (case.vocabulary, case.word_dim)}
    for layer in range(case.layers):
        inputs = case.word_dim if layer == 0 else len(case.directions) * d
        for direction in case.directions:
            prefix = case.prefix(layer, direction)
            result |= {f"{prefix}.input_weights": (inputs, width), f"{prefix}.recurrent_weights": (d, width)}
            result[f"{prefix}.bias"] = (1, width)
            if case.hidden_bias:
                result[f"{prefix}.hidden_bias"] = (1, d)
            if case.peepholes:
                result[f"{prefix}.peepholes"] = (3, d)
    if case.pooling == "generalized":
        n = POSITION_SIZE
        for direction in ("forward", "backward"):
            prefix = f"pooling.{direction}"
            result |= {f"{prefix}.input_weights": (n, 3 * n), f"{prefix}.recurrent_weights": (n, 3 * n)}
            result |= {f"{prefix}.bias": (1, 3 * n), f"{prefix}.hidden_bias": (1, n)}
        result["pooling.scores"] = (n, 1)
    result |= {"image_projection.weights": (case.image_dim, d), "image_projection.bias": (1, d)}
    if case.image_hidden > 0:
        h = case.image_hidden
        result |= {"image_projection.hidden_weights": (case.image_dim, h), "image_projection.hidden_bias": (1, h)}
        result["image_projection.hidden_output_weights"] = (h, d)
    return result


def draw(case: Case, random: np.random.Generator) -> tuple[Tensors, torch.Tensor, torch.Tensor]:
    """Parameters, tokens [T, B] and images [B, I]: float32 numbers, kept in float64."""

    def scale(name: str, shape: tuple[int, int]) -> float:
        if name == "word_embedding":
            return 1.0
        if name == "pooling.scores":  # weights that differ, but none that vanishes
            return 0.05
        return 0.5 if name.endswith("bias") or name.endswith("peepholes") else shape[0] ** -0.5

    def numbers(shape: tuple[int, ...], scale: float = 1) -> torch.Tensor:
        return torch.from_numpy((scale * random.standard_normal(shape)).astype(np.float32)).double()

    parameters = {name: numbers(shape, scale(name, shape)) for name, shape in shapes(case).items()}
    if case.time == 1:
        tokens = random.permutation(np.arange(1, case.vocabulary))[None, : case.batch]
    else:
        tokens = random.integers(1, case.vocabulary, (case.time, case.batch))
        tokens[-1] = 0
        tokens[1, 0] = tokens[0, 0]
        tokens[2, 3] = tokens[0, 0]
    return parameters, torch.from_numpy(tokens), numbers((case.batch, case.image_dim))


# The model, from elementary operations


def gru_states(x: torch.Tensor, p: Tensors, prefix: str, backward: bool) -> torch.Tensor:
    """The states [T, B, D] of inputs [T, B, E], each at its time."""
    d = p[f"{prefix}.recurrent_weights"].shape[0]
    w_r, w_u, w_c = p[f"{prefix}.input_weights"].split(d, dim=1)
    b_r, b_u, b_c = p[f"{prefix}.bias"].split(d, dim=1)
    u_c, u_r, u_u = p[f"{prefix}.recurrent_weights"].split(d, dim=1)
    hidden_bias = p.get(f"{prefix}.hidden_bias", torch.zeros(1, d, dtype=torch.float64))
    h = torch.zeros(x.shape[1], d, dtype=torch.float64)
    states = [h] * len(x)
    for t in reversed(range(len(x))) if backward else range(len(x)):
        r = torch.sigmoid(x[t] @ w_r + b_r + h @ u_r)
        u = torch.sigmoid(x[t] @ w_u + b_u + h @ u_u)
        h = u * h + (1 - u) * torch.tanh(x[t] @ w_c + b_c + r * (h @ u_c + hidden_bias))
        states[t] = h
    return torch.stack(states)


def lstm_states(x: torch.Tensor, p: Tensors, prefix: str, backward: bool) -> torch.Tensor:
    d = p[f"{prefix}.recurrent_weights"].shape[0]
    see = p.get(f"{prefix}.peepholes", torch.zeros(3, d, dtype=torch.float64))
    h = c = torch.zeros(x.shape[1], d, dtype=torch.float64)
    states = [h] * len(x)
    for t in reversed(range(len(x))) if backward else range(len(x)):
        sums = x[t] @ p[f"{prefix}.input_weights"] + p[f"{prefix}.bias"] + h @ p[f"{prefix}.recurrent_weights"]
        i, f, o, g = sums.split(d, dim=1)
        i, f = torch.sigmoid(i + see[0] * c), torch.sigmoid(f + see[1] * c)
        c = f * c + i * torch.tanh(g)
        h = torch.sigmoid(o + see[2] * c) * torch.tanh(c)
        states[t] = h
    return torch.stack(states)


def top_states(case: Case, p: Tensors, words: torch.Tensor) -> list[torch.Tensor]:
    """The states of the topmost layer, for each direction."""
    run = gru_states if case.encoder == "gru" else lstm_states
    x = words
    for layer in range(case.layers):
        states = [run(x, p, case.prefix(layer, each), each == "backward") for each in case.directions]
        x = torch.cat(states, dim=2)
    return states


def position_weights(p: Tensors, time: int) -> torch.Tensor:
    """The weights [T] of generalised pooling (https://arxiv.org/abs/2011.15037, section 3.2)."""
    positions = torch.arange(time, dtype=torch.float64)[:, None]
    frequencies = 10_000.0 ** (-torch.arange(0, POSITION_SIZE, 2, dtype=torch.float64) / POSITION_SIZE)
    encodings = torch.stack([torch.sin(positions * frequencies), torch.cos(positions * frequencies)], dim=2)
    x = encodings.reshape(time, 1, POSITION_SIZE)
    states = [gru_states(x, p, f"pooling.{each}", each == "backward") for each in ("forward", "backward")]
    scores = (states[0] + states[1])[:, 0] / 2 @ p["pooling.scores"]
    return torch.softmax(scores[:, 0] / TEMPERATURE, dim=0)


def pooled(case: Case, p: Tensors, states: list[torch.Tensor]) -> torch.Tensor:
    """One vector [B, D] a sentence."""
    if case.pooling == "last":
        return sum(each[0 if k == 1 else -1] for k, each in enumerate(states)) / len(states)
    mean = sum(states) / len(states)
    if case.pooling == "mean":
        return mean.mean(dim=0)
    if case.pooling == "max":
        return mean.amax(dim=0)
    weights = position_weights(p, case.time)
    return (weights[:, None, None] * mean.sort(dim=0, descending=True).values).sum(dim=0)


def hidden_sums(p: Tensors, images: torch.Tensor) -> torch.Tensor:
    return images @ p["image_projection.hidden_weights"] + p["image_projection.hidden_bias"]


def vectors(
    case: Case, p: Tensors, tokens: torch.Tensor, images: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sentence and image vectors [B, D] as training has them."""
    sentences = pooled(case, p, top_states(case, p, p["word_embedding"][tokens]))
    projected = images @ p["image_projection.weights"] + p["image_projection.bias"]
    if case.image_hidden > 0:
        projected = projected + hidden_sums(p, images).clamp(min=0) @ p["image_projection.hidden_output_weights"]
    if case.normalize_images:
        projected = projected / projected.norm(dim=1, keepdim=True)
    return sentences / sentences.norm(dim=1, keepdim=True), projected


def hinge_arguments(case: Case, p: Tensors, tokens: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """margin - S_ii + S_ij by rows i and by columns j, without the matching pairs."""
    sentences, projected = vectors(case, p, tokens, images)
    scores = projected @ sentences.t()
    others = ~torch.eye(case.batch, dtype=torch.bool)
    matching = scores.diagonal()
    by_rows = (case.margin - matching[:, None] + scores)[others]
    by_columns = (case.margin - matching[None, :] + scores)[others]
    return torch.cat([by_rows, by_columns])


def cost(case: Case, p: Tensors, tokens: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    return hinge_arguments(case, p, tokens, images).clamp(min=0).sum()


# Checks


def is_robust(case: Case, p: Tensors, tokens: torch.Tensor, images: torch.Tensor) -> bool:
    """Whether float32 must take the same side of every kink, and a fair share of the hinges is active."""
    arguments = hinge_arguments(case, p, tokens, images)
    if arguments.abs().min() < 1e-3 or not 0.25 < (arguments > 0).double().mean() < 0.75:
        return False
    if case.image_hidden > 0 and hidden_sums(p, images).abs().min() < 1e-3:
        return False
    if case.time > 1 and case.pooling in ("max", "generalized"):
        states = top_states(case, p, p["word_embedding"][tokens])
        ordered = (sum(states) / len(states)).sort(dim=0, descending=True).values
        gaps = ordered[:-1] - ordered[1:]
        return bool((gaps[0] if case.pooling == "max" else gaps).min() > 1e-4)
    return True


def library_states(
    encoder: str, layers: int, prefixes: list[str], p: Tensors, x: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The outputs and last states of torch.nn.GRU (gates r, z, n) or torch.nn.LSTM (gates i, f, g, o)."""
    d = p[f"{prefixes[0]}.recurrent_weights"].shape[0]
    kind = torch.nn.GRU if encoder == "gru" else torch.nn.LSTM
    module = kind(x.shape[2], d, layers, bidirectional=len(prefixes) > layers, dtype=torch.float64)
    values = []
    for prefix in prefixes:
        inputs, bias = p[f"{prefix}.input_weights"].split(d, 1), p[f"{prefix}.bias"].split(d, 1)
        recurrent = p[f"{prefix}.recurrent_weights"].split(d, 1)
        zero = torch.zeros(1, d, dtype=torch.float64)
        if encoder == "gru":
            recurrent = (recurrent[1], recurrent[2], recurrent[0])
            state_bias = [zero, zero, p.get(f"{prefix}.hidden_bias", zero)]
        else:
            inputs, bias, recurrent = ([g[k] for k in (0, 1, 3, 2)] for g in (inputs, bias, recurrent))
            state_bias = [zero] * 4
        values += [torch.cat(list(inputs), 1).t(), torch.cat(list(recurrent), 1).t()]
        values += [torch.cat(list(bias), 1)[0], torch.cat(state_bias, 1)[0]]
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), values, strict=True):
            parameter.copy_(value)
        outputs, last = module(x)
    return outputs, last if encoder == "gru" else last[0]


def assert_library_agrees(case: Case, p: Tensors, tokens: torch.Tensor) -> None:
    """Compares states of all times and last states with PyTorch's modules, which have no peepholes."""
    prefixes = [case.prefix(layer, each) for layer in range(case.layers) for each in case.directions]
    if not case.peepholes:
        words = p["word_embedding"][tokens]
        outputs, last = library_states(case.encoder, case.layers, prefixes, p, words)
        states = top_states(case, p, words)
        torch.testing.assert_close(torch.cat(states, dim=2), outputs, rtol=1e-12, atol=1e-13)
        mine = pooled(Case(**asdict(case) | {"pooling": "last"}), p, states)
        torch.testing.assert_close(mine, last[-len(states) :].mean(dim=0), rtol=1e-12, atol=1e-13)
    if case.pooling == "generalized":
        x = torch.zeros(case.time, 1, POSITION_SIZE, dtype=torch.float64)
        for position in range(case.time):
            for i in range(POSITION_SIZE // 2):
                angle = position / 10_000 ** (2 * i / POSITION_SIZE)
                x[position, 0, 2 * i], x[position, 0, 2 * i + 1] = np.sin(angle), np.cos(angle)
        outputs, _ = library_states("gru", 1, ["pooling.forward", "pooling.backward"], p, x)
        mean = (outputs[..., :POSITION_SIZE] + outputs[..., POSITION_SIZE:]) / 2
        weights = torch.softmax((mean @ p["pooling.scores"]).flatten() / TEMPERATURE, dim=0)
        torch.testing.assert_close(position_weights(p, case.time), weights, rtol=1e-12, atol=1e-13)
        assert case.time == 1 or 0.01 < weights.min() and weights.max() < 0.9, weights


def assert_differences_agree(
    case: Case, p: Tensors, gradients: Tensors, tokens: torch.Tensor, images: torch.Tensor, seed: int
) -> None:
    """Compares each gradient along a random direction with a central difference."""
    random = np.random.default_rng(seed)
    step = 1e-6
    for name, gradient in gradients.items():
        direction = torch.from_numpy(random.standard_normal(tuple(gradient.shape)))
        ahead = cost(case, p | {name: p[name] + step * direction}, tokens, images)
        behind = cost(case, p | {name: p[name] - step * direction}, tokens, images)
        expected = (gradient * direction).sum()
        torch.testing.assert_close((ahead - behind) / (2 * step), expected, rtol=1e-6, atol=1e-7, msg=name)


# Writing


def write_safetensors(path: Path, arrays: dict[str, np.ndarray], settings: dict[str, object]) -> None:
    """https://huggingface.co/docs/safetensors: the length of a JSON header, the header, the numbers."""
    header: dict[str, object] = {"__metadata__": {"settings": json.dumps(settings)}}
    data = b""
    for name, array in sorted(arrays.items()):
        kind = {"float32": "F32", "int32": "I32"}[array.dtype.name]
        part = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_case(case: Case, folder: Path) -> None:
    """Draws inputs until they are robust, computes, checks and writes one case."""
    for seed in range(100_000):
        p, tokens, images = draw(case, np.random.default_rng([seed, *case.name.encode()]))
        if is_robust(case, p, tokens, images):
            break
    else:
        raise AssertionError(f"{case.name}: no seed is robust")
    leaves = {name: value.clone().requires_grad_() for name, value in p.items()}
    total = cost(case, leaves, tokens, images)
    total.backward()
    gradients = {name: leaf.grad for name, leaf in leaves.items()}
    assert_library_agrees(case, p, tokens)
    assert_differences_agree(case, p, gradients, tokens, images, seed)
    sentences, projected = vectors(case, p, tokens, images)
    results = {"images": images, "sentence_vectors": sentences, "image_vectors": projected}
    results |= {"cost": total.detach().reshape(1), **p}
    results |= {f"gradients/{name}": gradient for name, gradient in gradients.items()}
    arrays = {name: value.numpy().astype(np.float32) for name, value in results.items()}
    arrays["tokens"] = tokens.numpy().astype(np.int32)
    write_safetensors(folder / f"{case.name}.safetensors", arrays, {**asdict(case), "seed": seed})


def main() -> None:
    folder = (Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent) / "sequences"
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases():
        write_case(case, folder)


if __name__ == "__main__":
    main()
