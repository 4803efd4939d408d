#!/usr/bin/env python3
"""Ranks of 5,000 images and 25,000 captions both ways in PyTorch: the peer of `vse benchmark evaluate`.

Scores are made a block of images at a time and each block serves both directions, so the matrix products are
done once and the whole score matrix never exists. An image's rank is that of its best own caption among the
captions of other images, a caption's rank is that of its image among the other images; equal scores count
against the model. (A matching score is summed in another order than the products sum theirs, so ranks of
duplicate vectors may differ by rounding: right for a measurement, not for a published figure.)

Prints one line of JSON; an item is a caption.
"""

import torch
from torch import Tensor, nn

from measuring import described_parser, measure, report

IMAGES, CAPTIONS_PER_IMAGE, DIM, BLOCK = 5000, 5, 1024, 500


def ranks(
    images: Tensor, captions: Tensor, image_of_caption: Tensor, block: int = BLOCK
) -> tuple[Tensor, Tensor]:
    """Annotation ranks [N] and search ranks [C], from 0, of images [N, D] and captions [C, D]."""
    matching = torch.cat(
        [
            (images[owners] * part).sum(dim=1)
            for owners, part in zip(image_of_caption.split(block), captions.split(block))
        ]
    )
    lowest = torch.full((len(images),), -torch.inf)
    best = lowest.scatter_reduce(0, image_of_caption, matching, "amax")
    columns = torch.arange(len(captions))
    annotation = torch.empty(len(images), dtype=torch.int64)
    search = torch.zeros(len(captions), dtype=torch.int64)
    for start in range(0, len(images), block):
        part = images[start : start + block]
        scores = part @ captions.t()
        own = (image_of_caption >= start) & (image_of_caption < start + len(part))
        scores[image_of_caption[own] - start, columns[own]] = -torch.inf
        annotation[start : start + len(part)] = (
            (scores >= best[start : start + len(part), None]).sum(dim=1, dtype=torch.int32)
        )
        search += (scores >= matching).sum(dim=0, dtype=torch.int32)
    return annotation, search


def recalls(ranks: Tensor) -> list[float]:
    """Recall at 1, 5 and 10 in percent."""
    return [100 * (ranks < k).double().mean().item() for k in (1, 5, 10)]


def main() -> None:
    parser = described_parser(__doc__)
    parser.add_argument("--precision", choices=["float32"], default="float32")
    parser.add_argument("--steps", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    owners = torch.arange(IMAGES).repeat_interleave(CAPTIONS_PER_IMAGE)
    images = nn.functional.normalize(torch.randn(IMAGES, DIM), dim=1)
    captions = nn.functional.normalize(0.1 * images[owners] + 0.03 * torch.randn(len(owners), DIM), dim=1)

    def evaluate() -> float:
        return sum(sum(recalls(each)) for each in ranks(images, captions, owners))

    with torch.inference_mode():
        times = measure(evaluate, warmups=1, steps=options.steps)
    report("evaluate", times, len(owners), options.precision, options.threads)


if __name__ == "__main__":
    main()
