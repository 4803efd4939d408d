#!/usr/bin/env python3
"""Writes goldens of AdamW and of the average of the weights, computed in float64.

    python3 make_adamw_goldens.py [FOLDER]      (FOLDER: where this script is; needs numpy and torch)

FOLDER/adam/adamw-CASE/ holds what make_encoder_goldens.py writes for the other forms of Adam: `initial` [n],
`gradients` [5, n], and for each of five updates the parameters, both moments and the norm of all gradients
before clipping; and `averages` [5, n], the moving average after each update. The first `undecayed` parameters
stand for a bias and are not decayed.

The updates are written in NumPy from algorithm 2 of https://arxiv.org/abs/1711.05101 in PyTorch's form (the
decay is multiplied by the rate), and the script asserts that torch.optim.AdamW agrees.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

Array = np.ndarray
UNDECAYED, SIZE, UPDATES = 5, 13, 5
EMA_DECAY = 0.25  # exact in float32; update n averages with min(0.25, (1 + n) / (10 + n))


def update(t: int, theta: Array, g: Array, m: Array, v: Array, rate: float, decay: Array) -> tuple[Array, ...]:
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    corrected_m, corrected_v = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return theta - rate * decay * theta - rate * corrected_m / (np.sqrt(corrected_v) + 1e-8), m, v


def assert_torch_agrees(initial: Array, used: list[Array], trace: list[Array], rate: float, decay: float) -> None:
    parts = [torch.nn.Parameter(torch.from_numpy(each.copy())) for each in np.split(initial, [UNDECAYED])]
    optimizer = torch.optim.AdamW(
        [{"params": parts[:1], "weight_decay": 0.0}, {"params": parts[1:], "weight_decay": decay}], lr=rate, eps=1e-8
    )
    for gradient, expected in zip(used, trace, strict=True):
        for part, values in zip(parts, np.split(gradient, [UNDECAYED]), strict=True):
            part.grad = torch.from_numpy(values.copy())
        optimizer.step()
        found = np.concatenate([part.detach().numpy() for part in parts])
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def write(name: str, folder: Path, rate: float, decay: float, clip: float) -> None:
    random = np.random.default_rng(11)
    initial = random.standard_normal(SIZE).astype(np.float32)
    lengths = np.array([0.2, 1.5, 0.1, 0.9, 0.01])[:, None]
    gradients = (lengths * random.standard_normal((UPDATES, SIZE))).astype(np.float32)
    gradients[:, [2, 7]] = 0  # one that nothing moves, and one that only the decay moves
    decays = np.where(np.arange(SIZE) < UNDECAYED, 0.0, decay)

    theta = average = initial.astype(np.float64)
    m = v = np.zeros(SIZE)
    keys = ("parameters", "first_moments", "second_moments", "gradient_norms", "averages")
    rows: dict[str, list[Array]] = {key: [] for key in keys}
    used = []
    for t, gradient in enumerate(gradients.astype(np.float64), start=1):
        norm = np.linalg.norm(gradient)
        used.append(gradient * (clip / norm) if 0 < clip < norm else gradient)
        theta, m, v = update(t, theta, used[-1], m, v, rate, decays)
        kept = min(EMA_DECAY, (1 + t) / (10 + t))
        average = kept * average + (1 - kept) * theta
        for key, value in zip(keys, (theta, m, v, norm, average), strict=True):
            rows[key].append(value)
    assert_torch_agrees(initial.astype(np.float64), used, rows["parameters"], rate, decay)

    place = folder / "adam" / name
    place.mkdir(parents=True, exist_ok=True)
    arrays = {"initial": initial, "gradients": gradients} | {key: np.array(value) for key, value in rows.items()}
    for key, array in arrays.items():
        np.save(place / f"{key}.npy", array.astype(np.float32))
    description = {"form": "adamw", "learningRate": rate, "weightDecay": decay, "clip": clip}
    description |= {"averageDecay": EMA_DECAY, "updates": UPDATES, "size": SIZE, "undecayed": UNDECAYED}
    (place / "case.json").write_text(json.dumps(description, indent=2) + "\n")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    write("adamw-plain", folder, rate=0.01, decay=0.0, clip=0.0)
    write("adamw-decay_clip", folder, rate=0.01, decay=0.5, clip=2.0)


if __name__ == "__main__":
    main()
