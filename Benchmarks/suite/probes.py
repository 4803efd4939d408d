"""What is measured by running vse as its users do: starting, an epoch, memory, files, the server."""

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from suite.context import Context, Missing
from suite.machine import BENCHMARKS
from suite.processes import Command, Outcome, answer, note, run
from suite.rows import Row, Target, at_least, at_most, shown

MEGABYTE = 1e6


@dataclass(frozen=True)
class Probe:
    """Rows that a function measures."""

    name: str
    title: str
    rows: Callable[[Context], list[Row]]
    seconds: float

    def measure(self, context: Context) -> list[Row]:
        try:
            return self.rows(context)
        except Missing as missing:
            return [Row(self.title, ours=f"not measured: {missing}")]


def done(command: Command) -> Outcome:
    """A run that has to work, or there is nothing to measure."""
    ran = run(command)
    if ran.status != 0:
        raise Missing(f"vse {command[1]} failed ({ran.reason})")
    return ran


def median_milliseconds(command: Command, runs: int) -> float:
    done(command)
    return 1000 * statistics.median(done(command).seconds for _ in range(runs))


def start(context: Context) -> list[Row]:
    milliseconds = median_milliseconds([context.vse, "--help"], 20)
    return [
        Row("`vse --help`", ours=shown(milliseconds, "ms"), figures={"ms": milliseconds}, targets=(at_most("ms", 60),))
    ]


def trained(context: Context, kind: str, precision: str) -> tuple[Path, Outcome]:
    """A model of the original's sizes, an epoch old, and what training it took."""
    data = context.made(kind)
    model = context.folder / f"{kind}.safetensors"
    command = [
        context.vse, "train", "--data", data, "--output", model, "--overwrite", "--recipe", "kiros", "--epochs", "1",
        "--precision", precision, "--threads", str(context.threads)]
    return model, done(command)


# Of Flickr8k's size: 30,000 captions in 258 minibatches by length, as `made_data.py` makes them.
EPOCH_CAPTIONS, EPOCH_TOKENS = 30_000, 381_000


def epoch(context: Context) -> list[Row]:
    """An epoch without scoring, the start of the program and the writing of the model included, and its memory."""
    precision = context.precision or "bfloat16"
    _, ran = trained(context, "flickr8k", precision)
    note(f"    {precision}: ours {ran.seconds:.1f} s")
    # As one training step counts them: forward and twice that backward; images need no gradient of their features.
    operations = 6 * EPOCH_TOKENS * (300 + 1024) * 3072 + EPOCH_CAPTIONS * (4 * 4096 * 1024 + 6 * 128 * 1024)
    peak = context.products(precision)
    figures = {"s": ran.seconds}
    limit = f"{operations / ran.seconds / 1e7 / peak:.0f} % of products" if peak else "–"
    peer, theirs = "PyTorch, module", context.peers.lacks(("torch",))
    if theirs is None:
        script = [context.peers.python, context.scripts / "train_step.py", "--epoch"]
        measured = answer([*script, "--precision", precision, "--threads", str(context.threads)])
        theirs = f"failed ({measured})"
        if isinstance(measured, dict):
            seconds = measured["median_milliseconds"] / 1000
            theirs, figures["ratio"] = shown(seconds, "s"), seconds / ran.seconds
    target = (at_most("s", 17),) if precision == "bfloat16" else ()
    rows = [
        Row("an epoch of Flickr8k's size", precision, shown(ran.seconds, "s"), peer, theirs, figures, target, limit)
    ]
    return [*rows, memory_row("the same: memory", precision, ran.memory, 400)]


def memory_row(title: str, precision: str, memory: int | None, most: float, limit: str = "–") -> Row:
    targets: tuple[Target, ...] = (at_most("MB", most),)
    if memory is None:
        return Row(title, precision, "not measured: this system does not tell", targets=targets)
    megabytes = memory / MEGABYTE
    return Row(title, precision, shown(megabytes, "MB"), figures={"MB": megabytes}, targets=targets, limit=limit)


