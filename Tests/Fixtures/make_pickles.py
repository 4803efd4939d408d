"""Writes the pickles of DataFormatsTests into the folder pickles, and what is in them to pickles/expected.json.
Needs NumPy; was run with Python 3.11 and NumPy 2.

    python3 make_pickles.py

Python 3 cannot write what Python 2 did, so that such pickles are put together from opcodes here. What is in them
is not taken from the values that went in, but from what Python's own pickle reads, with `encoding='bytes'` and
with every class that it cannot import replaced by one that only notes down what it is given.
"""

import argparse
import collections
import io
import json
import os
import pickle
import struct

import numpy

import pickle_text

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pickles")


def reconstructor(cls, base, state):
    return cls() if state is None else cls(state)


def new_bytearray(content=b"", encoding=None):
    return bytearray(content, encoding.decode()) if encoding else bytearray(content)


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        if name == "_reconstructor":
            return reconstructor
        if name == "bytearray":
            return new_bytearray
        if module in ("argparse", "vocabulary", "__main__"):
            return pickle_text.instance_class(module, name)
        return super().find_class(module, name)


def expected(data):
    file = io.BytesIO(data)
    values = []
    while file.tell() < len(data):
        values.append(pickle_text.text(Reader(file, encoding="bytes").load()))
    return values


FILES = {}


def write(name, data):
    FILES[name] = expected(data)
    with open(os.path.join(FOLDER, name + ".pkl"), "wb") as file:
        file.write(data)


class Vocabulary:
    def __init__(self):
        self.word2idx = {"<pad>": 0, "a": 1}
        self.idx = 2


class Slots:
    __slots__ = ["a", "b"]

    def __init__(self):
        self.a = 1


class Named:
    """Has arguments with names only: NEWOBJ_EX."""

    def __getnewargs_ex__(self):
        return (1, "x"), {"named": 2}


class Words(list):
    pass


class Counts(dict):
    pass


for known in (Vocabulary, Slots, Named, Words, Counts):
    known.__module__ = "vocabulary"
    setattr(pickle_text, known.__name__, known)


class Writer(pickle._Pickler):
    """Python's own pickler, which does not insist that classes can be imported."""

    def save_global(self, obj, name=None):
        if getattr(obj, "__module__", None) == "vocabulary":
            if self.proto >= 4:
                self.save("vocabulary")
                self.save(obj.__name__)
                self.write(pickle.STACK_GLOBAL)
            else:
                self.write(pickle.GLOBAL + f"vocabulary\n{obj.__name__}\n".encode())
            self.memoize(obj)
        else:
            super().save_global(obj, name)

    dispatch = dict(pickle._Pickler.dispatch)
    dispatch[type] = save_global


def dumped(value, protocol):
    file = io.BytesIO()
    Writer(file, protocol).dump(value)
    return file.getvalue()


