"""Rows of the table: figures of ours, of a peer, and whether the target is met."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """A bound on one of a row's figures."""

    figure: str
    bound: float
    at_least: bool = True

    def is_met(self, figures: dict[str, float]) -> bool | None:
        """Nothing where the figure could not be measured."""
        value = figures.get(self.figure)
        if value is None:
            return None
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        sign, bound = "≥" if self.at_least else "≤", f"{self.bound:,g}"
        return f"ratio {sign} {bound}" if self.figure == "ratio" else f"{sign} {bound} {self.figure}"


def at_least(figure: str, bound: float) -> Target:
    return Target(figure, bound)


def at_most(figure: str, bound: float) -> Target:
    return Target(figure, bound, at_least=False)


@dataclass(frozen=True)
class Row:
    """A line of the table. `figures` are what targets are about, by their unit; "ratio" says how many times as much
    we do as the peer in the same time, or the peer holds where it is about memory."""

    work: str
    precision: str = "–"
    ours: str = "–"
    peer: str = "–"
    theirs: str = "–"
    figures: dict[str, float] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    limit: str = "–"

    @property
    def verdict(self) -> str:
        """yes, no, or a dash without targets or without what they are about."""
        answers = [target.is_met(self.figures) for target in self.targets]
        if False in answers:
            return "**no**"
        return "yes" if answers and None not in answers else "–"

    def __str__(self) -> str:
        ratio = f"{self.figures['ratio']:.2f}" if "ratio" in self.figures else "–"
        targets = ", ".join(map(str, self.targets)) or "–"
        cells = [
            self.work, self.precision, self.ours, self.peer, self.theirs, ratio, targets, self.verdict, self.limit]
        return f"| {' | '.join(cells)} |"


HEADING = (
    "| work | precision | ours | peer | peer's | ratio | target | met | of the limit |\n"
    "| --- | --- | ---: | --- | ---: | ---: | --- | --- | --- |"
)


def shown(value: float, unit: str) -> str:
    """About three digits: 88.1 ms, 4,450 /s."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}"