def evaluation_memory(context: Context) -> list[Row]:
    ran = done([context.vse, "benchmark", "evaluate", "--threads", str(context.threads), "--steps", "1"])
    vectors = 30_000 * 1024 * 4
    beyond = None if ran.memory is None else ran.memory - vectors
    return [memory_row("evaluation: memory beyond the vectors", "float32", beyond, 150)]


def cold_sentence(context: Context) -> list[Row]:
    """A process that reads a model of 10,000 words and embeds one sentence."""
    rows = []
    sentence = context.folder / "sentence.txt"
    for precision in ("float32", "bfloat16"):
        if context.precision not in (None, precision):
            continue
        model, _ = trained(context, "words", precision)
        sentence.write_text("waaa wbaa wcaa wdaa weaa wfaa wgaa whaa wiaa wjaa wkaa\n")
        command = [
            context.vse, "embed", "sentences", model, sentence, "--output", context.folder / "sentence.npy",
            "--precision", precision, "--threads", str(context.threads)]
        milliseconds = median_milliseconds(command, 10)
        rows.append(
            Row(
                "one sentence, cold process", precision, shown(milliseconds, "ms"), figures={"ms": milliseconds},
                targets=(at_most("ms", 150),)))
    return rows


def files(context: Context) -> list[Row]:
    """Beyond the start of the program, which a small file takes as well."""
    folder = context.made("files")
    try:
        start = median_milliseconds([context.vse, "info", folder / "small.npy"], 10)
        rows = []
        for title, name, target in (
            ("a stored .npz of 500 MB, checksums compared", "large.npz", at_least("GB/s", 2)),
            ("a pickle of 575 MB, arrays mapped", "vgg19.pkl", at_most("ms", 700)),
        ):
            milliseconds = max(0, median_milliseconds([context.vse, "info", folder / name], 5) - start)
            figures = {"ms": milliseconds}
            if target.figure == "GB/s" and milliseconds > 0:
                figures["GB/s"] = (folder / name).stat().st_size / milliseconds / 1e6
            cell = shown(figures[target.figure], target.figure)
            rows.append(Row(title, ours=cell, figures=figures, targets=(target,)))
        return rows
    finally:
        # Two gigabytes are not kept.
        shutil.rmtree(folder, ignore_errors=True)


def server(context: Context) -> list[Row]:
    """100,000 photos asked for by 64 clients, beside the same server answering one query at a time."""
    if shutil.which("wrk") is None:
        raise Missing("wrk is not installed (Debian: apt-get install wrk)")
    if reason := context.peers.lacks(("numpy",)):
        raise Missing(f"its index is made with {reason}")
    model, _ = trained(context, "words", "float32")
    work = context.folder / "serve"
    # An index belongs to the model that it was made with.
    shutil.rmtree(work, ignore_errors=True)
    command = [context.peers.python, BENCHMARKS / "serve", model, "--seconds", "5", "--json", "--vse", context.vse]
    measured = answer([*command, "--work", work])
    if isinstance(measured, str):
        raise Missing(f"Benchmarks/serve failed ({measured})")
    rows = []
    for sentences in ("cached", "uncached"):
        alone, together = (
            next(
                each for each in measured["measured"]
                if (each["sentences"], each["together"]) == (sentences, batching) and each["connections"] > 1)
            for batching in (False, True)
        )
        rows.append(
            Row(
                f"server, 100,000 photos, 64 clients, {sentences} sentences", "float32",
                f"{shown(together['rate'], '/s')}, p50 {together['p50']:.0f} ms, p99 {together['p99']:.0f} ms",
                "the same, one query at a time", shown(alone["rate"], "/s"),
                {"ratio": together["rate"] / alone["rate"], "lost": together["lost"]}, (at_most("lost", 0),)))
    return rows


PROBES = (
    Probe("start", "`vse --help`", start, 2),
    Probe("epoch", "an epoch of Flickr8k's size", epoch, 75),
    Probe("evaluate-memory", "evaluation: memory beyond the vectors", evaluation_memory, 4),
    Probe("sentence-cold", "one sentence, cold process", cold_sentence, 15),
    Probe("files", "files", files, 30),
    Probe("server", "server", server, 110),
)