# What Python 3 writes, in every protocol.
shared = ["s"]
attributed = collections.OrderedDict(b=1, a=2)
attributed._metadata = {"version": 1}
words, counts = Words(["x", "y"]), Counts(x=1)
words.note = "n"
values = {
    "constants": [None, True, False],
    "integers": [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -(2**31), 2**31, 2**63 - 1, -(2**63), 2**63]
    + [-(2**63) - 1, 10**40, -(10**40), 2**64, 2**2100, -(2**2100)],
    "floats": [0.0, -0.0, 1.5, -1e300, 5e-324, float("inf"), float("-inf"), float("nan"), 0.1],
    "strings": [b"", b"abc\x00\xff", bytearray(b"xyz"), bytearray(), "", "h\xe9llo\u1234\U0001f600\n\\u0041\\"]
    + ["x" * 300, b"y" * 300],
    "containers": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2], {}, {1: 2}, {"a": [{"b": ()}], "c": 1}],
    "sets": [set(), {1, 2, "x"}, frozenset(), frozenset([1, (2, 3)])],
    "dictionaries": [collections.OrderedDict([("b", 1), ("a", 2)]), collections.OrderedDict(), attributed]
    + [collections.defaultdict(list, {1: [2]}), collections.defaultdict(None, {1: 2})]
    + [collections.defaultdict(int), {None: 1, True: 2, 2.5: 3, "a": 4, b"a": 5, (1, ("x",)): 6}],
    "shared": [shared, shared, (shared, shared), {"k": shared}],
    "arrays": [numpy.arange(6).reshape(2, 3).astype(kind) for kind in ["<f4", ">f4", "<f8", ">i2", "u1", "b1"]]
    + [numpy.arange(24, dtype="<i4").reshape(2, 3, 4).T, numpy.zeros((0, 3), "<f4"), numpy.array(7, "<i8")]
    + [numpy.array([[None, "a"], [[1], 2.5]], object), numpy.array([[None, "a"], [[1], 2.5]], object).T],
    "string_arrays": [numpy.array([["a", "\xe9\U0001f600"]]), numpy.array(["a", "b"], ">U3"), numpy.array([b"ab", b"\0c"])]
    + [numpy.array([["a", "b"], ["c", "d"]]).T, numpy.array([], "U2"), numpy.str_("x"), numpy.bytes_(b"y")]
    + [{numpy.str_("k"): 1}],
    "scalars": [numpy.float32(1.5), numpy.int64(-7), numpy.bool_(True), numpy.uint8(200), numpy.float16(2)]
    + [numpy.uint64(2**63 + 1), {numpy.int64(1): 1}],
    "types": [numpy.dtype("<f4"), int, dict],
    "instances": [argparse.Namespace(a=1, b="x"), Vocabulary(), words, counts],
}
for protocol in range(6):
    for name, value in values.items():
        write(f"{name}_protocol{protocol}", dumped(value, protocol))
for protocol in (2, 4):
    write(f"slots_protocol{protocol}", dumped(Slots(), protocol))
write("named_arguments", dumped(Named(), 4))
# What Python 2 wrote. `opcode + argument` one by one.
def line(opcode, *texts):
    return opcode + b"".join(text + b"\n" for text in texts)


def string(data):
    """A byte string in protocol 2."""
    if len(data) < 256:
        return b"U" + bytes([len(data)]) + data
    return b"T" + struct.pack("<i", len(data)) + data


escapes = [
    rb"'\\ \' \" \a\b\f\n\r\t\v \0 \07 \101 \1234 \x41\xff\q\8'", b"'caf\xe9 \xc3\xa9'", b"''", b'"it\'s"'
]
write("python2_strings", b"(l" + b"".join(line(b"S", literal) + b"a" for literal in escapes) + b".")
texts = [rb"caf" + b"\xe9", rb"\u1234\U0001f600", rb"\\u0041\\\u0041 \n", b"", rb"\u005c\u000a"]
write("python2_texts", b"(l" + b"".join(line(b"V", text) + b"a" for text in texts) + b".")
numbers = [line(b"I", b"00"), line(b"I", b"01"), line(b"I", b"-12 "), line(b"I", b"1" * 30), line(b"L", b"5L")]
numbers += [line(b"L", b"-170141183460469231731687303715884105728L"), line(b"L", b"0"), line(b"F", b"5")]
numbers += [line(b"F", b"-1.1e-05"), line(b"F", b"inf"), line(b"F", b"nan"), line(b"F", b"-0")]
numbers += [b"\x8a\x00", b"\x8a\x02\xff\x00", b"\x8a\x01\xff", b"\x8b\x03\x00\x00\x00\x00\x00\x80"]
write("python2_numbers", b"(" + b"".join(numbers) + b"l.")
binary = [string(b"abc\xe9"), string(b"z" * 300), b"X\x02\x00\x00\x00\xc3\xa9", b"\x88", b"\x89", b"J\xff\xff\xff\xff"]
write("python2_binary", b"\x80\x02(" + b"".join(binary) + b"t.")

