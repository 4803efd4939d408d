#!/usr/bin/env python3
"""Writes goldens of the encoders, the losses and Adam, computed in float64.

    python3 make_encoder_goldens.py [FOLDER]      (FOLDER: where this script is)

FOLDER/encoders/CASE/ holds `case.json` (the settings and the cost), the parameters under their names in the
original's model files, `tokens` int32 [T, B], `images` [B, I], and what follows from them:
`sentence_vectors` [B, D], `image_vectors` [B, D] (as in training: of unit length only where the case says
so), `cost` [1] and `grad_NAME` for every parameter. FOLDER/adam/CASE/ holds `initial` [n], `gradients` [5, n]
(of the cost without weight decay) and the parameters, both moments, the penalty and the norm of all gradients
before clipping for each of five updates.

Inputs are drawn, rounded to float32, and everything else is computed from them in float64; results are
rounded to float32 when they are written.

The forward pass is written twice, in NumPy and in PyTorch, with its formulas as in the paper and nothing of
the library's. The script asserts that the two agree, that torch.nn.GRU and torch.nn.LSTM agree where they
have the same cell (they have no peepholes), that central differences of the NumPy pass agree with PyTorch's
derivatives, and that torch.optim.Adam agrees with the standard form. No hinge lies near its kink and no
largest hinge has a close second, so that float32 arithmetic has the same active set.
"""

import json
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import torch

Array = np.ndarray
Parameters = dict[str, Array]


@dataclass(frozen=True)
class Case:
    """Settings of one case; the letters in comments are those of the shapes."""

    encoder: str
    peepholes: bool = False
    hidden_bias: bool = False
    loss: str = "sum"
    normalize_images: bool = False
    margin: float = 0.25  # exact in float32
    batch: int = 7  # B
    time: int = 5  # T
    word_dim: int = 6  # E
    dim: int = 11  # D
    image_dim: int = 9  # I
    vocabulary: int = 23  # V

    @property
    def name(self) -> str:
        parts = [self.encoder]
        parts += ["hidden_bias"] * self.hidden_bias + ["peepholes"] * self.peepholes + [self.loss]
        parts += ["normalized_images"] * self.normalize_images + ["one_token"] * (self.time == 1)
        return "-".join(parts)

    def description(self) -> dict[str, object]:
        return {
            "encoder": self.encoder,
            "peepholes": self.peepholes,
            "hiddenBias": self.hidden_bias,
            "loss": self.loss,
            "normalizeImages": self.normalize_images,
            "margin": self.margin,
            "batch": self.batch,
            "time": self.time,
            "wordDim": self.word_dim,
            "dim": self.dim,
            "imageDim": self.image_dim,
            "vocabulary": self.vocabulary,
        }


def cases() -> list[Case]:
    """Every encoder with every loss and normalisation, then a sentence of one token for each kind of cell."""
    encoders: list[dict[str, object]] = [
        {"encoder": "gru"},
        {"encoder": "gru", "hidden_bias": True},
        {"encoder": "lstm"},
        {"encoder": "lstm", "peepholes": True},
        {"encoder": "bow", "word_dim": 11},
    ]
    every = [
        Case(**encoder, loss=loss, normalize_images=normalize)
        for encoder, loss, normalize in product(encoders, ("sum", "max"), (False, True))
    ]
    return every + [Case("gru", hidden_bias=True, time=1), Case("lstm", peepholes=True, time=1)]


# Inputs


def draw_parameters(case: Case, random: np.random.Generator) -> Parameters:
    """Parameters under the original's names, large enough to bend every non-linearity."""
    e, d = case.word_dim, case.dim
    shapes: dict[str, tuple[int, ...]] = {"Wemb": (case.vocabulary, e)}
    if case.encoder == "gru":  # W, b, U: reset | update
        shapes |= {"encoder_W": (e, 2 * d), "encoder_b": (2 * d,), "encoder_U": (d, 2 * d)}
        shapes |= {"encoder_Wx": (e, d), "encoder_Ux": (d, d), "encoder_bx": (d,)}
        if case.hidden_bias:
            shapes["encoder_bh"] = (d,)
    elif case.encoder == "lstm":  # input | forget | output | candidate
        shapes |= {"encoder_W": (e, 4 * d), "encoder_b": (4 * d,), "encoder_U": (d, 4 * d)}
        if case.peepholes:  # rows: input, forget, output
            shapes["encoder_P"] = (3, d)
    shapes |= {"ff_image_W": (case.image_dim, d), "ff_image_b": (d,)}
    scales = {"Wemb": 1.0, "encoder_P": 0.7}

    def scale(name: str, shape: tuple[int, ...]) -> float:
        return scales.get(name, 0.3 if len(shape) == 1 else shape[0] ** -0.5)

    return {
        name: (scale(name, shape) * random.standard_normal(shape)).astype(np.float32)
        for name, shape in shapes.items()
    }


