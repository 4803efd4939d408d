"""Small archives in the layout of the published ones, and archives that no program should unpack.

Run `python3 Tests/Fixtures/make_download_archives.py` (Python 3.11, with NumPy 2); it rewrites
Tests/Fixtures/downloads.
"""

import io
import pathlib
import pickle
import struct
import zipfile

import numpy

FOLDER = pathlib.Path(__file__).parent / "downloads"
DATE = (2015, 10, 19, 0, 0, 0)
FILE, LINK, DEVICE = 0o100644, 0o120777, 0o020644


def captions(images):
    """Two captions an image, of its colour and its thing, each pair of one length."""
    pairs = [(colour, thing) for colour in ("red", "blue") for thing in ("dog", "cat", "horse")]
    lines = []
    for image in range(images):
        colour, thing = pairs[image % len(pairs)]
        lines += [f"a {colour} {thing} runs", f"the {colour} {thing} stands still"]
    return "".join(line + "\n" for line in lines).encode()


def features(images):
    """One hot for each pair, a row a caption as in the published datasets."""
    rows = numpy.eye(8, dtype="<f4")[numpy.arange(images) % 6] + numpy.float32(0.01)
    buffer = io.BytesIO()
    numpy.save(buffer, numpy.repeat(rows, 2, axis=0))
    return buffer.getvalue()


def archive(entries):
    """A zip archive of (name, bytes, mode), deflated; a name of bytes is written as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data, mode in entries:
            entry = zipfile.ZipInfo("x" * len(name) if isinstance(name, bytes) else name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            entry.create_system = 3
            file.writestr(entry, data)
    result = buffer.getvalue()
    for name, _, _ in entries:
        if isinstance(name, bytes):
            result = result.replace(b"x" * len(name), name)
    return result


def write(name, data):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def dataset(name, folder=""):
    entries = []
    for split, images in (("train", 24), ("dev", 6), ("test", 6)):
        entries.append((f"{folder}{name}_{split}_caps.txt", captions(images), FILE))
        entries.append((f"{folder}{name}_{split}_ims.npy", features(images), FILE))
    return entries


def main():
    litter = [("__MACOSX/f8k/._f8k_train_caps.txt", b"litter", FILE), ("f8k/.DS_Store", b"litter", FILE)]
    f8k = dataset("f8k", "f8k/")
    # As files come from a Mac, with a folder, and with permissions that nobody should take over.
    f8k = [("f8k/", b"", 0o040755)] + [(name, data, 0o104777) for name, data, _ in f8k]
    write("f8k.zip", archive(f8k + litter))
    write("flat/f8k.zip", archive(dataset("f8k")))
    write("deep/f8k.zip", archive(dataset("f8k", "./home/kiros/f8k/")))
    write("lacking/f8k.zip", archive(dataset("f8k", "f8k/")[:-1]))
    write("vse.zip", archive([("vse/coco.npz", b"arrays", FILE), ("vse/coco.npz.pkl", b"options", FILE)]))
    write("vgg19.pkl", pickle.dumps({"param values": [], "mean value": [103.939, 116.779, 123.68]}, protocol=2))

    sound = dataset("f8k", "f8k/")
    for name, entries in {
        "absolute": [("/tmp/x", b"x", FILE)],
        "parent": [("f8k/../../x", b"x", FILE)],
        "only_parent": [("..", b"x", FILE)],
        "backslash": [("f8k\\..\\x", b"x", FILE)],
        "drive": [("C:x", b"x", FILE)],
        "control": [("f8k/a\nb", b"x", FILE)],
        "not_utf8": [(b"f8k/\xe9\xe8", b"x", FILE)],
        "empty_part": [("f8k//x", b"x", FILE)],
        "windows_device": [("f8k/nul.txt", b"x", FILE)],
        "long": [("f8k/" + "x" * 256, b"x", FILE)],
        "deep": [("d/" * 40 + "x", b"x", FILE)],
        "link": [("f8k/link", b"/etc", LINK), ("f8k/link/passwd", b"x", FILE)],
        "device": [("f8k/null", b"", DEVICE)],
        "same_without_case": [("f8k/X", b"x", FILE), ("f8k/x", b"y", FILE)],
        "same_with_accents": [("f8k/caf\u00e9", b"x", FILE), ("f8k/cafe\u0301", b"y", FILE)],
        "file_and_folder": [("f8k/x", b"x", FILE), ("f8k/x/y", b"y", FILE)],
        "folders_without_case": [("f8k/a/x", b"x", FILE), ("f8k/A/y", b"y", FILE)],
        "bomb": [("f8k/zeros", bytes(2_000_000), FILE)],
    }.items():
        write(f"refused/{name}/f8k.zip", archive(sound + entries))

    # A name with a zero byte, which C would cut; zipfile cuts it, too.
    write("refused/zero_byte/f8k.zip", archive(sound + [(b"f8k/x\0y", b"x", FILE)]))
    # Sizes that promise less than the packed bytes give.
    data = bytearray(archive(sound + [("f8k/longer", bytes(5000), FILE)]))
    for signature, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", data, data.rindex(signature, 0, data.rindex(b"f8k/longer")) + place, 100)
    first = data.index(b"f8k/longer") - 30
    struct.pack_into("<I", data, first + 22, 100)
    write("refused/longer/f8k.zip", data)
    # One bit of the packed bytes.
    data = bytearray(archive(sound))
    data[data.index(b"train_ims.npy") + 40] ^= 0x10
    write("refused/damaged/f8k.zip", data)
    write("refused/cut/f8k.zip", archive(sound)[:-100])
    # Said to be encrypted.
    data = bytearray(archive(sound))
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + place] |= 1
    write("refused/encrypted/f8k.zip", data)


main()
