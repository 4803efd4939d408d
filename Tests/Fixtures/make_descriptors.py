#!/usr/bin/env python3
"""Writes descriptors/: a picture of 128 x 128 pixels, and the rows of `--network descriptor` of two.

Run: python3 make_descriptors.py (needs numpy, pillow; some seconds)

The numbers are computed pixel by pixel from the formulas in PhotoDescriptor.swift, in double precision:
- `shapes.png`: things of one colour on a plain ground; `shapes.npy`, float32 [1152]: its row;
- `waves.npy`: the row of waves of colour, for which there are formulas instead of a file.
"""

import colorsys
import math
from pathlib import Path

import numpy
from PIL import Image

FOLDER = Path(__file__).resolve().parent / "descriptors"
SIDE = 128


def shapes() -> numpy.ndarray:
    """A ball, a box and a wedge of different colours, uint8 [SIDE, SIDE, 3]."""
    y, x = numpy.mgrid[0:SIDE, 0:SIDE]
    pixels = numpy.full((SIDE, SIDE, 3), (208, 219, 240), dtype="uint8")
    pixels[y > 90] = (60, 120, 47)
    pixels[(x - 40) ** 2 + (y - 50) ** 2 < 22**2] = (214, 40, 13)
    pixels[(abs(x - 95) < 14) & (abs(y - 70) < 25)] = (90, 15, 200)
    pixels[(y < 34) & (abs(x - 88) < y)] = (19, 21, 27)
    return pixels


def waves() -> numpy.ndarray:
    """Waves of colour, float [SIDE, SIDE, 3] from 0 to 1; the test has the same formula."""
    y, x = numpy.mgrid[0:SIDE, 0:SIDE].astype(float)
    waves = [numpy.sin(x / 17 + y / 23), numpy.cos(x / 29 - y / 11), numpy.sin(x * y / 1510)]
    return 0.5 + 0.45 * numpy.stack(waves, axis=2)


def cells_of(count: int):
    """The number of each cell and its pixels, row after row."""
    length = SIDE // count
    for row in range(count):
        for column in range(count):
            yield row * count + column, [
                (row * length + y, column * length + x) for y in range(length) for x in range(length)
            ]


def colour_layout(pixels: numpy.ndarray) -> numpy.ndarray:
    part = numpy.zeros((6, 64))
    for cell, places in cells_of(8):
        red, green, blue = numpy.array([pixels[place] for place in places]).T
        opponents = [
            (red - green) / math.sqrt(2),
            (red + green - 2 * blue) / math.sqrt(6),
            (red + green + blue) / math.sqrt(3) - math.sqrt(3) / 2,
        ]
        for index, values in enumerate(opponents):
            part[index, cell] = values.mean()
            part[3 + index, cell] = values.std()
    return part


def colour_shares(pixels: numpy.ndarray) -> numpy.ndarray:
    part = numpy.zeros((16, 16))
    for cell, places in cells_of(4):
        for place in places:
            red, green, blue = pixels[place]
            chroma = max(red, green, blue) - min(red, green, blue)
            hue = 12 * colorsys.rgb_to_hsv(red, green, blue)[0]
            for step in range(12):
                distance = min(abs(hue - step), 12 - abs(hue - step))
                part[step, cell] += chroma * max(0, 1 - distance)
            lightness = 3 * (max(red, green, blue) + min(red, green, blue)) / 2
            for step in range(4):
                part[12 + step, cell] += (1 - chroma) * max(0, 1 - abs(lightness - step))
        part[:, cell] /= len(places)
    return numpy.sqrt(part)


def gradient(pixels: numpy.ndarray, y: int, x: int) -> tuple[float, float]:
    """The longest of the channels' gradients, which must not be nearly as long as another of another direction."""
    across = pixels[y, min(x + 1, SIDE - 1)] - pixels[y, max(x - 1, 0)]
    down = pixels[min(y + 1, SIDE - 1), x] - pixels[max(y - 1, 0), x]
    found = sorted(zip(across**2 + down**2, across, down), key=lambda item: -item[0])
    (longest, *best), (second, *other) = found[:2]
    if longest - second < 1e-7 and abs(best[0] * other[1] - best[1] * other[0]) > 1e-9:
        raise SystemExit(f"two channels have gradients of one length at {x}, {y}; draw another picture")
    return best[0], best[1]


def oriented_gradients(pixels: numpy.ndarray) -> numpy.ndarray:
    h = numpy.zeros((8, 8, 8))  # direction, row, column
    for y in range(SIDE):
        for x in range(SIDE):
            across, down = gradient(pixels, y, x)
            length = math.hypot(across, down)
            if length == 0:
                continue
            turn = 8 * (math.atan2(down, across) % math.pi) / math.pi
            for direction in range(8):
                distance = min(abs(turn - direction), 8 - abs(turn - direction))
                if distance >= 1:
                    continue
                for row in range(8):
                    for column in range(8):
                        vertical = abs((y + 0.5) / 16 - (row + 0.5))
                        horizontal = abs((x + 0.5) / 16 - (column + 0.5))
                        share = (1 - distance) * max(0, 1 - vertical) * max(0, 1 - horizontal)
                        h[direction, row, column] += length * share / 256
    sums, counts = numpy.zeros_like(h), numpy.zeros((8, 8))
    for top in range(7):
        for left in range(7):
            block = numpy.s_[:, top : top + 2, left : left + 2]
            sums[block] += numpy.minimum(h[block] / math.sqrt((h[block] ** 2).sum() + 0.02**2), 0.2)
            counts[top : top + 2, left : left + 2] += 1
    return sums / counts


def descriptor(pixels: numpy.ndarray) -> numpy.ndarray:
    parts = [part(pixels).reshape(-1) for part in (colour_layout, colour_shares, oriented_gradients)]
    return numpy.concatenate([part / numpy.linalg.norm(part) / math.sqrt(3) for part in parts])


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    picture = shapes()
    Image.fromarray(picture).save(FOLDER / "shapes.png", optimize=True)
    numpy.save(FOLDER / "shapes.npy", descriptor(picture / 255.0).astype("float32"))
    numpy.save(FOLDER / "waves.npy", descriptor(waves()).astype("float32"))


if __name__ == "__main__":
    main()
