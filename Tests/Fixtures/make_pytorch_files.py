"""Writes the files of PyTorch of DataFormatsTests into the folder pytorch, and what is in them to
pytorch/expected.json. Needs NumPy and PyTorch; was run with PyTorch 2.13.

    python3 make_pytorch_files.py

What PyTorch no longer writes (Python 2's stream format, with views, storages of a GPU and `_rebuild_tensor`) and
what other programs make of its archives (deflated, big-endian) is put together here.
"""

import argparse
import collections
import io
import json
import os
import pickle
import struct
import zipfile

import numpy
import torch

import pickle_text

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pytorch")
FILES = {}


class PickleModule:
    """Python's pickle, in which classes of this file's own are only noted down."""

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if module == "argparse":
                return pickle_text.instance_class(module, name)
            return super().find_class(module, name)

    @staticmethod
    def load(file, **options):
        return PickleModule.Unpickler(file, **options).load()


def write(name, data, value=None):
    """Writes a file that PyTorch can read, or else has `value`."""
    if value is None:
        options = {"map_location": "cpu", "weights_only": False, "encoding": "bytes"}
        value = torch.load(io.BytesIO(data), pickle_module=PickleModule, **options)
        FILES[name] = pickle_text.text(value)
    else:
        FILES[name] = value
    with open(os.path.join(FOLDER, name + ".pth"), "wb") as file:
        file.write(data)


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


base = torch.arange(12, dtype=torch.float32).reshape(3, 4) / 4
state = collections.OrderedDict([("rnn.weight_ih_l0", base.clone()), ("fc.bias", torch.tensor([1.5, -2]))])
state._metadata = collections.OrderedDict([("", {"version": 1})])
values = {
    "checkpoint": {"epoch": 3, "model": [state, state], "opt": argparse.Namespace(margin=0.2, use_abs=False)}
    | {"best": numpy.float64(3.25), "features": numpy.arange(3.0), "optimizer": {"state": {0: {"step": torch.tensor(1.0)}}}},
    "views": [base, base.T, base[1:, ::2], base[1], base[:, 3], base[:1, :1].expand(2, 3), torch.zeros(0, 3)]
    + [torch.arange(24).reshape(2, 3, 4).permute(2, 0, 1), torch.tensor(7)],
    "types": [torch.tensor([0, 1, 2]).to(kind) for kind in (torch.float32, torch.float64, torch.float16, torch.bfloat16)]
    + [torch.tensor([0, 1, 2]).to(kind) for kind in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)]
    + [torch.tensor([True, False])],
    "others": [torch.nn.Parameter(base), torch.nn.Parameter(base, requires_grad=False), torch.ones(1, requires_grad=True)]
    + [torch.Size([1, 2]), torch.float16, torch.device("cpu"), torch.device("cuda", 1)],
}
for name, value in values.items():
    write(f"{name}_zip", saved(value))
    write(f"{name}_stream", saved(value, _use_new_zipfile_serialization=False))
write("protocol4_zip", saved(values["views"], pickle_protocol=4))
write("protocol4_stream", saved(values["views"], pickle_protocol=4, _use_new_zipfile_serialization=False))


def packed(data, method=zipfile.ZIP_DEFLATED, change=lambda name, content: content):
    """The same archive, packed by another program."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            new.writestr(entry, change(name, old.read(name)), method)
    return file.getvalue()


def big_endian(name, content):
    if name.endswith("byteorder"):
        return b"big"
    return content if "/data/" not in name else numpy.frombuffer(content, "<f4").astype(">f4").tobytes()


write("deflated", packed(saved(values["checkpoint"])))
write("big_endian", packed(saved(state), zipfile.ZIP_STORED, big_endian), pickle_text.text(state))

# The stream format as PyTorch 0.2 wrote it from Python 2: byte strings, storages of a GPU, views of storages.
def string(data):
    return b"U" + bytes([len(data)]) + data


def numbers(*values):
    return b"".join(b"K" + bytes([value]) for value in values) + bytes([0x84 + len(values)])


def storage(module, name, key, count, view=b"N"):
    kind = f"c{module}\n{name}\n".encode()
    return b"(" + string(b"storage") + kind + string(key) + string(b"cuda:0") + b"K" + bytes([count]) + view + b"tQ"


def tensor(storage, offset, shape, strides):
    rebuild = b"ctorch._utils\n_rebuild_tensor\n"
    return rebuild + b"(" + storage + b"K" + bytes([offset]) + numbers(*shape) + numbers(*strides) + b"tR"


floats = storage("torch.cuda", "FloatStorage", b"11", 6)
part = storage("torch.cuda", "FloatStorage", b"11", 6, b"(" + string(b"22") + b"K\x01K\x02t")
halves = storage("torch", "HalfStorage", b"33", 2)
weight = b"](" + string(b"weight") + tensor(floats, 0, (2, 3), (3, 1)) + b"e"
tensors = b"ccollections\nOrderedDict\n](" + weight + b"e\x85R"
tensors += tensor(floats, 0, (3, 2), (1, 3)) + tensor(part, 0, (2,), (1,)) + tensor(halves, 1, (1,), (1,))
pickles = [
    pickle.dumps(0x1950A86A20F9469CFC6C, 2),
    pickle.dumps(1001, 2),
    b"\x80\x02}(" + string(b"protocol_version") + b"M\xe9\x03" + string(b"little_endian") + b"\x88u.",
    b"\x80\x02](" + tensors + b"e.",
    b"\x80\x02](" + string(b"11") + string(b"33") + b"e.",
]
write("python2_stream", b"".join(pickles) + struct.pack("<q6f", 6, *range(6)) + struct.pack("<q2e", 2, 1, 2))

with open(os.path.join(FOLDER, "expected.json"), "w") as file:
    json.dump(FILES, file, indent=1, sort_keys=True)
    file.write("\n")
