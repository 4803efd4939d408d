"""Writes the .npy fixtures of DataFormatsTests into this folder. Needs NumPy; was run with NumPy 2.

    python3 make_numpy_arrays.py
"""

import os

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
