"""Dots with their intervals, drawn where the page is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: Units of the drawing: its width, and the room at each end.
WIDTH: Final = 300
_MARGIN: Final = 8


@dataclass(frozen=True)
class Interval:
    """A number with its interval, to be drawn."""

    name: str
    value: float
    low: float
    high: float
    is_supported: bool
    text: str
    details: str


@dataclass(frozen=True)
class Drawn:
    """The same in the drawing's units."""

    name: str
    text: str
    details: str
    is_supported: bool
    is_more: bool
    low: float
    high: float
    value: float


@dataclass(frozen=True)
class IntervalPlot:
    """Rows that share a scale, and where no difference lies on it."""

    rows: tuple[Drawn, ...]
    baseline: float
    width: int = WIDTH


def interval_plot(rows: Sequence[Interval], baseline: float) -> IntervalPlot:
    """The rows on one scale, which holds every interval and `baseline`."""
    least = min((baseline, *(row.low for row in rows)))
    most = max((baseline, *(row.high for row in rows)))
    unit = (WIDTH - 2 * _MARGIN) / ((most - least) or 1.0)

    def place(value: float) -> float:
        return round(_MARGIN + (value - least) * unit, 1)

    return IntervalPlot(
        rows=tuple(
            Drawn(
                name=row.name,
                text=row.text,
                details=row.details,
                is_supported=row.is_supported,
                is_more=row.value > baseline,
                low=place(row.low),
                high=place(row.high),
                value=place(row.value),
            )
            for row in rows
        ),
        baseline=place(baseline),
    )
