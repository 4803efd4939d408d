#!/usr/bin/env python3
"""Writes goldens of the losses over a minibatch's scores, computed in float64.

    python3 make_loss_goldens.py [FOLDER]      (FOLDER: where this script is; needs numpy and torch)

FOLDER/losses/CASE/ holds `case.json` (the loss, its constants, the image of each pair, whether captions of one
image are left out of each other's negatives, the cost, and its derivatives by the scale and the bias), `scores`
[B, B], images by sentences, and `gradient` [B, B], the cost's derivative by them.

Scores are drawn, rounded to float32, and everything else is computed from them in float64. Each cost is written
twice: in NumPy one pair after the other, straight from its formula, and in PyTorch with that library's own
cross_entropy, logsigmoid and clamp. The script asserts that the two agree, and that central differences of the
NumPy cost agree with PyTorch's derivatives. No hinge lies near its kink and no largest hinge has a close second.
"""

import json
import sys
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

Array = np.ndarray
MARGIN = 0.25  # exact in float32
IMAGES = [3, 0, 1, 3, 2, 2, 3, 9, 4]  # three captions of one image, two of another


@dataclass(frozen=True)
class Case:
    loss: str
    excludes: bool
    scale: float = 1.0
    bias: float = 0.0
    images: list[int] = field(default_factory=lambda: IMAGES)
    scores: str = "spread"
    label: str = ""

    @property
    def name(self) -> str:
        return "-".join([self.loss] + ["excluding"] * self.excludes + [self.label] * bool(self.label))

    def are_negatives(self, i: int, j: int) -> bool:
        return i != j and not (self.excludes and self.images[i] == self.images[j])

    def mask(self) -> Array:
        pairs = range(len(self.images))
        return np.array([[self.are_negatives(i, j) for j in pairs] for i in pairs])


def cases() -> list[Case]:
    constants = {"infonce": {"scale": 14.25}, "sigmoid": {"scale": 10.5, "bias": -9.5}, "sum": {}, "max": {}}
    every = [
        Case(loss, excludes, **values) for (loss, values), excludes in product(constants.items(), (False, True))
    ]
    for loss in ("infonce", "sigmoid"):
        values = constants[loss]
        every += [
            Case(loss, True, images=[5, 5], label="two_of_one_image", **values),
            Case(loss, False, images=[5, 6], label="two", **values),
            Case(loss, True, images=[1, 1, 1, 1], label="all_of_one_image", **values),
            Case(loss, False, **values | {"scale": 100.0}, scores="bounds", label="bounds"),
            Case(loss, False, **values | {"scale": 1e4}, scores="bounds", label="huge_scale"),
            Case(loss, True, **values | {"scale": 1e-3}, label="tiny_scale"),
            Case(loss, False, **values | {"scale": 40.0}, scores="separated", label="separated"),
        ]
    return every


def draw(case: Case, random: np.random.Generator) -> Array:
    size = len(case.images)
    scores = random.uniform(-0.4, 0.8, (size, size))
    if case.scores == "bounds":  # cosines at their bounds, where exponentials overflow first
        scores = random.choice([-1.0, -0.5, 1.0], (size, size))
    elif case.scores == "separated":  # a loss near 0, with gradients that must keep their digits
        scores = random.uniform(-0.2, 0.2, (size, size)) + 0.7 * np.eye(size)
    return scores.astype(np.float32)


# From the formulas, in NumPy


def hinge_lists(case: Case, s: Array) -> list[list[float]]:
    """The arguments of the hinges of each row, then of each column."""
    pairs = range(len(s))
    rows = [[MARGIN - s[i, i] + s[i, j] for j in pairs if case.are_negatives(i, j)] for i in pairs]
    columns = [[MARGIN - s[j, j] + s[i, j] for i in pairs if case.are_negatives(i, j)] for j in pairs]
    return rows + columns


def softplus(x: float) -> float:
    return float(np.logaddexp(0, x))


def cost(case: Case, s: Array, scale: float, bias: float) -> float:
    pairs = range(len(s))
    if case.loss in ("sum", "max"):
        hinges = [[max(0.0, x) for x in each] for each in hinge_lists(case, s)]
        return sum(sum(each) if case.loss == "sum" else max(each, default=0.0) for each in hinges)
    if case.loss == "infonce":
        total = 0.0
        for scores in (s, s.T):
            for i in pairs:
                logits = [scale * scores[i, j] for j in pairs if j == i or case.are_negatives(i, j)]
                total += np.logaddexp.reduce(logits) - scale * scores[i, i]
        return float(total / (2 * len(s)))
    total = sum(softplus(-scale * s[i, i] - bias) for i in pairs)
    total += sum(softplus(scale * s[i, j] + bias) for i in pairs for j in pairs if case.are_negatives(i, j))
    return total / len(s)


