"""What is wanted of each step and size, beside what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.scale.measured import (
    SQL,
    TRAIN,
    WAREHOUSE,
    Measured,
    Sizes,
    exponents,
    ratios_by_hand,
    size_label,
)
from models_ml.report.markdown import table

_GIB: Final = 1024.0


@dataclass(frozen=True)
class Wanted:
    """The most that a step may take at one size, on 2 cores."""

    step: str
    n_ratings: int
    seconds: float | None = None
    """Of the clock."""
    peak_mib: float | None = None


WANTED: Final = (
    Wanted("fetch", 100_000_000, peak_mib=300),
    Wanted(WAREHOUSE, 1_000_000, 8),
    Wanted(WAREHOUSE, 100_000_000, 180, 6 * _GIB),
    Wanted(TRAIN, 1_000_000, 25, 4 * _GIB),
    Wanted(TRAIN, 10_000_000, 60, 4 * _GIB),
    Wanted(TRAIN, 100_000_000, 90, 4 * _GIB),
)
#: The most of `SQL ÷ by hand`, at these sizes.
_WANTED_RATIO: Final = 1.5
_RATIO_SIZES: Final = (10_000_000, 100_000_000)
_WANTED_EXPONENT: Final = 1.05


def wanted_table(measured: Sizes) -> str:
    """What is wanted, what was measured, and whether it is reached.

    A row for each thing wanted of the sizes that were measured.
    """
    header = ["on 2 cores", "wanted", "measured", "reached"]
    rows = [*_ratio_rows(measured), *_step_rows(measured)]
    rows += _exponent_rows(measured)
    return table(header, rows)


def _ratio_rows(measured: Sizes) -> Iterator[list[str]]:
    for n_ratings, ratio in ratios_by_hand(measured, SQL).items():
        if n_ratings in _RATIO_SIZES:
            yield [
                f"SQL ÷ by hand, {size_label(n_ratings)}",
                f"{_WANTED_RATIO}",
                f"{ratio:.2f}",
                _answer(ratio <= _WANTED_RATIO),
            ]


def _step_rows(measured: Sizes) -> Iterator[list[str]]:
    for wanted in WANTED:
        for step in measured.get(wanted.n_ratings, ()):
            if step.step == wanted.step:
                yield _step_row(wanted, step)


def _step_row(wanted: Wanted, step: Measured) -> list[str]:
    limits, figures, reached = [], [], True
    if wanted.seconds is not None:
        limits.append(f"{wanted.seconds:.0f} s")
        figures.append(f"{step.seconds:.1f} s")
        reached &= step.seconds <= wanted.seconds
    if wanted.peak_mib is not None and step.peak_mib is not None:
        limits.append(f"{wanted.peak_mib:,.0f} MiB")
        figures.append(f"{step.peak_mib:,.0f} MiB")
        reached &= step.peak_mib <= wanted.peak_mib
    return [
        f"{wanted.step}, {size_label(wanted.n_ratings)}",
        ", ".join(limits),
        ", ".join(figures),
        _answer(reached),
    ]


def _exponent_rows(measured: Sizes) -> Iterator[list[str]]:
    growth = exponents(measured)
    if growth:
        steepest = max(growth, key=growth.__getitem__)
        yield [
            "every exponent",
            f"{_WANTED_EXPONENT}",
            f"at most {growth[steepest]:.2f} ({steepest})",
            _answer(growth[steepest] <= _WANTED_EXPONENT),
        ]


def _answer(reached: bool) -> str:
    return "yes" if reached else "no"
