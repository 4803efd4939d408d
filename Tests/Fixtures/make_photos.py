#!/usr/bin/env python3
"""Writes photos/: small pictures in every format and form that is decoded, and what preprocessing makes of them.

Run: python3 make_photos.py (needs numpy, pillow, pillow-heif, scikit-image)

The pictures are drawn here: waves of colour, with an asymmetric corner, so that no turn goes unseen. Beside them:
- `upright.npy`, uint8 [height, width, 3]: the drawing itself;
- `grey.npy`, `palette.npy`, `gif.npy`, `white.npy`, `profile.npy`: it in grey, in fewer colours, fading out on white,
  and its numbers converted from the space of a profile to sRGB;
- `cut_NAME.npy`: what Pillow makes of `cut_NAME.jpg`, whose file ends too early;
- `NAME.original.npy`, `.torchvision.npy`, `.squashed.npy`, float32 [3, side, side]: the definitions of the three ways
  computed with scikit-image and Pillow, at the sizes named below, which keep the files small.
"""

import io
import struct
import zlib
from pathlib import Path

import numpy
import pillow_heif
from PIL import Image, ImageCms, ImageFile
from skimage.transform import resize

FOLDER = Path(__file__).resolve().parent / "photos"
WIDTH, HEIGHT = 60, 40
# The sizes of the small ways: the shorter side is made 32, the square is 28.
SHORTER, SIDE = 32, 28


def drawing(width: int, height: int) -> numpy.ndarray:
    """Waves of colour and a dark corner, uint8 [height, width, 3]."""
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    waves = [
        128 + 100 * numpy.sin(x / 7 + y / 11),
        128 + 90 * numpy.cos(x / 13 - y / 5),
        128 + 80 * numpy.sin(x * y / 400),
    ]
    pixels = numpy.stack(waves, axis=2)
    pixels[: height // 4, : width // 5] *= 0.3
    return pixels.round().clip(0, 255).astype("uint8")


def save(image: Image.Image, name: str, **options: object) -> None:
    image.save(FOLDER / name, **options)


def png16(pixels: numpy.ndarray, name: str) -> None:
    """A PNG of 16 bits, which Pillow does not write: every byte twice, [height, width, 2, 3 or 4]."""
    height, width, bands = pixels.shape
    kind = {2: 4, 3: 2, 4: 6}[bands]
    rows = b"".join(b"\0" + numpy.repeat(row.reshape(-1), 2).tobytes() for row in pixels)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    (FOLDER / name).write_bytes(data)


def huge_png(side: int, name: str) -> None:
    """A PNG whose header announces side² pixels and which has next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    (FOLDER / name).write_bytes(data)


def wide_gamut_profile() -> bytes:
    """A small RGB profile with Adobe RGB's primaries (adapted to D50) and a gamma of 2.2, version 2."""

    def s15(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(s15, values))

    gamma = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    text = b"wide\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)
    description += bytes(-len(description) % 4)
    tags = {
        b"desc": description,
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
        b"rTRC": gamma,
        b"gTRC": gamma,
        b"bTRC": gamma,
    }
    place = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", place + len(data), len(content))
        data += content
    header = struct.pack(">I4sI4s4s4s", place + len(data), b"none", 0x02200000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s4sIIIQI", 2026, 1, 1, 0, 0, 0, b"acsp", b"APPL", 0, 0, 0, 0, 0)
    header += s15(0.9642) + s15(1.0) + s15(0.8249)
    return header + bytes(128 - len(header)) + table + data


def formats(pixels: numpy.ndarray) -> None:
    """The drawing in each format, and in the forms that formats have."""
    image = Image.fromarray(pixels)
    grey = image.convert("L")
    save(image, "jpeg.jpg", quality=95, subsampling=0)
    save(image, "progressive.jpg", quality=95, subsampling=0, progressive=True)
    save(grey, "grey.jpg", quality=95)
    save(image.convert("CMYK"), "cmyk.jpg", quality=95)
    save(image, "png.png")
    save(grey, "grey.png")
    save(image.quantize(64), "palette.png")
    png16(pixels, "deep.png")
    save(image, "webp.webp", lossless=True)
    save(image, "lossy.webp", quality=90)
    save(image, "tiff.tif", compression="tiff_lzw")
    frames = [image.quantize(256), image.transpose(Image.Transpose.ROTATE_180).quantize(256)]
    frames[0].save(FOLDER / "gif.gif", save_all=True, append_images=frames[1:], duration=100, loop=0)
    pillow_heif.register_heif_opener()
    save(image, "heic.heic", quality=90)
    numpy.save(FOLDER / "upright.npy", pixels)
    numpy.save(FOLDER / "grey.npy", numpy.repeat(numpy.asarray(grey)[:, :, None], 3, axis=2))
    numpy.save(FOLDER / "palette.npy", numpy.asarray(image.quantize(64).convert("RGB")))
    numpy.save(FOLDER / "gif.npy", numpy.asarray(frames[0].convert("RGB")))


def transparent(pixels: numpy.ndarray) -> None:
    """The drawing fading out to the right, with 8 and 16 bits, and how it looks on white."""
    alpha = numpy.linspace(255, 0, WIDTH).round().astype("uint8")
    alpha = numpy.broadcast_to(alpha, (HEIGHT, WIDTH))[:, :, None]
    layered = numpy.concatenate([pixels, alpha], axis=2)
    save(Image.fromarray(layered), "alpha.png")
    save(Image.fromarray(layered), "alpha.webp", lossless=True, exact=True)
    png16(layered, "deep_alpha.png")
    share = alpha / 255.0
    numpy.save(FOLDER / "white.npy", (pixels * share + 255 * (1 - share)).round().astype("uint8"))


def profiled(pixels: numpy.ndarray) -> None:
    """The drawing's numbers as those of a wider space, and what they are in sRGB."""
    profile = wide_gamut_profile()
    image = Image.fromarray(pixels)
    save(image, "profile.png", icc_profile=profile)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    save(image, "srgb_profile.png", icc_profile=srgb.tobytes())
    save(image, "broken_profile.png", icc_profile=profile[:200])
    converted = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), renderingIntent=1
    )
    numpy.save(FOLDER / "profile.npy", numpy.asarray(converted))