# With PyTorch's functions, for its derivatives


def torch_cost(case: Case, s: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    size = len(s)
    negatives = torch.from_numpy(case.mask())
    own = torch.eye(size, dtype=torch.bool)
    if case.loss in ("sum", "max"):
        diagonal = s.diagonal()
        rows = (MARGIN - diagonal[:, None] + s).clamp(min=0).masked_fill(~negatives, 0)
        columns = (MARGIN - diagonal[None, :] + s).clamp(min=0).masked_fill(~negatives, 0)
        if case.loss == "sum":
            return rows.sum() + columns.sum()
        return rows.amax(dim=1).sum() + columns.amax(dim=0).sum()
    if case.loss == "infonce":
        logits = (scale * s).masked_fill(~(negatives | own), -torch.inf)
        target = torch.arange(size)
        return (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)) / 2
    labels = torch.where(own, 1.0, -1.0).double()
    terms = F.logsigmoid(labels * (scale * s + bias))
    return -terms.masked_fill(~(negatives | own), 0).sum() / size


def derivatives(case: Case, s: Array) -> tuple[float, Array, float, float]:
    scores = torch.tensor(s, dtype=torch.float64, requires_grad=True)
    scale = torch.tensor(case.scale, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(case.bias, dtype=torch.float64, requires_grad=True)
    total = torch_cost(case, scores, scale, bias)
    gradient = torch.autograd.grad(total, [scores, scale, bias], allow_unused=True)
    return total.item(), gradient[0].numpy(), *(0.0 if g is None else g.item() for g in gradient[1:])


# Checks and writing


def is_robust(case: Case, s: Array) -> bool:
    if case.loss not in ("sum", "max"):
        return True
    lists = [sorted(each) for each in hinge_lists(case, s.astype(np.float64)) if each]
    if min(abs(x) for each in lists for x in each) < 1e-3:
        return False
    return case.loss == "sum" or all(each[-1] - each[-2] > 1e-3 for each in lists if len(each) > 1)


def assert_differences_agree(case: Case, s: Array, gradient: Array, by_scale: float, by_bias: float) -> None:
    step = 1e-6
    for i, j in product(range(len(s)), repeat=2):
        change = np.zeros_like(s)
        change[i, j] = step
        ahead, behind = (cost(case, s + sign * change, case.scale, case.bias) for sign in (1, -1))
        np.testing.assert_allclose((ahead - behind) / (2 * step), gradient[i, j], rtol=1e-4, atol=2e-7)
    relative = step * case.scale
    ahead, behind = (cost(case, s, case.scale + sign * relative, case.bias) for sign in (1, -1))
    np.testing.assert_allclose((ahead - behind) / (2 * relative), by_scale, rtol=1e-5, atol=1e-8)
    ahead, behind = (cost(case, s, case.scale, case.bias + sign * step) for sign in (1, -1))
    np.testing.assert_allclose((ahead - behind) / (2 * step), by_bias, rtol=1e-5, atol=1e-8)


def write(case: Case, folder: Path) -> None:
    for seed in range(1000):
        drawn = draw(case, np.random.default_rng([seed, *case.name.encode()]))
        if is_robust(case, drawn):
            break
    else:
        raise AssertionError(f"{case.name}: no seed gives robust hinges")
    s = drawn.astype(np.float64)
    total, gradient, by_scale, by_bias = derivatives(case, s)
    np.testing.assert_allclose(total, cost(case, s, case.scale, case.bias), rtol=1e-11, atol=1e-14)
    if case.scale <= 100:  # beyond, a difference spans more than the function's bends
        assert_differences_agree(case, s, gradient, by_scale, by_bias)
    place = folder / case.name
    place.mkdir(parents=True, exist_ok=True)
    np.save(place / "scores.npy", drawn)
    np.save(place / "gradient.npy", gradient.astype(np.float32))
    description = {
        "loss": case.loss,
        "excludesSameImage": case.excludes,
        "margin": MARGIN,
        "scale": case.scale,
        "bias": case.bias,
        "images": case.images,
        "cost": total,
        "scaleGradient": by_scale,
        "biasGradient": by_bias,
        "seed": seed,
    }
    (place / "case.json").write_text(json.dumps(description) + "\n")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for case in cases():
        write(case, folder / "losses")


if __name__ == "__main__":
    main()
