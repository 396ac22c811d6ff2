"""A figure: what was measured, and the limit it is held to."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured figure; without a limit it is told and held to nothing."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def holds(self) -> bool:
        return self.limit is None or self.value <= self.limit


def quick(times: Sequence[float]) -> float:
    """Return what a tenth of the times stay under: what something takes while the machine does little else."""
    return quantiles(times, n=10)[0] if len(times) > 1 else times[0]


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print figures with their limits beside them."""
    table = Table(title=title, title_justify="left", min_width=100)
    for heading, justify in (("figure", "left"), ("measured", "right"), ("at most", "right"), ("", "left")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
        verdict = "" if figure.limit is None else "holds" if figure.holds else "BROKEN"
        table.add_row(figure.name, f"{_text(figure.value)} {figure.unit}", limit, verdict)
    Console(width=120).print(table)


def _text(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
