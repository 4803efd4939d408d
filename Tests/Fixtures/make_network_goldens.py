#!/usr/bin/env python3
"""Writes goldens of small convolutional networks: their weights in every format, photos, and what PyTorch makes.

    python3 make_network_goldens.py [FOLDER]      (FOLDER: where this script is; needs numpy and torch)

FOLDER/networks/CASE.safetensors holds weights drawn at random under PyTorch's names. Beside it CASE.golden.safetensors
holds `photos` [B, 3, H, W] and what comes out: `features` (float64 arithmetic, rounded), and for the networks of
MobileNet's layers `features_same`, in which the convolutions are padded as TensorFlow pads them.

`vgg` is also there as `vgg.pth` (torch.save of the state), `vgg.pkl` (as Lasagne's users saved networks with Python 2:
a dictionary with a list of arrays, dense weights [inputs, outputs]) and `vgg.python3.pkl` (the same, protocol 4).
"""

import json
import pickle
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

BATCH = 3
EPSILON = 1e-3
State = dict[str, Tensor]


def vgg_state() -> State:
    """Two convolutions, a pool, one more, a pool and two dense layers, over 20 × 12 pixels."""
    shapes = {
        "features.0": (8, 3, 3, 3), "features.2": (20, 8, 3, 3), "features.5": (16, 20, 3, 3),
        "classifier.0": (24, 16 * 5 * 3), "classifier.3": (10, 24),
    }  # fmt: skip
    state = {}
    for name, shape in shapes.items():
        state[f"{name}.weight"] = torch.randn(shape) * (2 / np.prod(shape[1:])) ** 0.5
        state[f"{name}.bias"] = torch.randn(shape[0]) * 0.2
    return state


def vgg(state: State, photos: Tensor) -> Tensor:
    def convolution(name: str, x: Tensor) -> Tensor:
        return functional.conv2d(x, state[f"{name}.weight"], state[f"{name}.bias"], padding=1).relu()

    x = convolution("features.2", convolution("features.0", photos))
    x = functional.max_pool2d(x, 2)
    x = functional.max_pool2d(convolution("features.5", x), 2).flatten(1)
    x = functional.linear(x, state["classifier.0.weight"], state["classifier.0.bias"]).relu()
    return functional.linear(x, state["classifier.3.weight"], state["classifier.3.bias"])


# Name, normalization, outputs, inputs of a filter, side, stride, groups, activation.
Layer = tuple[str, str, int, int, int, int, int, bool]
SEPARABLE: list[Layer] = [
    ("stem", "stem_bn", 12, 3, 3, 2, 1, True),
    ("dw1", "bn1", 12, 1, 3, 1, 12, True),
    ("pw1", "bn2", 20, 12, 1, 1, 1, True),
    ("dw2", "bn3", 20, 1, 3, 2, 20, True),
    ("pw2", "bn4", 32, 20, 1, 1, 1, True),
]
# Two inverted residuals on one another, after a stem that they cannot be joined with.
RESIDUAL_STEM: list[Layer] = [("stem", "stem_bn", 16, 3, 3, 2, 1, True), ("down", "down_bn", 12, 16, 1, 1, 1, False)]
RESIDUAL_BLOCKS: list[list[Layer]] = [
    [
        (f"block{i}.wide", f"block{i}.bn1", 24, 12, 1, 1, 1, True),
        (f"block{i}.deep", f"block{i}.bn2", 24, 1, 3, 1, 24, True),
        (f"block{i}.narrow", f"block{i}.bn3", 12, 24, 1, 1, 1, False),
    ]
    for i in (1, 2)
]
RESIDUAL_HEAD: list[Layer] = [("head", "head_bn", 40, 12, 1, 1, 1, True)]


def normalized_state(layers: list[Layer]) -> State:
    state = {}
    for name, normalization, outputs, inputs, side, *_ in layers:
        fan = inputs * side * side
        state[f"{name}.weight"] = torch.randn(outputs, inputs, side, side) * (2 / fan) ** 0.5
        state[f"{normalization}.weight"] = torch.rand(outputs) + 0.5
        state[f"{normalization}.bias"] = torch.randn(outputs) * 0.3 + 0.2
        state[f"{normalization}.running_mean"] = torch.randn(outputs) * 0.2
        state[f"{normalization}.running_var"] = torch.rand(outputs) + 0.3
    return state


