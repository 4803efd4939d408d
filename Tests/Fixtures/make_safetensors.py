"""Writes the .safetensors fixtures of DataFormatsTests with the format's own library.

    python3 make_safetensors.py

Needs numpy and safetensors; was run with safetensors 0.5.3, whose `serialize` takes these dictionaries.
"""

import pathlib

import numpy
import safetensors

FOLDER = pathlib.Path(__file__).parent / "safetensors"
COUNTING = numpy.array([[0, 1, 2], [3, 4, 5]])
TYPES = {
    "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8", "uint8": "u1", "uint16": "u2", "uint32": "u4",
    "uint64": "u8", "float16": "f2", "float32": "f4", "float64": "f8",
}


def tensor(kind, array):
    return {"dtype": kind, "shape": list(array.shape), "data": array.tobytes()}


def main():
    FOLDER.mkdir(exist_ok=True)
    tensors = {kind: tensor(kind, COUNTING.astype("<" + code)) for kind, code in TYPES.items()}
    tensors["bool"] = tensor("bool", COUNTING % 2 == 1)
    # The upper halves of float32.
    halves = (COUNTING.astype("<f4").view("<u4") >> 16).astype("<u2")
    tensors["bfloat16"] = tensor("bfloat16", halves)
    tensors["scalar"] = tensor("float32", numpy.array(7, "<f4"))
    tensors["empty"] = tensor("float32", numpy.zeros((0, 3), "<f4"))
    tensors['w\u00f6rter "\\\n'] = tensor("uint8", numpy.array([1, 2], "u1"))
    (FOLDER / "all_types.safetensors").write_bytes(safetensors.serialize(tensors, {"format": "pt", "k": "\u00e9"}))
    (FOLDER / "none.safetensors").write_bytes(safetensors.serialize({}, None))


main()
