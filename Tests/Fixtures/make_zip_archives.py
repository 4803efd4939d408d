"""Zip archives of every kind that the reader must understand, written by Python's zipfile.

Run `python3 Tests/Fixtures/make_zip_archives.py` (Python 3.11); it rewrites Tests/Fixtures/zip and needs no packages.
Every archive holds the same two files, TEXT and ZEROS, unless its name says otherwise.
"""

import io
import pathlib
import struct
import zipfile

FOLDER = pathlib.Path(__file__).parent / "zip"
TEXT = "".join(f"{number} squared is {number * number}\n" for number in range(60)).encode()
ZEROS = bytes(3000)
DATE = (1980, 1, 1, 0, 0, 0)


class Unseekable(io.RawIOBase):
    """A stream that cannot go back: zipfile then writes sizes and checksums behind the bytes."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += data
        return len(data)


def write(archive, methods, names=("text.txt", "folder/zeros"), force_zip64=False):
    for name, data, method in zip(names, (TEXT, ZEROS), methods):
        entry = zipfile.ZipInfo(name, DATE)
        entry.compress_type = method
        entry.external_attr = 0o100644 << 16
        with archive.open(entry, "w", force_zip64=force_zip64) as stream:
            stream.write(data)


def make(name, methods, prefix=b"", comment=b"", **options):
    buffer = io.BytesIO()
    buffer.write(prefix)
    with zipfile.ZipFile(buffer, "a" if prefix else "w") as archive:
        archive.comment = comment
        write(archive, methods, **options)
    (FOLDER / f"{name}.zip").write_bytes(buffer.getvalue())


def with_zip64_end(archive):
    """The same archive, its end record behind a zip64 one, to which all of its numbers point."""
    place = archive.rindex(b"PK\5\6")
    count, size, offset = struct.unpack_from("<10xHII", archive, place)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, place, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return archive[:place] + record + locator + end


def main():
    FOLDER.mkdir(exist_ok=True)
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    make("stored", (stored, stored))
    make("deflated", (deflated, deflated))
    make("mixed", (deflated, stored), comment=b"a comment")
    make("prefixed", (stored, deflated), prefix=b"#!/bin/sh\n")
    make("other_method", (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    make("zip64", (stored, deflated), force_zip64=True)
    path = FOLDER / "zip64.zip"
    path.write_bytes(with_zip64_end(path.read_bytes()))
    with zipfile.ZipFile(FOLDER / "dense.zip", "w", deflated, compresslevel=9) as archive:
        archive.writestr(zipfile.ZipInfo("zeros", DATE), bytes(300_000), deflated)
    make("accents", (stored, stored), names=("caf\u00e9", "cafe\u0301"))

    with zipfile.ZipFile(FOLDER / "empty.zip", "w"):
        pass
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w") as archive:
        write(archive, (stored, deflated))
    (FOLDER / "streamed.zip").write_bytes(stream.bytes)

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("folder/", DATE), b"")
        link = zipfile.ZipInfo("link", DATE)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")
    (FOLDER / "folder_and_link.zip").write_bytes(buffer.getvalue())


main()