def around(size: int, side: int, stride: int, same: bool) -> tuple[int, int]:
    """Zeros before and after a dimension."""
    if not same:
        return (side - 1) // 2, (side - 1) // 2
    zeros = max(0, (-(-size // stride) - 1) * stride + side - size)
    return zeros // 2, zeros - zeros // 2


def run(layers: list[Layer], state: State, x: Tensor, same: bool) -> Tensor:
    for name, normalization, _, _, side, stride, groups, activation in layers:
        rows, columns = (around(size, side, stride, same) for size in x.shape[2:])
        x = functional.conv2d(
            functional.pad(x, (*columns, *rows)), state[f"{name}.weight"], stride=stride, groups=groups
        )
        parts = [state[f"{normalization}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        x = functional.batch_norm(x, *parts, eps=EPSILON)
        if activation:
            x = functional.relu6(x)
    return x


def separable(state: State, photos: Tensor, same: bool) -> Tensor:
    return run(SEPARABLE, state, photos, same).mean((2, 3))


def residual(state: State, photos: Tensor, same: bool) -> Tensor:
    x = run(RESIDUAL_STEM, state, photos, same)
    for block in RESIDUAL_BLOCKS:
        x = x + run(block, state, x, same)
    return run(RESIDUAL_HEAD, state, x, same).mean((2, 3))


def write_safetensors(path: Path, arrays: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """https://huggingface.co/docs/safetensors: the length of a JSON header, the header, the numbers."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    data = b""
    for name, array in arrays.items():
        part = np.ascontiguousarray(array, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Python2Pickler(pickle._Pickler):
    """Writes strings as Python 2's protocol 2 does: as the bytes that they are there."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_bytes(self, value: bytes) -> None:
        self.write(b"T" + struct.pack("<i", len(value)) + value)

    def save_str(self, value: str) -> None:
        self.save_bytes(value.encode("latin-1"))

    dispatch[bytes] = save_bytes
    dispatch[str] = save_str


def write_lasagne(folder: Path, state: State) -> None:
    values = [np.ascontiguousarray(each.T if each.ndim == 2 else each) for each in map(Tensor.numpy, state.values())]
    saved = {"model type": "vgg19", "param values": values, "mean value": np.array([103.939, 116.779, 123.68])}
    with (folder / "vgg.pkl").open("wb") as file:
        Python2Pickler(file, protocol=2).dump(saved)
    data = (folder / "vgg.pkl").read_bytes()
    (folder / "vgg.pkl").write_bytes(data.replace(b"cnumpy._core.", b"cnumpy.core."))
    (folder / "vgg.python3.pkl").write_bytes(pickle.dumps(saved, protocol=4))


def doubled(state: State) -> State:
    return {name: each.double() for name, each in state.items()}


def write_case(
    folder: Path, name: str, state: State, size: tuple[int, int], outputs: dict[str, Callable[[State, Tensor], Tensor]],
    metadata: dict[str, str],
) -> None:  # fmt: skip
    photos = torch.randn(BATCH, 3, *size)
    golden = {"photos": photos.numpy()}
    for label, network in outputs.items():
        golden[label] = network(doubled(state), photos.double()).numpy()
    write_safetensors(folder / f"{name}.safetensors", {key: each.numpy() for key, each in state.items()}, metadata)
    write_safetensors(folder / f"{name}.golden.safetensors", golden, {})


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent) / "networks"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(20)
    state = vgg_state()
    write_case(folder, "vgg", state, (20, 12), {"features": vgg}, {})
    torch.save(state, folder / "vgg.pth")
    write_lasagne(folder, state)
    for name, layers, network, size in (
        ("separable", SEPARABLE, separable, (24, 19)),
        ("residual", RESIDUAL_STEM + RESIDUAL_BLOCKS[0] + RESIDUAL_BLOCKS[1] + RESIDUAL_HEAD, residual, (22, 17)),
    ):
        outputs = {
            "features": lambda state, x, network=network: network(state, x, False),
            "features_same": lambda state, x, network=network: network(state, x, True),
        }
        metadata = {
            "batch_norm_epsilon": str(EPSILON), "padding": "same, as TensorFlow pads",
            "input": "224 x 224 RGB, the photo squashed to the square, (value - 128) / 128",
        }  # fmt: skip
        write_case(folder, name, normalized_state(layers), size, outputs, metadata)


if __name__ == "__main__":
    main()