def draw_tokens(case: Case, random: np.random.Generator) -> Array:
    """Tokens [T, B], time-major: words, then 0 at the end, with words that come again.

    A sentence of one token is its word without an end: seven equal sentences would tell nothing.
    """
    if case.time == 1:
        return random.permutation(np.arange(1, case.vocabulary))[None, : case.batch].astype(np.int32)
    tokens = random.integers(1, case.vocabulary, (case.time, case.batch)).astype(np.int32)
    tokens[-1] = 0
    tokens[1, 0] = tokens[0, 0]  # twice in one sentence
    tokens[2, 3] = tokens[0, 0]  # and in another
    return tokens


# The forward pass in NumPy


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def unit_rows(x: Array) -> Array:
    return x / np.sqrt((x * x).sum(axis=1, keepdims=True))


def last_gru_state(p: Parameters, words: Array) -> Array:
    """r, u = σ(xW + b + hU), c = tanh(xWx + bx + r ⊙ (hUx + bh)), h' = u ⊙ h + (1 - u) ⊙ c."""
    d = p["encoder_Ux"].shape[0]
    h = np.zeros((words.shape[1], d))
    for x in words:
        gates = sigmoid(x @ p["encoder_W"] + p["encoder_b"] + h @ p["encoder_U"])
        r, u = gates[:, :d], gates[:, d:]
        inner = h @ p["encoder_Ux"] + p.get("encoder_bh", 0.0)
        c = np.tanh(x @ p["encoder_Wx"] + p["encoder_bx"] + r * inner)
        h = u * h + (1 - u) * c
    return h


def last_lstm_state(p: Parameters, words: Array) -> Array:
    """c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c'); peepholes: i and f see p ⊙ c, o sees p ⊙ c'."""
    d = p["encoder_U"].shape[0]
    see = p.get("encoder_P", np.zeros((3, d)))
    h, c = np.zeros((words.shape[1], d)), np.zeros((words.shape[1], d))
    for x in words:
        a = x @ p["encoder_W"] + p["encoder_b"] + h @ p["encoder_U"]
        i = sigmoid(a[:, :d] + see[0] * c)
        f = sigmoid(a[:, d : 2 * d] + see[1] * c)
        c = f * c + i * np.tanh(a[:, 3 * d :])
        o = sigmoid(a[:, 2 * d : 3 * d] + see[2] * c)
        h = o * np.tanh(c)
    return h


def last_state(case: Case, p: Parameters, tokens: Array) -> Array:
    """The sentences' states [B, D] before they are brought to unit length."""
    words = p["Wemb"][tokens]
    if case.encoder == "bow":
        return words.sum(axis=0)
    return last_gru_state(p, words) if case.encoder == "gru" else last_lstm_state(p, words)


def vectors(case: Case, p: Parameters, tokens: Array, images: Array) -> tuple[Array, Array]:
    """Sentence and image vectors [B, D] as training has them."""
    projected = images @ p["ff_image_W"] + p["ff_image_b"]
    sentences = unit_rows(last_state(case, p, tokens))
    return sentences, unit_rows(projected) if case.normalize_images else projected


def hinge_arguments(scores: Array, margin: float) -> list[Array]:
    """margin - S_ii + S_ij by rows i, and margin - S_jj + S_ij by columns j, each [B, B - 1]."""
    others = ~np.eye(len(scores), dtype=bool)
    matching = np.diag(scores)[:, None]
    return [(margin - matching + s)[others].reshape(len(s), -1) for s in (scores, scores.T)]


