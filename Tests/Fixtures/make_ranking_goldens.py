#!/usr/bin/env python3
"""Writes goldens of the ranking of images and captions, counted one pair at a time in float64.

    python3 make_ranking_goldens.py [FOLDER]      (FOLDER: where this script is)

FOLDER/ranking/CASE/ holds `images` [N, D] and `captions` [C, D] (float32), `image_of_caption` [C] (int32),
the ranks from 0 `annotation_ranks` [N] and `search_ranks` [C] (int32), and `case.json` with the measures.

Every vector has elements that are quarters from -3/4 to 3/4, so dot products are exact in float32, in
bfloat16 with float32 sums, and in any order of summation: equal scores are equal everywhere. The vectors are
not of unit length, and what ranks them must not make them so.

Annotation: an image's rank is the number of captions of other images that score at least as high as its best
own caption. Search: a caption's rank is the number of other images that score at least as high as its own.
Recall at K is the percentage of ranks below K, the median rank floor(median) + 1, the mean rank mean + 1.
"""

import json
import sys
from pathlib import Path

import numpy as np

Array = np.ndarray


def rank_all(images: Array, captions: Array, image_of_caption: Array) -> tuple[list[int], list[int]]:
    """Annotation ranks of all images and search ranks of all captions, by definition."""
    images, captions = images.astype(np.float64), captions.astype(np.float64)
    owners = image_of_caption.tolist()
    annotation = []
    for i, image in enumerate(images):
        scores = [float((image * caption).sum()) for caption in captions]
        best = max(score for score, owner in zip(scores, owners) if owner == i)
        annotation.append(sum(score >= best for score, owner in zip(scores, owners) if owner != i))
    search = []
    for caption, owner in zip(captions, owners):
        scores = [float((image * caption).sum()) for image in images]
        search.append(sum(score >= scores[owner] for i, score in enumerate(scores) if i != owner))
    return annotation, search


def measures(ranks: list[int]) -> dict[str, float]:
    """Recalls in percent, median and mean rank from 1."""
    ordered = sorted(ranks)
    count = len(ordered)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    recalls = {f"r{k}": 100 * sum(rank < k for rank in ranks) / count for k in (1, 5, 10)}
    return {**recalls, "median_rank": int(median) + 1, "mean_rank": sum(ranks) / count + 1}


def quarters(random: np.random.Generator, *shape: int) -> Array:
    return (random.integers(-3, 4, shape) / 4).astype(np.float32)


def matching(random: np.random.Generator, images: Array, image_of_caption: Array, share: float) -> Array:
    """Captions that copy about `share` of their image's elements and draw the rest."""
    drawn = quarters(random, len(image_of_caption), images.shape[1])
    copied = random.random(drawn.shape) < share
    return np.where(copied, images[image_of_caption], drawn)


def owners(counts: list[int]) -> Array:
    """Image 0 `counts[0]` times, then image 1 ..."""
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def drawn(counts: list[int], dim: int, share: float, seed: int) -> tuple[Array, Array, Array]:
    """Images, captions that resemble them, and whose they are."""
    random = np.random.default_rng(seed)
    image_of_caption = owners(counts)
    images = quarters(random, len(counts), dim)
    return images, matching(random, images, image_of_caption, share), image_of_caption


def five_each() -> tuple[Array, Array, Array]:
    return drawn([5] * 13, dim=7, share=0.5, seed=1)


def one_each() -> tuple[Array, Array, Array]:
    return drawn([1] * 31, dim=9, share=0.4, seed=2)


def varying() -> tuple[Array, Array, Array]:
    return drawn([1, 5, 2, 7, 1, 1, 3, 6, 4, 2, 1, 5, 5, 3, 1, 9, 2], dim=6, share=0.4, seed=3)


def many() -> tuple[Array, Array, Array]:
    """More rows than a block of rows is likely to have, and no multiple of one."""
    counts = np.random.default_rng(4).integers(1, 6, 301).tolist()
    return drawn(counts, dim=5, share=0.6, seed=4)