def oriented(pixels: numpy.ndarray) -> None:
    """The drawing stored in all eight ways that EXIF knows, each with the tag that turns it upright."""
    stored = {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: pixels.transpose(1, 0, 2),
        6: numpy.rot90(pixels, 1),
        7: pixels[::-1, ::-1].transpose(1, 0, 2),
        8: numpy.rot90(pixels, -1),
    }
    for orientation, turned in stored.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(Image.fromarray(numpy.ascontiguousarray(turned)), f"orientation{orientation}.jpg", quality=95, subsampling=0, exif=exif)


def cut_short(pixels: numpy.ndarray) -> None:
    """JPEGs of which so much is there, and how they look: grey from some row on, or coarse where scans are missing."""
    forms = {
        "early": (0.45, {"subsampling": 0}),
        "late": (0.85, {"subsampling": 0}),
        "halved": (0.8, {"subsampling": 2}),
        "grey": (0.8, {}),
        "scans": (0.6, {"subsampling": 0, "progressive": True}),
    }
    for name, (share, options) in forms.items():
        image = Image.fromarray(pixels)
        buffer = io.BytesIO()
        (image.convert("L") if name == "grey" else image).save(buffer, "JPEG", quality=95, **options)
        # Of the scans, not of the tables before them.
        data = buffer.getvalue()
        start = data.index(b"\xff\xda")
        path = FOLDER / f"cut_{name}.jpg"
        path.write_bytes(data[: start + int(share * (len(data) - start))])
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        with Image.open(path) as cut:
            numpy.save(FOLDER / f"cut_{name}.npy", numpy.asarray(cut.convert("RGB")))
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def square(pixels: numpy.ndarray, side: int) -> numpy.ndarray:
    """The centre as the original cuts it."""
    top, left = pixels.shape[0] // 2 - side // 2, pixels.shape[1] // 2 - side // 2
    return pixels[top : top + side, left : left + side]


def original(pixels: numpy.ndarray) -> numpy.ndarray:
    """`load_image` of the original's demo.py, its sizes as arguments."""
    height, width, _ = pixels.shape
    size = (SHORTER, width * SHORTER // height) if height < width else (height * SHORTER // width, SHORTER)
    resized = resize(pixels, size, order=1, preserve_range=True, anti_aliasing=False, mode="edge")
    planes = square(resized, SIDE).transpose(2, 0, 1)[::-1]
    return planes - numpy.array([103.939, 116.779, 123.68]).reshape(3, 1, 1)


def torchvision(pixels: numpy.ndarray) -> numpy.ndarray:
    """torchvision's Resize, CenterCrop, ToTensor and Normalize with ImageNet's numbers, by Pillow."""
    height, width, _ = pixels.shape
    size = (SHORTER, int(SHORTER * height / width)) if width <= height else (int(SHORTER * width / height), SHORTER)
    resized = numpy.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))
    top, left = round((size[1] - SIDE) / 2.0), round((size[0] - SIDE) / 2.0)
    planes = resized[top : top + SIDE, left : left + SIDE].transpose(2, 0, 1) / 255.0
    mean = numpy.array([0.485, 0.456, 0.406]).reshape(3, 1, 1)
    return (planes - mean) / numpy.array([0.229, 0.224, 0.225]).reshape(3, 1, 1)


def squashed(pixels: numpy.ndarray) -> numpy.ndarray:
    """The whole picture as a square, (value - 128) / 128, by Pillow."""
    resized = numpy.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    return (resized.transpose(2, 0, 1) - 128.0) / 128.0


def preprocessed() -> None:
    """Pictures of several shapes, larger and smaller than what is made of them."""
    for width, height in ((60, 40), (40, 61), (33, 33), (20, 23), (150, 97)):
        name = f"{width}x{height}"
        pixels = drawing(width, height)
        save(Image.fromarray(pixels), f"{name}.png")
        for way in (original, torchvision, squashed):
            numpy.save(FOLDER / f"{name}.{way.__name__}.npy", way(pixels).astype("float32"))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    pixels = drawing(WIDTH, HEIGHT)
    formats(pixels)
    transparent(pixels)
    profiled(pixels)
    oriented(pixels)
    cut_short(pixels)
    preprocessed()
    huge_png(50_000, "huge.png")


if __name__ == "__main__":
    main()