def cost(case: Case, p: Parameters, tokens: Array, images: Array) -> float:
    """The sum of all hinges, or of the largest one of each row and each column."""
    sentences, projected = vectors(case, p, tokens, images)
    total = 0.0
    for arguments in hinge_arguments(projected @ sentences.T, case.margin):
        hinges = np.maximum(arguments, 0)
        total += hinges.sum() if case.loss == "sum" else hinges.max(axis=1).sum()
    return float(total)


# The same in PyTorch, for its derivatives


def torch_cost(case: Case, p: dict[str, torch.Tensor], tokens: Array, images: Array) -> torch.Tensor:
    """The cost from elementary operations, each gate with weights of its own."""
    words = p["Wemb"][torch.from_numpy(tokens.astype(np.int64))]
    h = c = torch.zeros(case.batch, case.dim, dtype=torch.float64)
    see = p.get("encoder_P", torch.zeros(3, case.dim, dtype=torch.float64))
    if case.encoder != "bow":
        w, b, u = (p[f"encoder_{each}"].split(case.dim, dim=-1) for each in ("W", "b", "U"))
    for x in words.unbind(0):
        if case.encoder == "bow":
            h = h + x
        elif case.encoder == "gru":
            reset, update = (torch.sigmoid(x @ w[k] + b[k] + h @ u[k]) for k in (0, 1))
            inner = h @ p["encoder_Ux"] + p.get("encoder_bh", torch.zeros(()))
            h = update * h + (1 - update) * torch.tanh(x @ p["encoder_Wx"] + p["encoder_bx"] + reset * inner)
        else:
            write = torch.sigmoid(x @ w[0] + b[0] + h @ u[0] + see[0] * c)
            keep = torch.sigmoid(x @ w[1] + b[1] + h @ u[1] + see[1] * c)
            c = keep * c + write * torch.tanh(x @ w[3] + b[3] + h @ u[3])
            h = torch.sigmoid(x @ w[2] + b[2] + h @ u[2] + see[2] * c) * torch.tanh(c)
    sentences = h / h.norm(dim=1, keepdim=True)
    projected = torch.from_numpy(images.astype(np.float64)) @ p["ff_image_W"] + p["ff_image_b"]
    if case.normalize_images:
        projected = projected / projected.norm(dim=1, keepdim=True)
    scores = projected @ sentences.t()
    same = torch.eye(case.batch, dtype=torch.bool)
    rows = (case.margin - scores.diagonal()[:, None] + scores).clamp(min=0).masked_fill(same, 0)
    columns = (case.margin - scores.diagonal()[None, :] + scores).clamp(min=0).masked_fill(same, 0)
    if case.loss == "sum":
        return rows.sum() + columns.sum()
    return rows.amax(dim=1).sum() + columns.amax(dim=0).sum()


def derivatives(case: Case, p: Parameters, tokens: Array, images: Array) -> tuple[float, Parameters]:
    """The cost and its gradients by PyTorch."""
    leaves = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in p.items()}
    total = torch_cost(case, leaves, tokens, images)
    total.backward()
    return total.item(), {name: leaf.grad.numpy() for name, leaf in leaves.items()}


# Checks


def is_robust(case: Case, p: Parameters, tokens: Array, images: Array) -> bool:
    """Whether float32 must find the same active hinges, and a fair share of them is active."""
    sentences, projected = vectors(case, p, tokens, images)
    arguments = np.concatenate(hinge_arguments(projected @ sentences.T, case.margin))
    if np.abs(arguments).min() < 1e-3 or not 0.25 < (arguments > 0).mean() < 0.75:
        return False
    if case.loss == "sum":
        return True
    second, largest = np.sort(arguments, axis=1)[:, -2:].T
    return bool((largest - second).min() > 1e-3 and 0.5 < (largest > 0).mean() < 1)


