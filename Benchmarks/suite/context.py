"""What all measurements share: programs, options, data that is made when it is needed, the machine's limits."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from suite.machine import BENCHMARKS, Peers
from suite.processes import answer, note


class Missing(Exception):
    """Why something cannot be measured here."""


@dataclass
class Context:
    vse: Path
    peers: Peers
    threads: int
    rounds: int
    # The only precision to measure; nothing for all.
    precision: str | None
    # Where made data goes.
    folder: Path
    # Real data in place of made data.
    photos_given: str | None = None
    vectors_given: tuple[str, str] | None = None
    # The machine's rates in this run: products in GFLOP/s by precision, reading in GB/s.
    product_rates: dict[str, list[float]] = field(default_factory=dict)
    reading: list[float] = field(default_factory=list)
    cpu: str = "unknown processor"

    scripts = BENCHMARKS / "peers"

    def measure_products(self, precision: str) -> None:
        """Large matrix products, the peak that work is compared with; measured anew for each work."""
        measured = answer(
            [self.vse, "benchmark", "product", "--precision", precision, "--threads", str(self.threads), "--json"])
        if isinstance(measured, dict):
            self.product_rates.setdefault(precision, []).append(measured["gigaflops"])
            self.cpu = measured["cpu"]

    def products(self, precision: str) -> float | None:
        """The rate that was measured last, in GFLOP/s."""
        if precision not in self.product_rates:
            self.measure_products(precision)
        return self.product_rates.get(precision, [None])[-1]

    def made(self, kind: str) -> Path:
        """A folder with made data of a kind that `made_data.py` knows, the same each time."""
        place = self.folder / kind
        if not place.exists():
            modules = ("numpy", "PIL") if kind == "photos" else ("numpy",)
            if reason := self.peers.lacks(modules):
                raise Missing(f"its data is made with {reason}")
            note(f"    making {kind}")
            script = BENCHMARKS / "suite" / "made_data.py"
            ran = subprocess.run([self.peers.python, script, kind, place], capture_output=True, text=True)
            if ran.returncode != 0:
                raise Missing(f"its data could not be made ({(ran.stderr.strip().splitlines() or ['?'])[-1]})")
        return place

    def photos(self) -> list[str]:
        return ["--photos", self.photos_given or str(self.made("photos"))]

    def vectors(self) -> list[str]:
        if self.vectors_given:
            vectors, queries = self.vectors_given
        else:
            folder = self.made("vectors")
            vectors, queries = folder / "vectors.npy", folder / "queries.npy"
        return ["--vectors", str(vectors), "--queries", str(queries)]
