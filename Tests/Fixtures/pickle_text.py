"""What a pickled value is, in one line of text, for the tests to compare with. Used by the scripts beside it.

Every kind has a letter, every number and string stands in hexadecimal, so that nothing is lost: N None, T and F
truth values, i a whole number in two's complement (the least significant byte first), d a float, b bytes, u text
in UTF-8, () a tuple, [] a list, S and Z a set and a frozenset in the order of their elements' text, D O X{} the
three kinds of dictionaries, I<> an instance (arguments | state | elements | entries), A an array, Q an array of
objects or strings, s a scalar, t a dtype, P a tensor (needs a gradient, is a parameter), G a type.
"""

import collections
import struct

import numpy


class Instance:
    """Stands for an instance of any class: nothing of a class is ever made."""

    def __new__(cls, *arguments, **named):
        self = object.__new__(cls)
        self.__dict__.update(arguments=arguments, named=named, state=None, elements=[], entries={})
        return self

    def __init__(self, *arguments, **named):
        pass

    def __setstate__(self, state):
        self.__dict__["state"] = (state,)

    def append(self, element):
        self.elements.append(element)

    def extend(self, elements):
        self.elements.extend(elements)

    def __setitem__(self, key, value):
        self.entries[key] = value


def instance_class(module, name, known={}):
    """A class of instances with this name."""
    return known.setdefault((module, name), type(name, (Instance,), {"title": f"{module}.{name}"}))


def whole(number):
    size = 1
    while not -(1 << 8 * size - 1) <= number < 1 << 8 * size - 1:
        size += 1
    return number.to_bytes(size, "little", signed=True).hex()


def numbers(array):
    little = array.astype(array.dtype.newbyteorder("<"))
    return f"{array.dtype.name}{list(array.shape)}{little.tobytes(order='C').hex()}"


def tensor(value):
    import torch

    bytes_ = value.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes() if value.numel() else b""
    name = str(value.dtype).removeprefix("torch.")
    flags = f"{int(value.requires_grad)}{int(isinstance(value, torch.nn.Parameter))}"
    return f"P{flags}{name}{list(value.shape)}{bytes_.hex()}"


def all_of(values):
    return "".join(text(value) + "," for value in values)


def entries(dictionary):
    return "{" + "".join(f"{text(key)}:{text(value)}," for key, value in dictionary.items()) + "}"


def set_of(values):
    return "{" + "".join(part + "," for part in sorted(map(text, values))) + "}"


def instance(value):
    state = text(value.state[0]) if value.state else ""
    named = entries(value.named) if value.named else ""
    parts = [all_of(value.arguments) + named, state, all_of(value.elements), entries(value.entries)]
    return f"I<{value.title}|{'|'.join(parts)}>"


def ordered(value):
    attributes = "@" + entries(vars(value)) if vars(value) else ""
    return "O" + entries(value) + attributes


def defaulting(value):
    return "X" + (value.default_factory.__name__ if value.default_factory else "") + entries(value)


WRITERS = {
    type(None): lambda value: "N",
    bool: lambda value: "T" if value else "F",
    int: lambda value: "i" + whole(value),
    float: lambda value: "d" + ("nan" if value != value else struct.pack(">d", value).hex()),
    bytes: lambda value: "b" + value.hex(),
    bytearray: lambda value: "b" + value.hex(),
    str: lambda value: "u" + value.encode().hex(),
    tuple: lambda value: "(" + all_of(value) + ")",
    list: lambda value: "[" + all_of(value) + "]",
    set: lambda value: "S" + set_of(value),
    frozenset: lambda value: "Z" + set_of(value),
    dict: lambda value: "D" + entries(value),
    collections.OrderedDict: ordered,
    collections.defaultdict: defaulting,
}


def text(value):
    if type(value) in WRITERS:
        return WRITERS[type(value)](value)
    if isinstance(value, Instance):
        return instance(value)
    if isinstance(value, (str, bytes)):  # NumPy's own kinds of these
        return text(str(value) if isinstance(value, str) else bytes(value))
    if isinstance(value, numpy.generic):
        return "s" + numbers(numpy.asarray(value))
    if isinstance(value, numpy.dtype):
        return f"t{value.kind}{value.itemsize}"
    if isinstance(value, numpy.ndarray):
        if value.dtype.kind in "OSU":
            return f"Q{list(value.shape)}" + all_of(value.reshape(-1))
        return "A" + numbers(value)
    if isinstance(value, type):
        return f"G{value.__module__}.{value.__name__}"
    kind = type(value).__module__ + "." + type(value).__name__
    if kind == "torch.dtype":
        return f"G{value}"
    if kind == "torch.device":
        arguments = [value.type] if value.index is None else [value.type, value.index]
        return f"I<torch.device|{all_of(arguments)}|||{{}}>"
    if kind == "torch.Size":
        return text(tuple(value))
    return tensor(value)
