#!/usr/bin/env python3
"""Trains a visual-semantic embedding in PyTorch and scores it: the peer of `vse train` and `vse evaluate`.

Configurations (`--configuration`):
  vse++          VSE++'s published settings (Faghri et al. 2018): GRU, its last state, the hardest negatives from
                 the start, margin 0.2, Adam 0.0002 divided by 10 after 15 of 30 epochs, words seen 4 times or more
  infonce        GRU, its last state, InfoNCE with a learned temperature, dropout 0.2 on word vectors and features,
                 Adam 0.0005 divided by 10 after 8 of 12 epochs
  bidirectional  a GRU of both directions, averaged, and their mean over time, InfoNCE, dropout 0.3 on word
                 vectors, features and sentence, Adam 0.0005 divided by 10 after 8 of 12 epochs

Reads the Kiros layout (NAME_{train,dev,test}_{caps.txt,ims.npy}, a feature row a caption, five captions an image).
Minibatches of 128 captions of one length; bfloat16 products under autocast. The epoch with the best sum of recalls
on the development split is kept and scored once on the test split. Prints a line for each epoch on standard
error and one line of JSON: the scores, and the training seconds until the development sum first reached each of
`--reach` (scoring not counted).
"""

import argparse
import copy
import dataclasses
import json
import pathlib
import sys
import time
from collections import Counter
from collections.abc import Iterator

import numpy
import torch
from torch import Tensor, nn

from evaluate import recalls
from measuring import cpu_name, described_parser

BATCH, DIM, WORD_DIM, CAPTIONS_PER_IMAGE = 128, 1024, 300, 5
END, UNKNOWN, FIRST_WORD = 0, 1, 2
MARGIN, CLIP, LARGEST_SCALE = 0.2, 2.0, 100.0
SPLITS = ("train", "dev", "test")


@dataclasses.dataclass(frozen=True)
class Settings:
    """What tells one configuration from another."""

    contrastive: bool
    bidirectional: bool
    dropout: float
    sentence_dropout: float
    learning_rate: float
    epochs: int
    decay_after: int
    rarest: int


CONFIGURATIONS = {
    "vse++": Settings(False, False, 0.0, 0.0, 0.0002, 30, 15, 4),
    "infonce": Settings(True, False, 0.2, 0.0, 0.0005, 12, 8, 1),
    "bidirectional": Settings(True, True, 0.3, 0.3, 0.0005, 12, 8, 1),
}


@dataclasses.dataclass(frozen=True)
class Split:
    """Captions as word indices, and their images."""

    captions: list[list[int]]
    features: Tensor  # [C / captions an image, I], float32


def read_split(folder: pathlib.Path, split: str) -> tuple[list[list[str]], Tensor]:
    """The words of each caption and a feature row an image."""
    (captions,) = folder.glob(f"*_{split}_caps.txt")
    (features,) = folder.glob(f"*_{split}_ims.npy")
    lines = captions.read_text(encoding="utf-8").splitlines()
    rows = numpy.load(features, mmap_mode="r")
    step = CAPTIONS_PER_IMAGE if len(rows) == len(lines) else 1
    return [line.split() for line in lines], torch.from_numpy(numpy.array(rows[::step], dtype=numpy.float32))


def read_dataset(folder: pathlib.Path, rarest: int) -> tuple[dict[str, Split], int]:
    """The splits, and the number of word indices: words of the training split seen `rarest` times or more."""
    raw = {split: read_split(folder, split) for split in SPLITS}
    counts = Counter(word for caption in raw["train"][0] for word in caption)
    words = [word for word, count in counts.most_common() if count >= rarest]
    index = {word: number + FIRST_WORD for number, word in enumerate(words)}
    splits = {
        split: Split([[index.get(word, UNKNOWN) for word in caption] + [END] for caption in captions], features)
        for split, (captions, features) in raw.items()
    }
    return splits, len(index) + FIRST_WORD


class Model(nn.Module):
    """Images and sentences in one space of unit vectors."""

    def __init__(self, settings: Settings, words: int, image_dim: int) -> None:
        super().__init__()
        self.settings = settings
        self.words = nn.Embedding(words, WORD_DIM)
        nn.init.uniform_(self.words.weight, -0.1, 0.1)
        self.recurrent = nn.GRU(WORD_DIM, DIM, bidirectional=settings.bidirectional)
        self.projection = nn.Linear(image_dim, DIM)
        nn.init.xavier_uniform_(self.projection.weight)
        nn.init.zeros_(self.projection.bias)
        self.log_scale = nn.Parameter(torch.tensor(1 / 0.07).log(), requires_grad=settings.contrastive)
        self.dropout = nn.Dropout(settings.dropout)
        self.sentence_dropout = nn.Dropout(settings.sentence_dropout)

    def sentences(self, tokens: Tensor) -> Tensor:
        """Unit vectors [B, D] of sentences of one length [T, B]."""
        states, last = self.recurrent(self.dropout(self.words(tokens)))
        if self.settings.bidirectional:
            states = states.unflatten(2, (2, DIM)).mean(dim=2).mean(dim=0)
        else:
            states = last[0]
        return nn.functional.normalize(self.sentence_dropout(states.float()), dim=1)

    def images(self, features: Tensor) -> Tensor:
        """Unit vectors [B, D] of feature rows [B, I]."""
        return nn.functional.normalize(self.projection(self.dropout(features)).float(), dim=1)

    def cost(self, images: Tensor, sentences: Tensor, owners: Tensor) -> Tensor:
        """InfoNCE both ways, captions of one image apart, or VSE++'s hinges of the hardest."""
        with torch.autocast("cpu", enabled=False):
            scores = images @ sentences.t()
            matching = torch.arange(len(scores))
            same = torch.eye(len(scores), dtype=torch.bool)
            if self.settings.contrastive:
                same_image = (owners[:, None] == owners[None, :]) & ~same
                scores = scores * self.log_scale.exp().clamp(max=LARGEST_SCALE)
                scores = scores.masked_fill(same_image, -torch.inf)
                cross_entropy = nn.functional.cross_entropy
                return (cross_entropy(scores, matching) + cross_entropy(scores.t(), matching)) / 2
            own = scores.diagonal()
            sentences_cost = (MARGIN - own[:, None] + scores).clamp(min=0).masked_fill(same, 0)
            images_cost = (MARGIN - own[None, :] + scores).clamp(min=0).masked_fill(same, 0)
            return sentences_cost.max(dim=1).values.sum() + images_cost.max(dim=0).values.sum()