write("inst", b"(" + line(b"i", b"__main__", b"Vocabulary") + b"p1\n(dp2\nS'idx'\np3\nI3\nsb.")
write("inst_arguments", b"(I1\nS'x'\n" + line(b"i", b"__main__", b"Old") + b".")
write("obj", b"(c__main__\nOld\nq\x01K\x01K\x02o}q\x02U\x01aK\x03sb.")
write("reconstructor", b"ccopy_reg\n_reconstructor\np1\n(c__main__\nNew\np2\nc__builtin__\nobject\np3\nNtRp4\n(dp5\nS'a'\nI1\nsb.")
write("reconstructor_list", b"ccopy_reg\n_reconstructor\n(c__main__\nWords\nc__builtin__\nlist\n(lp1\nI1\natR.")
write("vocabulary", b"\x80\x02c__main__\nVocabulary\nq\x00)\x81q\x01}q\x02(U\x03idxK\x02U\x08word2idxq\x03}q\x04(U\x05<pad>K\x00X\x01\x00\x00\x00aK\x01uub.")
write("ordered_dictionary", b"ccollections\nOrderedDict\np1\n((lp2\n(lp3\nS'the'\np4\naI2\naa(lp5\nS'a'\np6\naI3\naatRp7\n.")
write("two_pickles", b"(dp1\nS'the'\nI2\ns.(dp1\nS'the'\nI40\ns.")
write("repeated_keys", b"\x80\x02}(K\x01U\x01aK\x02U\x01b\x88U\x01cG?\xf0\x00\x00\x00\x00\x00\x00U\x01du.")
write("repeated_elements", b"\x80\x04\x8f(K\x01\x88K\x02K\x01\x90.")
write("stack", b"\x80\x02(K\x01K\x02(K\x03K\x04(100K\x05" + b"2" + b"l.")  # POP of a mark and of values, POP_MARK, DUP
write("memo", b"\x80\x02(U\x01ar\x00\x00\x10\x00U\x01bq\x05U\x01cp12345\nj\x00\x00\x10\x00h\x05g12345\nt.")
write("extended_later", b"\x80\x02]q\x00(h\x00h\x00tq\x010h\x00(K\x01K\x02e0h\x01.")
write("bytearray_python2", b"\x80\x02c__builtin__\nbytearray\n(X\x04\x00\x00\x00xy\xc3\xbfU\x07latin-1tR.")
write("frames", b"\x80\x04\x95\x03\x00\x00\x00\x00\x00\x00\x00(K\x01\x95\x04\x00\x00\x00\x00\x00\x00\x00K\x02t.")

# An array as Python 2 wrote it: its bytes are a byte string, so that they stand in the file as they are.
DTYPE = b"cnumpy\ndtype\nq\x05U\x02f4K\x00K\x01\x87Rq\x06(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85U\x01b\x87R"
first = numpy.arange(6, dtype="<f4").reshape(2, 3) / 4
second = numpy.arange(6, dtype="<f4").reshape(2, 3)
write(
    "lasagne",
    b"\x80\x02}q\x01(U\x0cparam valuesq\x02](" + RECONSTRUCT + b"(K\x01K\x02K\x03\x86" + DTYPE + b"\x89"
    + string(first.tobytes()) + b"tbh\x03h\x04K\x00\x85U\x01b\x87R(K\x01K\x03K\x02\x86h\x06\x88" + string(second.tobytes())
    + b"tbeU\nmodel nameq\x07U\x05VGG19u.",
)
write("old_array", b"\x80\x02" + RECONSTRUCT + b"(K\x02\x85" + DTYPE + b"K\x00" + string(first[0, :2].tobytes()) + b"tb.")
write(
    "old_dtype", b"\x80\x02cnumpy\ndtype\nU\x02i2K\x00K\x01\x87R(U\x01>NNJ\xff\xff\xff\xffJ\xff\xff\xff\xfftb.")
write(
    "protocol0_scalar",
    b"cnumpy.core.multiarray\nscalar\np1\n(cnumpy\ndtype\np2\n(S'i8'\nI0\nI1\ntRp3\n(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb"
    + rb"S'MG\x00\x00\x00\x00\x00\x00'" + b"\ntR.",
)

with open(os.path.join(FOLDER, "expected.json"), "w") as file:
    json.dump(FILES, file, indent=1, sort_keys=True)
    file.write("\n")