def assert_library_cell_agrees(case: Case, p: Parameters, tokens: Array) -> None:
    """Compares the last state with torch.nn.GRU (gates r, z, n) or torch.nn.LSTM (gates i, f, g, o)."""
    if case.encoder == "bow" or case.peepholes:
        return
    d = case.dim
    if case.encoder == "gru":
        cell = torch.nn.GRU(case.word_dim, d, dtype=torch.float64)
        input_weights = np.hstack([p["encoder_W"], p["encoder_Wx"]])
        state_weights = np.hstack([p["encoder_U"], p["encoder_Ux"]])
        input_bias = np.concatenate([p["encoder_b"], p["encoder_bx"]])
        state_bias = np.concatenate([np.zeros(2 * d), p.get("encoder_bh", np.zeros(d))])
    else:
        cell = torch.nn.LSTM(case.word_dim, d, dtype=torch.float64)
        order = np.concatenate([np.arange(2 * d), np.arange(3 * d, 4 * d), np.arange(2 * d, 3 * d)])
        input_weights, state_weights = p["encoder_W"][:, order], p["encoder_U"][:, order]
        input_bias, state_bias = p["encoder_b"][order], np.zeros(4 * d)
    values = (input_weights.T, state_weights.T, input_bias, state_bias)
    with torch.no_grad():
        for parameter, value in zip(cell.parameters(), values, strict=True):
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(value)))
        states, _ = cell(torch.from_numpy(p["Wemb"][tokens]))
    np.testing.assert_allclose(states[-1].numpy(), last_state(case, p, tokens), rtol=1e-12, atol=1e-13)


def assert_differences_agree(
    case: Case, p: Parameters, gradients: Parameters, tokens: Array, images: Array, seed: int
) -> None:
    """Compares each gradient along a random direction with a central difference of the NumPy pass."""
    random = np.random.default_rng(seed)
    step = 1e-6
    for name, gradient in gradients.items():
        direction = random.standard_normal(gradient.shape)
        ahead = cost(case, p | {name: p[name] + step * direction}, tokens, images)
        behind = cost(case, p | {name: p[name] - step * direction}, tokens, images)
        expected = float((gradient * direction).sum())
        difference = (ahead - behind) / (2 * step)
        np.testing.assert_allclose(difference, expected, rtol=1e-6, atol=1e-7, err_msg=name)


# Writing


