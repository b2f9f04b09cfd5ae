"""Dots with their intervals, drawn where the page is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

#: Units of the drawing: its width, and the room at each end.
WIDTH: Final = 300
_MARGIN: Final = 8
#: An interval that reaches further than so many times the median one is cut:
#: a few small groups would squeeze all others into a point.
_FURTHEST: Final = 4.0


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
    is_cut_low: bool
    """The interval, or the value too, lies beyond the drawing's left end."""
    is_cut_high: bool
    """The same of its right end."""
    is_drawn: bool
    """Whether the value lies within the drawing."""


@dataclass(frozen=True)
class IntervalPlot:
    """Rows that share a scale, and where no difference lies on it."""

    rows: tuple[Drawn, ...]
    baseline: float
    width: int = WIDTH

    @property
    def is_cut(self) -> bool:
        """Whether an interval goes on beyond the drawing."""
        return any(row.is_cut_low or row.is_cut_high for row in self.rows)


def interval_plot(rows: Sequence[Interval], baseline: float) -> IntervalPlot:
    """The rows on one scale around `baseline`; the longest may be cut."""
    least, most = _ends(rows, baseline)
    unit = (WIDTH - 2 * _MARGIN) / ((most - least) or 1.0)

    def place(value: float) -> float:
        within = min(max(value, least), most)
        return round(_MARGIN + (within - least) * unit, 1)

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
                is_cut_low=row.low < least,
                is_cut_high=row.high > most,
                is_drawn=least <= row.value <= most,
            )
            for row in rows
        ),
        baseline=place(baseline),
    )


def _ends(rows: Sequence[Interval], baseline: float) -> tuple[float, float]:
    """The least and the most that the drawing shows."""
    reaches = [
        max(abs(row.low - baseline), abs(row.high - baseline)) for row in rows
    ]
    furthest = _FURTHEST * median(reaches) if reaches else 0.0
    least = min((baseline, *(row.low for row in rows)))
    most = max((baseline, *(row.high for row in rows)))
    return max(least, baseline - furthest), min(most, baseline + furthest)
