"""Dots with their intervals, drawn where the page is made."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from api.pages.translator import Translator

#: Units of the drawing: its width, and the room at each end.
WIDTH: Final = 300
_MARGIN: Final = 8
#: An interval that reaches further than so many times the median one is cut:
#: a few small groups would squeeze all others into a point.
_FURTHEST: Final = 4.0
#: Units between two numbers of the axis, so that they can be read on a phone.
_APART: Final = 50.0
#: Numbers of an axis that are looked for, where the round ones are fewer.
_FEWEST_TICKS: Final = 3
#: Indices that an axis may name.
INDEX_TICKS: Final = (10, 15, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800)
#: The same, roundest first: doublings, those, and tens where both are few.
_ROUND: Final = (
    (25, 50, 100, 200, 400, 800),
    INDEX_TICKS,
    range(10, 800, 10),
    range(10, 800, 2),
)
#: An index below this is drawn at the edge: its logarithm has no end.
_LEAST_INDEX: Final = 10.0


@dataclass(frozen=True)
class Tick:
    """A number of an axis, and its place."""

    text: str
    place: float


@dataclass(frozen=True)
class Scale:
    """How the numbers of a plot are placed and told."""

    name: str
    """What they are, with their unit."""
    baseline: float
    """Where no difference lies."""
    text: Callable[[float, int], str]
    """A number of the axis, with so many decimals."""
    unit: float = 1.0
    """What a number is multiplied by to be told."""
    is_index: bool = False
    """Whether twice and half lie as far from the baseline, as 100."""

    def place(self, value: float) -> float:
        """Where a number lies, before it is scaled to the drawing."""
        return index_place(value) if self.is_index else value


def index_place(index: float) -> float:
    """Where an index lies: as far from 100 when twice as when half."""
    return math.log2(max(index, _LEAST_INDEX) / 100)


def index_scale(translator: Translator, name: str) -> Scale:
    """The scale of an index, where 100 is no difference."""
    return Scale(name, 100.0, translator.number, is_index=True)


def points_scale(translator: Translator, name: str) -> Scale:
    """The scale of differences of probability, told in points."""
    return Scale(name, 0.0, translator.signed, unit=100.0)


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
    """Rows that share a scale, its axis, and where no difference lies."""

    rows: tuple[Drawn, ...]
    baseline: float
    ticks: tuple[Tick, ...]
    name: str
    """Of the axis."""
    width: int = WIDTH

    @property
    def is_cut(self) -> bool:
        """Whether an interval goes on beyond the drawing."""
        return any(row.is_cut_low or row.is_cut_high for row in self.rows)


def interval_plot(rows: Sequence[Interval], scale: Scale) -> IntervalPlot:
    """The rows on one scale; the longest intervals may be cut."""
    least, most = _ends(rows, scale)
    unit = (WIDTH - 2 * _MARGIN) / ((most - least) or 1.0)

    def place(value: float) -> float:
        within = min(max(scale.place(value), least), most)
        return round(_MARGIN + (within - least) * unit, 1)

    return IntervalPlot(
        rows=tuple(
            Drawn(
                name=row.name,
                text=row.text,
                details=row.details,
                is_supported=row.is_supported,
                is_more=row.value > scale.baseline,
                low=place(row.low),
                high=place(row.high),
                value=place(row.value),
                is_cut_low=scale.place(row.low) < least,
                is_cut_high=scale.place(row.high) > most,
                is_drawn=least <= scale.place(row.value) <= most,
            )
            for row in rows
        ),
        baseline=place(scale.baseline),
        ticks=tuple(
            Tick(text, place(number))
            for number, text in _numbers(scale, least, most, unit)
        ),
        name=scale.name,
    )


def _ends(rows: Sequence[Interval], scale: Scale) -> tuple[float, float]:
    """The least and the most that the drawing shows, as placed."""
    baseline = scale.place(scale.baseline)
    lows = [scale.place(row.low) for row in rows]
    highs = [scale.place(row.high) for row in rows]
    reaches = [
        max(abs(low - baseline), abs(high - baseline))
        for low, high in zip(lows, highs, strict=True)
    ]
    furthest = _FURTHEST * median(reaches) if reaches else 0.0
    least, most = min((baseline, *lows)), max((baseline, *highs))
    return max(least, baseline - furthest), min(most, baseline + furthest)


def _numbers(
    scale: Scale, least: float, most: float, unit: float
) -> list[tuple[float, str]]:
    """Numbers of the axis with their texts, far enough apart to be read."""
    if scale.is_index:
        return [
            (number, scale.text(number, 0))
            for number in _indices(scale, least, most, unit)
        ]
    if least == most:
        return [(least, scale.text(scale.unit * least, 0))]
    step = _round_up(scale.unit * _APART / unit)
    digits = max(0, -math.floor(math.log10(step)))
    first = math.ceil(scale.unit * least / step)
    last = math.floor(scale.unit * most / step)
    return [
        (step * k / scale.unit, scale.text(step * k, digits))
        for k in range(first, last + 1)
    ]


def _indices(
    scale: Scale, least: float, most: float, unit: float
) -> list[int]:
    """The roundest first, from 100 to both sides, none near to another."""
    chosen = [100]
    for candidates in _ROUND:
        if len(chosen) >= _FEWEST_TICKS:
            break
        for number in sorted(candidates, key=lambda n: abs(scale.place(n))):
            place = scale.place(number)
            gap = min(abs(place - scale.place(n)) for n in chosen)
            if least <= place <= most and unit * gap >= _APART:
                chosen.append(number)
    return sorted(chosen)


def _round_up(least: float) -> float:
    """The next of 1, 2 and 5, times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        step * power for step in (1, 2, 5, 10) if step * power >= least
    )