def interleaved() -> tuple[Array, Array, Array]:
    """An image's captions do not stand together."""
    images, captions, image_of_caption = drawn([3, 1, 4, 2, 5, 2, 1, 3], dim=5, share=0.5, seed=5)
    order = np.random.default_rng(5).permutation(len(captions))
    return images, captions[order], image_of_caption[order]


def duplicates() -> tuple[Array, Array, Array]:
    """Different images with equal vectors, and captions that two images share: equal scores everywhere."""
    images, captions, image_of_caption = drawn([2, 3, 1, 2, 5, 1, 2, 4, 1, 2, 3, 2], dim=4, share=0.8, seed=6)
    images[7] = images[3]
    images[8] = images[3]
    captions[image_of_caption == 5] = captions[image_of_caption == 1][0]
    captions[image_of_caption == 9] = images[9]
    captions[image_of_caption == 10] = images[9]
    return images, captions, image_of_caption


def collapsed() -> tuple[Array, Array, Array]:
    """All vectors are one vector: every recall is 0."""
    image_of_caption = owners([1, 5, 2, 3, 5, 1, 4, 2, 5, 5, 3, 1])
    vector = np.array([[0.5, -0.25, 0.75]], dtype=np.float32)
    return np.repeat(vector, 12, axis=0), np.repeat(vector, len(image_of_caption), axis=0), image_of_caption


def zero_vectors() -> tuple[Array, Array, Array]:
    """Vectors of nothing but zeros tie with everything."""
    images, captions, image_of_caption = drawn([2] * 11, dim=3, share=1, seed=7)
    images[4] = 0
    captions[image_of_caption == 6] = 0
    return images, captions, image_of_caption


def all_negative() -> tuple[Array, Array, Array]:
    """Every score is below 0, so a maximum that starts at 0 goes wrong."""
    images, captions, image_of_caption = drawn([1, 2, 3, 1, 2, 3], dim=4, share=0.7, seed=8)
    return np.abs(images) + np.float32(0.25), -np.abs(captions) - np.float32(0.25), image_of_caption


def single_image() -> tuple[Array, Array, Array]:
    """With no other image nothing can rank above it."""
    return drawn([5], dim=3, share=0, seed=9)


def perfect() -> tuple[Array, Array, Array]:
    """Captions equal orthogonal images: every rank is 0."""
    image_of_caption = owners([2, 1, 3, 5, 1])
    images = np.eye(5, dtype=np.float32)
    return images, images[image_of_caption], image_of_caption


CASES = (
    five_each,
    one_each,
    varying,
    many,
    interleaved,
    duplicates,
    collapsed,
    zero_vectors,
    all_negative,
    single_image,
    perfect,
)


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for case in CASES:
        folder = root / "ranking" / case.__name__
        folder.mkdir(parents=True, exist_ok=True)
        images, captions, image_of_caption = case()
        assert set(image_of_caption.tolist()) == set(range(len(images)))
        annotation, search = rank_all(images, captions, image_of_caption)
        arrays = {
            "images": images,
            "captions": captions,
            "image_of_caption": image_of_caption,
            "annotation_ranks": np.array(annotation, dtype=np.int32),
            "search_ranks": np.array(search, dtype=np.int32),
        }
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
        both = {"annotation": measures(annotation), "search": measures(search)}
        recalls = sum(each[key] for each in both.values() for key in ("r1", "r5", "r10"))
        description = {
            "images": len(images),
            "captions": len(captions),
            "dim": images.shape[1],
            "contiguous": bool((np.diff(image_of_caption) >= 0).all()),
            **both,
            "sum_of_recalls": recalls,
        }
        (folder / "case.json").write_text(json.dumps(description, indent=2) + "\n")
        if case is collapsed:
            assert recalls == 0
        if case in (perfect, single_image):
            assert recalls == 600


if __name__ == "__main__":
    main()