def minibatches(captions: list[list[int]], size: int, generator: torch.Generator | None) -> Iterator[Tensor]:
    """Caption numbers, a minibatch of one length at a time; in random order with a generator."""
    of_length: dict[int, list[int]] = {}
    for number, caption in enumerate(captions):
        of_length.setdefault(len(caption), []).append(number)
    parts = []
    for numbers in map(torch.tensor, of_length.values()):
        if generator is not None:
            numbers = numbers[torch.randperm(len(numbers), generator=generator)]
        parts += numbers.split(size)
    order = range(len(parts)) if generator is None else torch.randperm(len(parts), generator=generator).tolist()
    for part in order:
        yield parts[part]


def tokens_of(split: Split, numbers: Tensor) -> Tensor:
    """Word indices [T, B] of captions of one length."""
    return torch.tensor([split.captions[number] for number in numbers.tolist()]).t().contiguous()


def ranks(images: Tensor, captions: Tensor, owners: Tensor) -> tuple[Tensor, Tensor]:
    """Annotation ranks [N] and search ranks [C], from 0, in float64; scores within 1e-6 count as equal, and equal ones
    count against the model, so that one which gives everything the same vector ranks nothing first."""
    scores = images.double() @ captions.double().t()
    own = owners == torch.arange(len(images))[:, None]
    matching = scores.masked_fill(~own, -torch.inf)
    others = scores.masked_fill(own, -torch.inf) + 1e-6
    return (others >= matching.amax(1, keepdim=True)).sum(1), (others >= matching.amax(0)).sum(0)


@torch.inference_mode()
def score(model: Model, split: Split) -> dict[str, object]:
    """Recalls both ways on a split."""
    model.eval()
    sentences = torch.empty(len(split.captions), DIM)
    for numbers in minibatches(split.captions, 512, None):
        sentences[numbers] = model.sentences(tokens_of(split, numbers)).float()
    images = model.images(split.features)
    owners = torch.arange(len(split.captions)) // CAPTIONS_PER_IMAGE
    annotation, search = map(recalls, ranks(images, sentences, owners))
    return {"annotation": annotation, "search": search, "sum_of_recalls": sum(annotation) + sum(search)}


def train_epoch(model: Model, optimizer: torch.optim.Optimizer, split: Split, generator: torch.Generator) -> float:
    """One pass over the training captions; the mean cost of a minibatch."""
    model.train()
    costs = []
    for numbers in minibatches(split.captions, BATCH, generator):
        if len(numbers) < 2:
            continue
        owners = numbers // CAPTIONS_PER_IMAGE
        with torch.autocast("cpu", torch.bfloat16):
            images, sentences = model.images(split.features[owners]), model.sentences(tokens_of(split, numbers))
            cost = model.cost(images, sentences, owners)
        optimizer.zero_grad()
        cost.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        costs.append(cost.item())
    return sum(costs) / len(costs)


def main() -> None:
    parser = described_parser(__doc__)
    parser.add_argument("data", type=pathlib.Path, help="a dataset folder")
    parser.add_argument("--configuration", choices=CONFIGURATIONS, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, help="stop after so many epochs")
    parser.add_argument("--reach", type=float, nargs="*", default=[254.0])
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    print(json.dumps(run(options)))


def run(options: argparse.Namespace) -> dict[str, object]:
    """Trains, keeps the best epoch, scores it on the test split."""
    settings = CONFIGURATIONS[options.configuration]
    splits, words = read_dataset(options.data, settings.rarest)
    model = Model(settings, words, splits["train"].features.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, fused=True)
    generator = torch.Generator().manual_seed(options.seed)
    seconds, best, kept, reached = 0.0, -1.0, None, {}
    for epoch in range(options.epochs or settings.epochs):
        if epoch == settings.decay_after:
            for group in optimizer.param_groups:
                group["lr"] = settings.learning_rate / 10
        start = time.perf_counter()
        cost = train_epoch(model, optimizer, splits["train"], generator)
        seconds += time.perf_counter() - start
        with torch.autocast("cpu", torch.bfloat16):
            total = score(model, splits["dev"])["sum_of_recalls"]
        for target in options.reach:
            if total >= target:
                reached.setdefault(str(target), round(seconds, 1))
        if total > best:
            best, kept = total, copy.deepcopy(model.state_dict())
        print(f"epoch {epoch + 1}: cost {cost:.3f}, dev {total:.1f}, {seconds:.0f} s", file=sys.stderr, flush=True)
    model.load_state_dict(kept)
    with torch.autocast("cpu", torch.bfloat16):
        test = score(model, splits["test"])
    return {
        "configuration": options.configuration,
        "seed": options.seed,
        **test,
        "development_sum_of_recalls": best,
        "training_seconds": round(seconds, 1),
        "seconds_to_reach": reached,
        "threads": options.threads,
        "cpu": cpu_name(),
        "version": f"PyTorch {torch.__version__}",
    }


if __name__ == "__main__":
    main()
