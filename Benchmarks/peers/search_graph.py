#!/usr/bin/env python3
"""Approximate search with hnswlib from Python: the peer of `vse benchmark search-graph`.

The same graph: 16 links, 200 candidates when a row is added, `--breadth` when one is searched, inner products of unit
rows in float32, all threads. Needs hnswlib and NumPy only. recall_at10 is against all dot products in float32;
memory_bytes is what the process gained by the index.

Prints one line of JSON.
"""

import argparse
import json
import os
import statistics
import time

import hnswlib
import numpy

FOUND = 10


def resident_bytes() -> int:
    """Memory of this process that is no file's, where the system says so (Linux), else 0."""
    try:
        with open("/proc/self/status", encoding="utf-8") as lines:
            return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
    except OSError:
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vectors", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--breadth", type=int, default=64)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=5)
    options = parser.parse_args()
    vectors, queries = numpy.load(options.vectors), numpy.load(options.queries)
    before = resident_bytes()
    index = hnswlib.Index(space="ip", dim=vectors.shape[1])
    index.init_index(max_elements=len(vectors), M=16, ef_construction=200, random_seed=1)
    index.set_num_threads(options.threads)
    start = time.perf_counter()
    index.add_items(vectors)
    build = time.perf_counter() - start
    memory = resident_bytes() - before
    index.set_ef(options.breadth)
    found, _ = index.knn_query(queries, k=FOUND)
    truth = numpy.argpartition(queries @ vectors.T, -FOUND, axis=1)[:, -FOUND:]
    hits = sum(len(set(a) & set(b)) for a, b in zip(found.tolist(), truth.tolist()))
    times = []
    for _ in range(options.steps):
        start = time.perf_counter()
        index.knn_query(queries, k=FOUND)
        times.append(time.perf_counter() - start)
    median = statistics.median(times)
    print(
        json.dumps(
            {
                "name": "search-graph",
                "median_milliseconds": round(median * 1e3, 3),
                "minimum_milliseconds": round(min(times) * 1e3, 3),
                "items_per_second": round(len(queries) / median, 1),
                "precision": "float32",
                "threads": options.threads,
                "recall_at10": hits / truth.size,
                "memory_bytes": memory,
                "build_seconds": build,
                "version": f"hnswlib {hnswlib.__version__ if hasattr(hnswlib, '__version__') else ''}".strip(),
            }
        )
    )


if __name__ == "__main__":
    main()
