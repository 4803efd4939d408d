"""Writes the .npy fixtures of DataFormatsTests into this folder. Needs NumPy; was run with NumPy 2.

    python3 make_numpy_arrays.py
"""

import os
import zipfile

import numpy
from numpy.lib import format

FOLDER = os.path.dirname(os.path.abspath(__file__))


def write(name, array, version=None):
    with open(os.path.join(FOLDER, "numpy", name + ".npy"), "wb") as file:
        format.write_array(file, array, version=version)


counting = numpy.arange(6).reshape(2, 3)
# Halves, a negative, a number that float16 cannot hold exactly, and the ends of float16's range.
numbers = numpy.array([[0.5, -1.5, 0.1], [65504.0, 6e-8, -0.0]])
for kind in ["f2", "f4", "f8"]:
    write(f"numbers_{kind}", numbers.astype("<" + kind))
for kind in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    write(f"counting_{kind}", counting.astype("<" + kind))
write("counting_bool", counting % 2 == 1)
write("version_1", counting.astype("<f4"), (1, 0))
write("version_2", counting.astype("<f4"), (2, 0))
write("version_3", counting.astype("<f4"), (3, 0))
write("scalar", numpy.array(7, "<f4"))
write("vector", numpy.arange(3, dtype="<f4"))
write("empty", numpy.zeros((0, 3), "<f4"))
write("fortran", numpy.asfortranarray(counting.astype("<f4")))
write("fortran_column", numpy.asfortranarray(numpy.arange(3, dtype="<f4").reshape(3, 1)))
write("big_endian", counting.astype(">f4"))
write("complex", counting.astype("<c8"))
write("structured", numpy.zeros(2, [("a", "<f4"), ("b", "<i4")]))
with open(os.path.join(FOLDER, "numpy", "object.npy"), "wb") as file:
    format.write_array(file, numpy.array([None, "text"], object), allow_pickle=True)

# The other orders of bytes and dimensions, of elements of every size; box[i, j, k] = 100 i + 10 j + k.
box = 100 * numpy.arange(2)[:, None, None] + 10 * numpy.arange(3)[:, None] + numpy.arange(4)
for kind in ["i2", "u2", "f2", "i4", "u4", "f4", "i8", "u8", "f8"]:
    write(f"big_{kind}", numpy.arange(6).reshape(2, 3).astype(">" + kind))
for kind in ["|b1", "|i1", "<u2", "<f4", "<i8", ">f4", ">f8"]:
    array = numpy.asfortranarray((box % 128).astype(kind))
    write(f"fortran_box_{kind[1:]}_{'big' if kind[0] == '>' else 'little'}", array)
write("fortran_four", numpy.asfortranarray(numpy.arange(240, dtype="<i4").reshape(2, 5, 1, 4, 6)))
write("fortran_empty", numpy.asfortranarray(numpy.zeros((3, 0, 2), "<f4")))
write("fortran_large", numpy.asfortranarray(numpy.arange(70 * 45, dtype="<u2").reshape(70, 45)))
write("text", numpy.array(["one", "two"]))
write("records_of_arrays", numpy.zeros(2, [("a b]", "<f4", (2, 3)), (("title", "c"), ">i8")]))

arrays = {
    "counting": counting.astype("<f4"),
    "half": numbers.astype("<f2"),
    "scalar": numpy.array(7, "<i8"),
    "empty": numpy.zeros((0, 3), "<f4"),
    "swapped": counting.astype(">f8"),
    "transposed": numpy.asfortranarray(box.astype("<i4")),
    "flags": counting % 2 == 1,
    "folder/inner": numpy.arange(300, dtype="<u2"),
}
numpy.savez(os.path.join(FOLDER, "numpy", "stored.npz"), **arrays)
numpy.savez_compressed(os.path.join(FOLDER, "numpy", "deflated.npz"), **arrays)
numpy.savez(os.path.join(FOLDER, "numpy", "unnamed.npz"), counting, counting[0])
numpy.savez(os.path.join(FOLDER, "numpy", "none.npz"))
numpy.savez(
    os.path.join(FOLDER, "numpy", "objects.npz"), options=numpy.array({"dim": 3}, object), counting=counting)
with zipfile.ZipFile(os.path.join(FOLDER, "numpy", "objects.npz"), "a") as archive:
    archive.writestr(zipfile.ZipInfo("README"), "no array")
