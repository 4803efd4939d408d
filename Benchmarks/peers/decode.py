#!/usr/bin/env python3
"""Photos to VGG's input as the original does it: the peer of `vse benchmark decode`.

One pass decodes all JPEGs of a folder with Pillow, resizes the shorter side to 256 with scikit-image (bilinear,
without anti-aliasing), takes the central 224 x 224, orders channels BGR and subtracts their means, as `load_image` of
the original's demo.py does. `--threads` processes share the photos, since Python's threads would wait for each other.
Times are those of a whole pass.

Prints one line of JSON.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from pathlib import Path

import numpy
import PIL
import skimage
from PIL import Image
from skimage.transform import resize

sys.path.insert(0, str(Path(__file__).resolve().parent))
from processor import cpu_name

MEAN = numpy.array([103.939, 116.779, 123.68]).reshape(3, 1, 1)


def load_image(path: str) -> numpy.ndarray:
    """The network's input, [3, 224, 224] float32."""
    pixels = numpy.array(Image.open(path))
    if pixels.ndim == 2:
        pixels = numpy.repeat(pixels[:, :, None], 3, axis=2)
    height, width, _ = pixels.shape
    size = (256, width * 256 // height) if height < width else (height * 256 // width, 256)
    pixels = resize(pixels, size, order=1, preserve_range=True, anti_aliasing=False)
    top, left = size[0] // 2 - 112, size[1] // 2 - 112
    planes = pixels[top : top + 224, left : left + 224].transpose(2, 0, 1)[::-1]
    return (planes - MEAN).astype("float32")


def load_and_forget(path: str) -> None:
    """The work alone: sending the numbers between processes would only slow it down."""
    load_image(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEGs")
    parser.add_argument("--threads", type=int, default=1, help="processes")
    parser.add_argument("--steps", type=int, default=5, help="passes to measure")
    parser.add_argument("--precision", choices=["float32"], default="float32")
    options = parser.parse_args()
    paths = sorted(str(path) for path in options.photos.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    if not paths:
        parser.error(f"there is no .jpg in {options.photos}")
    times = []
    with multiprocessing.Pool(options.threads) as pool:
        for _ in range(options.steps + 1):
            start = time.perf_counter()
            if options.threads == 1:
                for path in paths:
                    load_and_forget(path)
            else:
                pool.map(load_and_forget, paths, chunksize=4)
            times.append(time.perf_counter() - start)
    measured = times[1:]
    median = statistics.median(measured)
    print(
        json.dumps(
            {
                "name": "decode",
                "median_milliseconds": round(median * 1e3, 3),
                "minimum_milliseconds": round(min(measured) * 1e3, 3),
                "items_per_second": round(len(paths) / median, 1),
                "precision": options.precision,
                "threads": options.threads,
                "cpu": cpu_name(),
                "version": f"Pillow {PIL.__version__}, scikit-image {skimage.__version__}",
            }
        )
    )


if __name__ == "__main__":
    main()
