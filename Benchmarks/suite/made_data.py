#!/usr/bin/env python3
"""Makes data to measure with, the same each time: `made_data.py KIND FOLDER`.

photos      100 JPEGs of 500 x 375, with shapes at all scales, as photos have
vectors     40,000 unit rows of 1024 numbers and 1,000 queries, near 32 dimensions as vectors of captions are
flickr8k    a dataset of Flickr8k's size: 6,000 images of 4096 numbers with five captions each, 8,500 words with
            frequencies as in captions, and hardly anything to score
words       a small dataset with 10,000 words
files       a small .npy, a stored .npz of 500 MB, a pickle of 575 MB like that of VGG-19's weights

Needs NumPy, and Pillow for photos. The folder appears when all is in it.
"""

import pickle
import string
import sys
from collections.abc import Callable
from pathlib import Path

import numpy
from numpy.random import Generator

# Words of captions: the quantiles 2.5 %, 7.5 % ... of Flickr8k's.
LENGTHS = (6, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 16, 18, 21)


def unit(rows: numpy.ndarray) -> numpy.ndarray:
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def photos(folder: Path, random: Generator) -> None:
    from PIL import Image

    width, height = 500, 375
    for number in range(100):
        pixels = numpy.zeros((height, width, 3), numpy.float32)
        for scale in (2, 5, 12, 30, 75, 190):
            cells = random.standard_normal((scale, scale, 3)).astype(numpy.float32)
            planes = [
                Image.fromarray(cells[:, :, channel]).resize((width, height), Image.Resampling.BICUBIC)
                for channel in range(3)
            ]
            pixels += numpy.stack([numpy.asarray(plane) for plane in planes], axis=2) * 45 / scale**0.5
        image = Image.fromarray(numpy.clip(pixels + 128, 0, 255).astype(numpy.uint8))
        image.save(folder / f"{number:03}.jpg", quality=90)


def vectors(folder: Path, random: Generator) -> None:
    basis = random.standard_normal((32, 1024), numpy.float32)
    for name, count in (("vectors", 40_000), ("queries", 1_000)):
        near = random.standard_normal((count, 32), numpy.float32) @ basis
        rows = unit(near + 2 * random.standard_normal((count, 1024), numpy.float32))
        numpy.save(folder / f"{name}.npy", rows.astype(numpy.float32))


def word(number: int) -> str:
    """Letters only."""
    letters = ""
    for _ in range(3):
        number, letter = divmod(number, 26)
        letters += string.ascii_lowercase[letter]
    return f"w{letters}"


def write_split(
    folder: Path, name: str, images: int, width: int, words: int, random: Generator
) -> None:
    """Five captions an image; every word once, if there is room, the others as in captions: 1 / (rank + 2.7)."""
    lengths = numpy.resize(LENGTHS, 5 * images)
    weights = 1 / (numpy.arange(words) + 2.7)
    numbers = random.choice(words, lengths.sum(), p=weights / weights.sum())
    places = random.permutation(len(numbers))[:words]
    numbers[places] = numpy.arange(len(places))
    with (folder / f"{name}_caps.txt").open("w") as file:
        for caption in numpy.split(numbers, lengths.cumsum()[:-1]):
            file.write(" ".join(map(word, caption)) + "\n")
    numpy.save(folder / f"{name}_ims.npy", unit(random.standard_normal((images, width), numpy.float32)))


def dataset(folder: Path, random: Generator, images: int, width: int, words: int) -> None:
    write_split(folder, "train", images, width, words, random)
    for name in ("dev", "test"):
        write_split(folder, name, 4, width, words, random)


def files(folder: Path, random: Generator) -> None:
    numpy.save(folder / "small.npy", numpy.zeros((1, 4096), numpy.float32))
    rows = random.standard_normal((1_000, 4096), numpy.float32)
    numpy.savez(folder / "large.npz", features=numpy.tile(rows, (31, 1)))
    shapes = []
    inputs = 3
    for count, channels in ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512)):
        for _ in range(count):
            shapes += [(channels, inputs, 3, 3), (channels,)]
            inputs = channels
    for inputs, outputs in ((25088, 4096), (4096, 4096), (4096, 1000)):
        shapes += [(inputs, outputs), (outputs,)]
    arrays = [numpy.zeros(shape, numpy.float32) for shape in shapes]
    with (folder / "vgg19.pkl").open("wb") as file:
        pickle.dump({"model type": "vgg19", "param values": arrays}, file, protocol=3)


KINDS: dict[str, Callable[[Path, Generator], None]] = {
    "photos": photos,
    "vectors": vectors,
    "flickr8k": lambda folder, random: dataset(folder, random, images=6_000, width=4096, words=8_500),
    "words": lambda folder, random: dataset(folder, random, images=400, width=64, words=10_000),
    "files": files,
}


def main() -> None:
    if len(sys.argv) != 3 or sys.argv[1] not in KINDS:
        sys.exit(f"usage: made_data.py {'|'.join(KINDS)} FOLDER")
    place = Path(sys.argv[2])
    making = place.with_name(place.name + ".part")
    making.mkdir(parents=True, exist_ok=True)
    KINDS[sys.argv[1]](making, numpy.random.default_rng(1))
    making.rename(place)


if __name__ == "__main__":
    main()
