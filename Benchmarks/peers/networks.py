#!/usr/bin/env python3
"""VGG-19 to fc7, or MobileNet v1 and v2 after each other, in PyTorch: the peer of `vse benchmark vgg19` and
`mobilenet`.

A pass takes a minibatch of random photos that are already prepared. Weights are random; batch normalizations are
folded away, as they are in ours. Configurations:

    plain      modules in evaluation mode
    channels   the same with memory in the order of channels last
    frozen     traced, frozen and optimised for inference, channels last
    blocked    weights in oneDNN's blocked layout (torch.utils.mkldnn), layouts kept between layers; has no ReLU6
    compiled   torch.compile with freezing and the most autotuning, channels last

Prints one line of JSON.
"""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from measuring import described_parser, measure, report

CONFIGURATIONS = ("plain", "channels", "frozen", "blocked", "compiled")


def vgg19() -> nn.Module:
    layers: list[nn.Module] = []
    inputs = 3
    for count, channels in ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512)):
        for _ in range(count):
            layers += [nn.Conv2d(inputs, channels, 3, padding=1), nn.ReLU()]
            inputs = channels
        layers.append(nn.MaxPool2d(2))
    dense = [nn.Linear(25088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), *dense)


def convolution(inputs: int, outputs: int, side: int, stride: int, groups: int, activation: bool) -> list[nn.Module]:
    layer = nn.Conv2d(inputs, outputs, side, stride, padding=side // 2, groups=groups)
    return [layer, nn.ReLU6()] if activation else [layer]


def mobilenet_v1() -> nn.Module:
    layers = convolution(3, 32, 3, 2, 1, True)
    inputs = 32
    blocks = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
    for channels, stride in blocks:
        layers += convolution(inputs, inputs, 3, stride, inputs, True)
        layers += convolution(inputs, channels, 1, 1, 1, True)
        inputs = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Residual(nn.Sequential):
    def forward(self, x: Tensor) -> Tensor:
        return x + super().forward(x)


def mobilenet_v2() -> nn.Module:
    layers = convolution(3, 32, 3, 2, 1, True)
    inputs = 32
    stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, channels, repetitions, first_stride in stages:
        for repetition in range(repetitions):
            stride = first_stride if repetition == 0 else 1
            inner = inputs * expansion
            block = convolution(inputs, inner, 1, 1, 1, True) if expansion > 1 else []
            block += convolution(inner, inner, 3, stride, inner, True)
            block += convolution(inner, channels, 1, 1, 1, False)
            layers.append(Residual(*block) if repetition > 0 else nn.Sequential(*block))
            inputs = channels
    layers += convolution(320, 1280, 1, 1, 1, True)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Both(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = mobilenet_v1(), mobilenet_v2()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.first(x), self.second(x)


def prepared(network: nn.Module, photos: Tensor, configuration: str) -> Callable[[], object]:
    """The network in a configuration, to be called on photos that it was made for."""
    if configuration not in ("plain", "blocked"):
        network = network.to(memory_format=torch.channels_last)
        photos = photos.to(memory_format=torch.channels_last)
    if configuration == "frozen":
        traced = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(network, photos)))
        return lambda: traced(photos)
    if configuration == "blocked":
        from torch.utils import mkldnn

        blocked = mkldnn.to_mkldnn(network, photos.dtype)
        return lambda: blocked(photos.to_mkldnn())
    if configuration == "compiled":
        from torch._inductor import config

        config.freezing = True
        compiled = torch.compile(network, mode="max-autotune")
        return lambda: compiled(photos)
    return lambda: network(photos)


def main() -> None:
    parser = described_parser(__doc__)
    parser.add_argument("network", choices=["vgg19", "mobilenet"])
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--configuration", choices=CONFIGURATIONS, default="channels")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    warnings.filterwarnings("ignore")
    network = (vgg19() if options.network == "vgg19" else Both()).eval().to(getattr(torch, options.precision))
    photos = torch.randn(options.batch_size, 3, 224, 224).to(getattr(torch, options.precision))
    steps = options.steps or (5 if options.network == "vgg19" else 20)
    with torch.inference_mode(options.configuration not in ("frozen", "compiled")), torch.no_grad():
        times = measure(prepared(network, photos, options.configuration), warmups=2, steps=steps)
    name = f"{options.network} {options.configuration}"
    report(name, times, options.batch_size, options.precision, options.threads)


if __name__ == "__main__":
    main()
