"""What the PyTorch peers share: options, drawing words, taking times, the line of JSON."""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from processor import cpu_name

# Tokens of captions, the end of the sentence counted: the quantiles 2.5 %, 7.5 % ... 97.5 % of Flickr8k's.
LENGTHS = (7, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15, 16, 17, 19, 22)


def described_parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with a script's docstring as its help and the option that all peers have."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser


@cache
def zipf_weights(vocabulary: int) -> Tensor:
    """Probabilities ∝ 1 / (rank + 2.7), rank 0 first: Zipf's law as Mandelbrot has it."""
    weights = 1 / (torch.arange(vocabulary, dtype=torch.float64) + 2.7)
    return weights / weights.sum()


def draw_words(shape: tuple[int, int], vocabulary: int, zipf: bool) -> Tensor:
    """Word indices, uniform or with index i drawn with probability ∝ 1 / (i + 2.7)."""
    if not zipf:
        return torch.randint(0, vocabulary, shape)
    count = shape[0] * shape[1]
    return torch.multinomial(zipf_weights(vocabulary), count, replacement=True).reshape(shape)


def measure(work: Callable[[], object], warmups: int, steps: int) -> tuple[float, float]:
    """Median and minimum of the seconds that `work` takes."""
    for _ in range(warmups):
        work()
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times), min(times)


def report(name: str, times: tuple[float, float], items: int, precision: str, threads: int) -> None:
    """Prints the line of JSON; `items` is how many one measured call handles."""
    median, minimum = times
    print(
        json.dumps(
            {
                "name": name,
                "median_milliseconds": round(median * 1e3, 3),
                "minimum_milliseconds": round(minimum * 1e3, 3),
                "items_per_second": round(items / median, 1),
                "precision": precision,
                "threads": threads,
                "cpu": cpu_name(),
                "version": f"PyTorch {torch.__version__}",
            }
        )
    )
