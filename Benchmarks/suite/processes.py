"""Running programs that are measured: their answers, how long they take, the memory that they hold."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

Command = list[str | Path]


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Outcome:
    """What a program printed, and what it took."""

    status: int
    output: str
    errors: str
    seconds: float
    # The most anonymous memory (RssAnon) that was seen, in bytes; nothing where the system does not tell (Linux does).
    memory: int | None

    @property
    def reason(self) -> str:
        """The last line that it left behind, for a program that failed."""
        return (self.errors.strip().splitlines() or [f"ended with {self.status}"])[-1]


def anonymous_memory(process: int) -> int | None:
    """Bytes that a process holds and that are of no file, as Linux counts them."""
    try:
        with open(f"/proc/{process}/status", encoding="utf-8") as lines:
            return next((1024 * int(line.split()[1]) for line in lines if line.startswith("RssAnon")), None)
    except OSError:
        return None


def run(command: Command, environment: dict[str, str] | None = None) -> Outcome:
    """Runs a program to its end, and looks at its memory every few milliseconds."""
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})}
    start = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables)
    seen: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            if (memory := anonymous_memory(process.pid)) is not None:
                seen.append(memory)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        output, errors = process.communicate()
    finally:
        process.kill()
        seconds = time.perf_counter() - start
        ended.set()
        watcher.join()
    return Outcome(process.returncode, output, errors, seconds, max(seen, default=None))


def answer(command: Command) -> dict | str:
    """The JSON in the last line that a benchmark prints, or why there is none."""
    ran = run(command)
    lines = ran.output.strip().splitlines()
    if ran.status == 0 and lines:
        return json.loads(lines[-1])
    note(f"    failed: {' '.join(map(str, command))}: {ran.reason}")
    return ran.reason
