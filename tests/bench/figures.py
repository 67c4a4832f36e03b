"""What was measured: one figure a row, with its spread and the bar it is held against."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Bar:
    """Where a figure should be. ``at most`` or ``at least`` a limit, in the figure's own unit."""

    sense: Literal["at most", "at least"]
    limit: float

    def met(self, value: float) -> bool:
        return value <= self.limit if self.sense == "at most" else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.sense == 'at most' else '≥'} {number(self.limit)}"


@dataclass(frozen=True)
class Figure:
    """One row. ``low`` and ``high`` are quartiles of ``count`` samples, None where there was one."""

    bench: str
    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    count: int = 1
    bar: Bar | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        return "met" if self.bar.met(self.value) else "MISSED"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict}


def summary(bench: str, name: str, samples: Sequence[float], unit: str, *, bar: Bar | None = None) -> Figure:
    """Median and quartiles."""
    low, _, high = statistics.quantiles(samples, n=4) if len(samples) > 1 else (samples[0], 0.0, samples[0])
    return Figure(bench, name, statistics.median(samples), unit, low, high, len(samples), bar)


def percentile(samples: Sequence[float], percent: float) -> float:
    """Nearest rank."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def table(figures: Sequence[Figure]) -> str:
    rows = [("bench", "figure", "median", "quartiles", "n", "bar", "", "note"), *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def number(value: float) -> str:
    """Three significant digits, thousands apart."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _row(figure: Figure) -> tuple[str, ...]:
    spread = "" if figure.low is None or figure.high is None else f"{number(figure.low)} – {number(figure.high)}"
    value = f"{number(figure.value)} {figure.unit}".strip()
    bar = "" if figure.bar is None else str(figure.bar)
    return (figure.bench, figure.name, value, spread, str(figure.count), bar, figure.verdict, figure.note)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def rotations(ways: Sequence[Callable[..., Any]], rounds: int) -> Iterator[list[Callable[..., Any]]]:
    """Every way once a round, each round begun by the next one, so that none always comes first."""
    for turn in range(rounds):
        shift = turn % len(ways)
        yield [*ways[shift:], *ways[:shift]]
