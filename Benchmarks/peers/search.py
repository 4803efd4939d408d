#!/usr/bin/env python3
"""Exact search in PyTorch or NumPy: the peer of `vse benchmark search` and `search-batch`.

The ten highest dot products with one query, or with 100, over `--rows` vectors of 1024 numbers: a product, then the
library's own selection of the ten highest. NumPy has no bfloat16.

Prints one line of JSON.
"""

import numpy
import torch

from measuring import described_parser, measure, report

DIM, FOUND = 1024, 10


def main() -> None:
    parser = described_parser(__doc__)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--library", choices=["torch", "numpy"], default="torch")
    parser.add_argument("--queries", type=int, default=1)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=5)
    options = parser.parse_args()
    if options.library == "numpy" and options.precision != "float32":
        parser.error("NumPy has no bfloat16")
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    vectors = torch.empty(options.rows, DIM, dtype=getattr(torch, options.precision))
    for start in range(0, options.rows, 65536):
        block = torch.randn(min(65536, options.rows - start), DIM)
        vectors[start : start + len(block)] = torch.nn.functional.normalize(block, dim=1)
    queries = torch.nn.functional.normalize(torch.randn(options.queries, DIM), dim=1).to(vectors.dtype)

    def with_torch() -> object:
        # A single query as a product of a matrix and a vector, which is what is fastest.
        scores = (vectors @ queries[0])[None] if len(queries) == 1 else queries @ vectors.t()
        return torch.topk(scores, min(FOUND, options.rows), dim=1)

    array, asked = (vectors.numpy(), queries.numpy()) if options.library == "numpy" else (None, None)

    def with_numpy() -> object:
        scores = asked @ array.T
        best = numpy.argpartition(scores, -FOUND, axis=1)[:, -FOUND:]
        return numpy.take_along_axis(best, numpy.take_along_axis(-scores, best, 1).argsort(1), 1)

    with torch.inference_mode():
        times = measure(with_numpy if array is not None else with_torch, warmups=1, steps=options.steps)
    report("search", times, options.queries, options.precision, options.threads)


if __name__ == "__main__":
    main()