def write_arrays(folder: Path, arrays: dict[str, Array], description: dict[str, object]) -> None:
    """Writes NAME.npy for each array, float64 rounded to float32, and case.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        kept = array.astype(np.float32) if array.dtype == np.float64 else array
        np.save(folder / f"{name}.npy", np.ascontiguousarray(kept))
    (folder / "case.json").write_text(json.dumps(description, indent=2) + "\n")


def write_encoder_case(case: Case, folder: Path) -> None:
    """Draws inputs until they are robust, computes, checks and writes one case."""
    for seed in range(10_000):
        random = np.random.default_rng([seed, *case.name.encode()])
        drawn = draw_parameters(case, random)
        tokens = draw_tokens(case, random)
        images = random.standard_normal((case.batch, case.image_dim)).astype(np.float32)
        p = {name: value.astype(np.float64) for name, value in drawn.items()}
        exact_images = images.astype(np.float64)
        if is_robust(case, p, tokens, exact_images):
            break
    else:
        raise AssertionError(f"{case.name}: no seed gives robust hinges")

    total, gradients = derivatives(case, p, tokens, exact_images)
    np.testing.assert_allclose(total, cost(case, p, tokens, exact_images), rtol=1e-12)
    assert_library_cell_agrees(case, p, tokens)
    assert_differences_agree(case, p, gradients, tokens, exact_images, seed)
    sentences, projected = vectors(case, p, tokens, exact_images)
    arrays = {**drawn, "tokens": tokens, "images": images}
    arrays |= {"sentence_vectors": sentences, "image_vectors": projected, "cost": np.array([total])}
    arrays |= {f"grad_{name}": gradient for name, gradient in gradients.items()}
    write_arrays(folder / case.name, arrays, {**case.description(), "cost": total, "seed": seed})


# Adam


@dataclass
class Adam:
    """Adam in the original's form or in Kingma and Ba's, with weight decay and clipping before it.

    kiros: rate · √(1 - 0.001ᵗ) / (1 - 0.1ᵗ) · m / (√v + 1e-8): the corrections have the new value's weights.
    standard: rate · m̂ / (√v̂ + 1e-8) with m̂ = m / (1 - 0.9ᵗ), v̂ = v / (1 - 0.999ᵗ), as Algorithm 1 of
    https://arxiv.org/abs/1412.6980 and PyTorch have it: epsilon beside the corrected root.
    """

    form: str
    rate: float
    decay: float
    clip: float

    def penalty(self, parameters: Array) -> float:
        return self.decay * float((parameters * parameters).sum())

    def total_gradient(self, parameters: Array, gradient: Array) -> Array:
        """The gradient with that of decay · Σθ², not clipped yet."""
        return gradient + 2 * self.decay * parameters

    def clipped(self, gradient: Array) -> Array:
        """The gradient, no longer than `clip` where that is above 0."""
        norm = np.linalg.norm(gradient)
        return gradient * (self.clip / norm) if 0 < self.clip < norm else gradient

    def step(
        self, t: int, parameters: Array, gradient: Array, m: Array, v: Array
    ) -> tuple[Array, Array, Array]:
        """Parameters and moments after update t, counted from 1."""
        m = 0.1 * gradient + 0.9 * m
        v = 0.001 * gradient * gradient + 0.999 * v
        if self.form == "kiros":
            rate = self.rate * np.sqrt(1 - 0.001**t) / (1 - 0.1**t)
            return parameters - rate * m / (np.sqrt(v) + 1e-8), m, v
        corrected_m, corrected_v = m / (1 - 0.9**t), v / (1 - 0.999**t)
        return parameters - self.rate * corrected_m / (np.sqrt(corrected_v) + 1e-8), m, v


def assert_torch_adam_agrees(adam: Adam, clipped_gradients: Array, trace: Array, initial: Array) -> None:
    """Compares the standard form with torch.optim.Adam on the gradients that reached the update."""
    parameter = torch.nn.Parameter(torch.from_numpy(initial.astype(np.float64)))
    optimizer = torch.optim.Adam([parameter], lr=adam.rate, eps=1e-8)
    for gradient, expected in zip(clipped_gradients, trace, strict=True):
        parameter.grad = torch.from_numpy(gradient.copy())
        optimizer.step()
        np.testing.assert_allclose(parameter.detach().numpy(), expected, rtol=1e-12, atol=1e-14)


def write_adam_case(adam: Adam, name: str, folder: Path, updates: int = 5, size: int = 13) -> None:
    """Runs, checks and writes one case; gradients grow and shrink so that clipping acts on some of them."""
    random = np.random.default_rng(7)
    initial = random.standard_normal(size).astype(np.float32)
    lengths = np.array([0.2, 1.5, 0.1, 0.9, 0.01])[:, None]
    gradients = (lengths * random.standard_normal((updates, size))).astype(np.float32)
    gradients[:, 3] = 0  # a parameter that only weight decay moves

    parameters, m, v = initial.astype(np.float64), np.zeros(size), np.zeros(size)
    rows: dict[str, list[Array | float]] = {}
    used = []
    for t, given in enumerate(gradients.astype(np.float64), start=1):
        total = adam.total_gradient(parameters, given)
        penalty = adam.penalty(parameters)
        used.append(adam.clipped(total))
        parameters, m, v = adam.step(t, parameters, used[-1], m, v)
        results = {"parameters": parameters, "first_moments": m, "second_moments": v}
        for key, value in {**results, "penalties": penalty, "gradient_norms": np.linalg.norm(total)}.items():
            rows.setdefault(key, []).append(value)
    norms = np.array(rows["gradient_norms"])
    if adam.clip > 0:
        assert 0 < (norms > adam.clip).sum() < updates, norms
        assert np.abs(norms - adam.clip).min() > 1e-2, norms
    if adam.form == "standard":
        assert_torch_adam_agrees(adam, np.array(used), np.array(rows["parameters"]), initial)

    arrays = {"initial": initial, "gradients": gradients}
    arrays |= {key: np.array(value) for key, value in rows.items()}
    description = {"form": adam.form, "learningRate": adam.rate, "weightDecay": adam.decay, "clip": adam.clip}
    write_arrays(folder / name, arrays, {**description, "updates": updates, "size": size})


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for case in cases():
        write_encoder_case(case, folder / "encoders")
    for form in ("kiros", "standard"):
        write_adam_case(Adam(form, rate=0.01, decay=0, clip=0), f"{form}-plain", folder / "adam")
        write_adam_case(Adam(form, rate=0.01, decay=0.05, clip=2), f"{form}-decay_clip", folder / "adam")


if __name__ == "__main__":
    main()
