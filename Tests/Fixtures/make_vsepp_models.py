#!/usr/bin/env python3
"""Writes small models in the files of VSE++ (Faghri et al. 2018), and the vectors that PyTorch computes with them.

    python3 make_vsepp_models.py [FOLDER]      (FOLDER: vsepp beside this script)

FOLDER/CASE/ holds a checkpoint `model_best.pth.tar`, its vocabulary `vocab/DATA_vocab.pkl`, sentences in
`captions.txt`, features in `features.npy` [N, I], and the vectors of both, `sentence_vectors.npy` [C, D] and
`image_vectors.npy` [N, D]:

- precomp: made for features, in PyTorch's zip format, with two vocabularies, one of another data set.
- stream: in PyTorch's old stream format with the strings of Python 2, as checkpoints of 2018 are.
- network: with a network inside, whose features are scaled to unit norm, below nn.DataParallel.
- no_imgnorm: trained without scaling image vectors to unit norm.

FOLDER/refused/NAME.pth.tar are checkpoints that cannot be a model, each for the reason in its name.

The vectors are those of torch.nn.Embedding, torch.nn.GRU and torch.nn.Linear; the script asserts that the formulas
of a gated recurrent unit in float64 give the same. Nothing of VSE++'s own code is used.

Needs numpy and torch (written with NumPy 2 and PyTorch 2.13).
"""

import argparse
import io
import pickle
import sys
import warnings
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch

E, D, I = 5, 7, 6
SPECIAL = ["<pad>", "<start>", "<end>", "<unk>"]
WORDS = ["a", "dog", "runs", "on", "the", "beach", "café", "cafe\u0301", "``", "''", ",", ".", "n't", "red"]
CAPTIONS = [
    "a dog runs on the beach .",
    "the red dog",
    "a café",
    "a cafe\u0301",
    "a zebra does n't run",
    "`` the red dog , '' a dog runs .",
    "zebra",
]


class Vocabulary:
    """A class of the name that VSE++'s vocabularies are pickled under."""

    def __init__(self, words: list[str]) -> None:
        self.word2idx = {word: index for index, word in enumerate(SPECIAL + words)}
        self.idx2word = {index: word for word, index in self.word2idx.items()}
        self.idx = len(self.word2idx)


class Python2Pickler(pickle._Pickler):
    """Writes ASCII strings as Python 2 wrote its `str`, and notes the storages of tensors beside the pickle."""

    dispatch = dict(pickle._Pickler.dispatch)

    def __init__(self, file: io.BufferedIOBase) -> None:
        super().__init__(file, 2)
        self.storages: list[torch.TypedStorage] = []

    def save_str(self, text: str) -> None:
        if not text.isascii() or len(text) > 255:
            super().save_str(text)
            return
        data = text.encode()
        self.write(pickle.SHORT_BINSTRING + bytes([len(data)]) + data)
        self.memoize(text)

    dispatch[str] = save_str

    def persistent_id(self, value: object) -> object:
        if not isinstance(value, torch.TypedStorage):
            return None
        places = [storage.data_ptr() for storage in self.storages]
        if value.data_ptr() not in places:
            places.append(value.data_ptr())
            self.storages.append(value)
        key = str(places.index(value.data_ptr()))
        return ("storage", getattr(torch, value.pickle_storage_type()), key, "cpu", value.size(), None)


def write_stream(value: object, path: Path) -> None:
    """What torch.save wrote before PyTorch 1.6; its own names for storages are addresses, new in each run."""
    with path.open("wb") as file:
        sizes = {"short": 2, "int": 4, "long": 4}
        system = {"protocol_version": 1001, "little_endian": True, "type_sizes": sizes}
        for part in (0x1950A86A20F9469CFC6C, 1001, system):
            Python2Pickler(file).dump(part)
        pickler = Python2Pickler(file)
        pickler.dump(value)
        Python2Pickler(file).dump([str(index) for index in range(len(pickler.storages))])
        for storage in pickler.storages:
            file.write(storage.size().to_bytes(8, "little") + bytes(storage.untyped()))
    torch.load(path, weights_only=False)


def namespace(**changes: object) -> argparse.Namespace:
    options = dict(
        data_path="data/", data_name="f8k_precomp", vocab_path="./vocab/", margin=0.2, num_epochs=30,
        batch_size=128, word_dim=E, embed_size=D, grad_clip=2.0, crop_size=224, num_layers=1,
        learning_rate=0.0002, lr_update=15, workers=10, log_step=10, val_step=500, logger_name="runs/f8k",
        resume="", max_violation=True, img_dim=I, finetune=False, cnn_type="vgg19", use_restval=False,
        measure="cosine", use_abs=False, no_imgnorm=False, vocab_size=len(SPECIAL + WORDS),
    )  # fmt: skip
    return argparse.Namespace(**(options | changes))


