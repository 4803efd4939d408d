"""`vse benchmark NAME` beside peers that do the same work.

Ours and the peers take turns (A B A B), each in a process of its own, since the speed of a shared machine drifts: a
ratio is taken between neighbours. Times are the median of a process's calls, then of all processes. After the first
round only the fastest configuration of each library is run again, and the one that a target is about.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from suite.context import Context, Missing
from suite.processes import answer, note
from suite.rows import Row, Target, shown


class Peer(NamedTuple):
    """A script of Benchmarks/peers with its arguments, and what it imports."""

    library: str
    configuration: str
    arguments: tuple[str, ...]
    modules: tuple[str, ...] = ("torch",)
    # The only precision it has, where it does not have that of the work.
    precision: str | None = None

    @property
    def label(self) -> str:
        return f"{self.library}, {self.configuration}" if self.configuration else self.library


@dataclass(frozen=True)
class Work:
    """A benchmark of ours with its peers."""

    name: str
    title: str
    peers: list[Peer]
    # By precision, in which all of it is measured.
    targets: dict[str, list[Target]]
    # The unit in which the rate is shown beside the time, such as "captions/s".
    rate: str | None = None
    # By precision, of the memory that ours and the peer say they take.
    memory_targets: dict[str, list[Target]] = field(default_factory=dict)
    # The configuration that a target for the ratio is about; the fastest where none is named.
    judged: str | None = None
    # What ours and all peers are told to read.
    inputs: Callable[[Context], list[str]] = lambda _: []
    threads: int | None = None
    # Whether products are what bounds it, so that its share of their rate says something.
    bound_by_products: bool = True
    # About how long ours and each peer take together.
    seconds: float = 15

    def measure(self, context: Context) -> list[Row]:
        """All rounds in all precisions."""
        rows = []
        for precision, targets in self.targets.items():
            if context.precision not in (None, precision):
                continue
            try:
                rounds = Rounds(self, precision, context, self.inputs(context))
            except Missing as missing:
                rows.append(Row(self.title, precision, f"not measured: {missing}", targets=tuple(targets)))
                continue
            context.measure_products(precision)
            for number in range(context.rounds):
                rounds.run(everything=number == 0)
            rows += rounds.rows(tuple(targets))
            rows += rounds.memory_rows(tuple(self.memory_targets.get(precision, ())))
        return rows


@dataclass
class Rounds:
    """The answers of ours and of each peer, in neighbouring pairs."""

    work: Work
    precision: str
    context: Context
    inputs: list[str]
    ours: list[dict] = field(default_factory=list)
    pairs: dict[Peer, list[tuple[dict, dict]]] = field(default_factory=dict)
    # Why a peer has no answers.
    reasons: dict[Peer, str] = field(default_factory=dict)

    def run(self, everything: bool) -> None:
        """One round; later ones leave out what is not shown."""
        shown_peers = self.work.peers if everything else self.shown_peers()
        for peer in shown_peers or [None]:
            if peer is not None and (reason := self.context.peers.lacks(peer.modules)):
                self.reasons[peer] = reason
                if self.ours:
                    continue
                peer = None
            ours = self.run_ours()
            if ours is not None and peer is not None:
                self.run_peer(peer, ours)

    def common(self) -> list[str]:
        return ["--threads", str(self.work.threads or self.context.threads), *self.inputs]

    def run_ours(self) -> dict | None:
        command = [self.context.vse, "benchmark", self.work.name, "--precision", self.precision, "--json"]
        ours = answer([*command, *self.common()])
        if isinstance(ours, str):
            return None
        self.ours.append(ours)
        return ours

    def run_peer(self, peer: Peer, ours: dict) -> None:
        script, *arguments = peer.arguments
        precision = ["--precision", peer.precision or self.precision]
        theirs = answer(
            [self.context.peers.python, self.context.scripts / script, *precision, *self.common(), *arguments])
        if isinstance(theirs, str):
            self.reasons.setdefault(peer, f"failed ({theirs})")
            return
        self.pairs.setdefault(peer, []).append((ours, theirs))
        times = [f"{each['median_milliseconds']:.1f} ms" for each in (ours, theirs)]
        note(f"    {self.precision}: ours {times[0]}, {peer.label} {times[1]}")

    def ratio(self, peer: Peer) -> float:
        return statistics.median(
            ours["items_per_second"] / theirs["items_per_second"] for ours, theirs in self.pairs[peer])

    def shown_peers(self) -> list[Peer]:
        """Of each library the fastest configuration, the one that a target is about, and those without answers."""
        peers = []
        for library in dict.fromkeys(peer.library for peer in self.work.peers):
            of_library = [peer for peer in self.work.peers if peer.library == library]
            answered = [peer for peer in of_library if peer in self.pairs]
            judged = [peer for peer in answered if peer.configuration == self.work.judged]
            fastest = [min(answered, key=self.ratio)] if answered else of_library[:1]
            peers += dict.fromkeys(judged + fastest)
        return peers

    def rows(self, targets: tuple[Target, ...]) -> list[Row]:
        title = self.work.title
        if not self.ours:
            return [Row(title, self.precision, "did not run", targets=targets)]
        rows = []
        for peer in self.shown_peers():
            # A target for the ratio is judged where it is meant, all others once.
            meant = self.work.judged in (None, peer.configuration)
            own = tuple(each for each in targets if (meant if each.figure == "ratio" else not rows))
            rows.append(self.row(title, peer, own))
        return rows or [self.row(title, None, targets)]

    def row(self, title: str, peer: Peer | None, targets: tuple[Target, ...]) -> Row:
        figures = self.figures()
        ours = self.text(self.ours)
        if peer is None:
            return Row(title, self.precision, ours, figures=figures, targets=targets, limit=self.limit(figures))
        label, theirs = peer.label, self.reasons.get(peer, "did not run")
        if peer in self.pairs:
            figures["ratio"] = self.ratio(peer)
            theirs = self.text([theirs for _, theirs in self.pairs[peer]])
            same = [each for each in self.pairs if each.library == peer.library]
            if len(same) > 1 and peer == min(same, key=self.ratio):
                label += f" (the fastest of {len(same)})"
            if peer.precision not in (None, self.precision):
                label += f" ({peer.precision})"
        limit = self.limit(figures, self.pairs.get(peer, ()))
        return Row(title, self.precision, ours, label, theirs, figures, targets, limit)

    def memory_rows(self, targets: tuple[Target, ...]) -> list[Row]:
        """What ours and each library take, where both say so."""
        rows = []
        for peer, pairs in self.pairs.items() if targets else ():
            taken = [(ours["memory_bytes"], theirs["memory_bytes"]) for ours, theirs in pairs]
            ours, theirs = (statistics.median(each) for each in zip(*taken))
            cells = [shown(each / 1e6, "MB") for each in (ours, theirs)]
            label = peer.label + (f" ({peer.precision})" if peer.precision not in (None, self.precision) else "")
            title = f"{self.work.title}: memory"
            rows.append(
                Row(title, self.precision, cells[0], label, cells[1], {"ratio": theirs / ours}, targets))
        return rows

    def text(self, answers: list[dict]) -> str:
        """The time, or the rate where that is what one speaks of."""
        if self.work.rate:
            return shown(statistics.median(each["items_per_second"] for each in answers), self.work.rate)
        return shown(statistics.median(each["median_milliseconds"] for each in answers), "ms")

    def figures(self) -> dict[str, float]:
        """What targets are about, but for the ratio."""

        def median(key: str) -> float:
            return statistics.median(each[key] for each in self.ours)

        figures = {"ms": median("median_milliseconds")}
        if self.work.rate:
            figures[self.work.rate] = median("items_per_second")
        peak = self.context.products(self.ours[-1]["precision"])
        if self.work.bound_by_products and median("gigaflops") > 0 and peak:
            figures["% of products"] = 100 * median("gigaflops") / peak
        if all(each.get("read_gigabytes_per_second") for each in self.ours):
            shares = [each["gigabytes_per_second"] / each["read_gigabytes_per_second"] for each in self.ours]
            figures["% of reading"] = 100 * statistics.median(shares)
            self.context.reading.append(median("read_gigabytes_per_second"))
        return figures

    def limit(self, figures: dict[str, float], pairs: Sequence[tuple[dict, dict]] = ()) -> str:
        """The share of reading where that bounds the work, else of products; of graphs what they find."""
        for name in ("% of reading", "% of products"):
            if name in figures:
                return f"{figures[name]:.0f} {name}"
        recalls = [
            [each["recall_at10"] for each in pair] for pair in pairs if all("recall_at10" in each for each in pair)]
        if recalls:
            ours, theirs = map(statistics.median, zip(*recalls))
            return f"recall@10 {ours:.3f} beside {theirs:.3f}"
        return "–"

