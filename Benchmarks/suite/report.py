"""The table of a run, and its place in RESULTS.md."""

import statistics
from pathlib import Path

from suite.context import Context
from suite.machine import BENCHMARKS, description
from suite.rows import HEADING, Row

RESULTS = BENCHMARKS / "RESULTS.md"
BEGIN, END = "<!-- make bench writes this -->", "<!-- make bench ends here -->"


def limits(context: Context) -> str:
    """What the machine reached in this run, which shares are of."""
    rates = [
        f"products {statistics.median(each):,.0f} GFLOP/s in {precision}"
        for precision, each in context.product_rates.items()
    ]
    if context.reading:
        rates.append(f"reading {statistics.median(context.reading):.0f} GB/s")
    return f"The machine's limits in this run: {', '.join(rates)}." if rates else "No limit was measured."


def table(rows: list[Row], context: Context) -> str:
    """The machine, the table, and a sentence of what is met."""
    context.products(context.precision or "float32")  # names the processor too
    verdicts = [row.verdict for row in rows if row.targets]
    missed = [row for row in rows if row.verdict == "**no**"]
    unknown = [row for row in rows if row.targets and row.verdict == "–"]
    sentences = [f"{verdicts.count('yes')} of {len(verdicts)} rows with a target meet it."]
    if missed:
        sentences.append(f"Not met: {'; '.join(f'{row.work} ({row.precision})' for row in missed)}.")
    if unknown:
        sentences.append(f"Not judged: {'; '.join(f'{row.work} ({row.precision})' for row in unknown)}.")
    return "\n".join(
        [
            f"{description(context.peers, context.threads, context.cpu)} {limits(context)} Rounds: {context.rounds}.",
            "",
            HEADING,
            *map(str, rows),
            "",
            " ".join(sentences),
        ]
    )


def update(text: str, path: Path = RESULTS) -> None:
    """Puts a run's table in place of the last one, between two comments; the file is replaced as a whole."""
    old = path.read_text(encoding="utf-8")
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} lacks the comments {BEGIN} and {END}, between which the table belongs")
    new = path.with_name(path.name + ".part")
    new.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    new.replace(path)
