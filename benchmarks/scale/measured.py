"""What was measured of each step and size, as a table."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.report.markdown import table

SQL: Final = "SQL, all models"
WAREHOUSE: Final = "warehouse, whole"
BY_HAND: Final = "by hand"
TRAIN: Final = "train"
#: Steps that are told beside the script by hand, and what that is called: of
#: one run, they hardly depend on the machine.
_BESIDE_BY_HAND: Final = {SQL: "SQL", WAREHOUSE: WAREHOUSE, TRAIN: TRAIN}


@dataclass(frozen=True)
class Measured:
    """A step at one size."""

    step: str
    seconds: float
    """Of the clock."""
    cpu_seconds: float | None = None
    """Of the processors: less disturbed by what else runs."""
    peak_mib: float | None = None
    """Most memory that the step's processes held at the same time."""

    def cell(self) -> str:
        """What was measured, in a cell of the table."""
        parts = [f"{self.seconds:.1f} s"]
        if self.cpu_seconds is not None:
            parts.append(f"{self.cpu_seconds:.1f} s CPU")
        if self.peak_mib is not None:
            parts.append(f"{self.peak_mib:,.0f} MiB")
        return ", ".join(parts)


#: The steps of each number of ratings, in the same order.
Sizes = Mapping[int, Sequence[Measured]]


def size_label(n_ratings: int) -> str:
    """Such as "10 M"."""
    return f"{n_ratings / 1e6:g} M"


def measured_table(measured: Sizes) -> str:
    """Seconds and memory of each step and size, with the exponents."""
    header = ["step", *map(size_label, measured), "exponent"]
    growth = exponents(measured)
    rows = []
    for steps in zip(*measured.values(), strict=True):
        exponent = growth.get(steps[0].step)
        rows.append(
            [
                steps[0].step,
                *(step.cell() for step in steps),
                "" if exponent is None else f"{exponent:.2f}",
            ]
        )
    for step, name in _BESIDE_BY_HAND.items():
        ratios = ratios_by_hand(measured, step).values()
        told = (f"{ratio:.2f}" for ratio in ratios)
        rows.append([f"{name} ÷ by hand", *told, ""])
    cores = len(os.sched_getaffinity(0))
    return (
        f"{table(header, rows)}\n\nGenerated ratings, {cores} cores; measured "
        "by `make bench-scale`. Seconds of the clock and of the processors, "
        "and the most memory that the step's processes held at the same time. "
        "The exponent is the slope of log seconds on log ratings, by least "
        "squares."
    )


def exponents(measured: Sizes) -> dict[str, float]:
    """The power of the ratings with which each step's seconds grow.

    Empty for a single size.
    """
    if len(measured) < 2:
        return {}
    sizes = np.log(list(measured))
    return {
        steps[0].step: float(
            np.polyfit(sizes, np.log([step.seconds for step in steps]), 1)[0]
        )
        for steps in zip(*measured.values(), strict=True)
    }


def ratios_by_hand(measured: Sizes, step: str) -> dict[int, float]:
    """A step's seconds by those of the script by hand, of each size."""
    return {
        n_ratings: seconds_of(steps, step) / seconds_of(steps, BY_HAND)
        for n_ratings, steps in measured.items()
    }


def seconds_of(steps: Sequence[Measured], name: str) -> float:
    """Of the step of that name, which is among them."""
    return next(step.seconds for step in steps if step.step == name)