class Model:
    """The encoders of a model, with random numbers everywhere."""

    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.embed = torch.nn.Embedding(len(SPECIAL + WORDS), E)
        self.rnn = torch.nn.GRU(E, D, 1, batch_first=True)
        self.fc = torch.nn.Linear(I, D)
        for module in (self.embed, self.rnn, self.fc):
            for parameter in module.parameters():
                torch.nn.init.uniform_(parameter, -0.9, 0.9)

    @staticmethod
    def state(**modules: torch.nn.Module) -> "OrderedDict[str, torch.Tensor]":
        return torch.nn.ModuleDict(modules).state_dict()

    def states(self) -> list["OrderedDict[str, torch.Tensor]"]:
        return [self.state(fc=self.fc), self.state(embed=self.embed, rnn=self.rnn)]

    @torch.no_grad()
    def sentences(self, captions: list[str]) -> np.ndarray:
        """The state after the last token of each caption, of unit norm."""
        rows = []
        for caption in captions:
            output, _ = self.rnn(self.embed(torch.tensor([tokens(caption)])))
            state = output[0, -1]
            rows.append((state / state.norm()).numpy())
        vectors = np.stack(rows)
        assert np.abs(vectors - self.sentences_by_formula(captions)).max() < 1e-6
        return vectors

    def sentences_by_formula(self, captions: list[str]) -> np.ndarray:
        """The same in float64: h' = (1 - z) n + z h, n = tanh(W_in x + b_in + r (W_hn h + b_hn))."""
        weights = {name: value.detach().double().numpy() for name, value in self.rnn.named_parameters()}
        w, u = weights["weight_ih_l0"], weights["weight_hh_l0"]
        b, c = weights["bias_ih_l0"], weights["bias_hh_l0"]
        r, z, n = slice(0, D), slice(D, 2 * D), slice(2 * D, 3 * D)
        rows = []
        for caption in captions:
            h = np.zeros(D)
            for token in tokens(caption):
                x = w @ self.embed.weight[token].detach().double().numpy() + b
                y = u @ h + c
                reset, update = 1 / (1 + np.exp(-x[r] - y[r])), 1 / (1 + np.exp(-x[z] - y[z]))
                h = (1 - update) * np.tanh(x[n] + reset * y[n]) + update * h
            rows.append(h / np.linalg.norm(h))
        return np.stack(rows)

    @torch.no_grad()
    def images(self, features: np.ndarray, normalizing: bool) -> np.ndarray:
        vectors = self.fc(torch.from_numpy(features))
        return (vectors / vectors.norm(dim=1, keepdim=True) if normalizing else vectors).numpy()


def tokens(caption: str) -> list[int]:
    vocabulary = Vocabulary(WORDS).word2idx
    return [1] + [vocabulary.get(word, 3) for word in caption.split()] + [2]


def checkpoint(states: list[object], options: argparse.Namespace) -> dict[str, object]:
    return {"epoch": 12, "model": states, "best_rsum": 310.5, "opt": options, "Eiters": 2808}


def save(value: object, path: Path, stream: bool = True) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if stream:
        write_stream(value, path)
    else:
        torch.save(value, path)


def write_vocabulary(path: Path, words: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(Vocabulary(words), protocol=2))


def write_case(
    folder: Path, seed: int, stream: bool, network: bool = False, **changes: object
) -> None:
    model = Model(seed)
    options = namespace(**changes)
    states = model.states()
    if network:
        # A network of two tensors; DataParallel puts `module.` before every name.
        cnn = {"cnn.features.module.0.weight": torch.ones(2, 3), "cnn.classifier.1.steps": torch.tensor(4)}
        states[0] = OrderedDict((f"module.{name}", value) for name, value in {**cnn, **states[0]}.items())
    save(checkpoint(states, options), folder / "model_best.pth.tar", stream)
    write_vocabulary(folder / f"vocab/{options.data_name}_vocab.pkl", WORDS)
    features = np.random.default_rng(seed).standard_normal((4, I)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    (folder / "captions.txt").write_text("".join(line + "\n" for line in CAPTIONS), encoding="utf-8")
    np.save(folder / "features.npy", features)
    np.save(folder / "sentence_vectors.npy", model.sentences(CAPTIONS))
    np.save(folder / "image_vectors.npy", model.images(features, not options.no_imgnorm))


def write_refused(folder: Path) -> None:
    model = Model(9)

    def changed(part: int, **tensors: torch.Tensor | None) -> list[object]:
        states = model.states()
        for name, value in tensors.items():
            name = name.replace("__", ".")
            if value is None:
                del states[part][name]
            else:
                states[part][name] = value
        return states

    def write(name: str, states: list[object] | None = None, **changes: object) -> None:
        save(checkpoint(states or model.states(), namespace(**changes)), folder / f"{name}.pth.tar")

    write("use_abs", use_abs=True)
    write("measure", measure="order")
    write("finetune", finetune=True)
    write("num_layers", num_layers=2)
    write("word_dim", word_dim="large")
    write("embed_size", embed_size=D + 1)
    write("missing_tensor", changed(1, rnn__bias_hh_l0=None))
    write("other_tensor", changed(1, rnn__weight_ih_l0_reverse=torch.zeros(3 * D, E)))
    write("wrong_shape", changed(0, fc__weight=torch.zeros(D + 1, I)))
    write("wrong_type", changed(0, fc__bias=torch.zeros(D, dtype=torch.float64)))
    write("nan", changed(0, fc__bias=torch.full([D], float("nan"))))
    write("fewer_words", changed(1, embed__weight=torch.zeros(len(SPECIAL + WORDS) - 1, E)))
    save(model.states()[1], folder / "state_only.pth.tar")
    save({"model": model.states()}, folder / "no_options.pth.tar")


def main() -> None:
    warnings.filterwarnings("ignore", message="TypedStorage is deprecated")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "vsepp"
    write_case(folder / "precomp", seed=1, stream=False)
    write_vocabulary(folder / "precomp/vocab/coco_precomp_vocab.pkl", WORDS[:3])
    write_case(folder / "stream", seed=2, stream=True, max_violation=False)
    write_case(folder / "network", seed=3, stream=False, network=True, data_name="coco", cnn_type="resnet152")
    write_case(folder / "no_imgnorm", seed=4, stream=True, no_imgnorm=True)
    write_refused(folder / "refused")


if __name__ == "__main__":
    main()
