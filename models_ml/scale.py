"""The steps of the data's rating scale: their values and their classes.

A rating is kept as the number of its step, 1 to K ascending; 0 stands for a
film that was not seen. In MovieLens 1M a step's number is its stars. Where a
value is meant (means, errors, expected stars) it is that of the step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from models_ml.arrays import BoolArray, FloatArray, IntArray

#: Scores at which the second to fourth class begin: 0 to 2, 3 to 5, 6 to 8, 9
#: and 10, half a point counting as the whole one above. dbt's `rating_class`
#: has the same rule.
_CLASSES_BEGIN: Final = (2.5, 5.5, 8.5)
_N_CLASSES: Final = len(_CLASSES_BEGIN) + 1
#: Stars in the middle of each class.
_MIDDLES: Final = (0.5, 2.0, 3.5, 4.75)
#: A film with so many stars or more is a like: what a person should be shown.
LIKE_STARS: Final = 4.0


@dataclass(frozen=True)
class RatingScale:
    """A scale of K steps."""

    stars: tuple[float, ...]
    """Of each step, ascending."""

    @property
    def n(self) -> int:
        """K, the number of steps."""
        return len(self.stars)

    @cached_property
    def values(self) -> FloatArray:
        """Stars of the steps, (K,)."""
        return np.array(self.stars, dtype=np.float64)

    @cached_property
    def scores(self) -> FloatArray:
        """The same from 0 to 10."""
        return 2 * self.values

    @cached_property
    def classes(self) -> IntArray:
        """Rating class of the steps, 0 to 3, (K,)."""
        return np.searchsorted(_CLASSES_BEGIN, self.scores, side="right")

    @cached_property
    def n_below_like(self) -> int:
        """How many steps are no like: they come first."""
        return int((self.values < LIKE_STARS).sum())

    @cached_property
    def class_values(self) -> FloatArray:
        """Mean stars of the steps of each class, (4,).

        Of a class that has no step, the stars in its middle.
        """
        return np.array(
            [
                self.values[self.classes == number].mean()
                if (self.classes == number).any()
                else _MIDDLES[number]
                for number in range(_N_CLASSES)
            ]
        )

    def values_of(self, steps: IntArray) -> FloatArray:
        """Stars of ratings."""
        result: FloatArray = self.values[steps - 1]
        return result

    def classes_of(self, steps: IntArray) -> IntArray:
        """Rating class, 0 to 3, of ratings."""
        result: IntArray = self.classes[steps - 1]
        return result

    def are_likes(self, steps: IntArray) -> BoolArray:
        """Whether ratings are likes; what was not seen is none.

        Likes begin at LIKE_STARS, above where the class liked begins.
        """
        result: BoolArray = steps > self.n_below_like
        return result

    def nearest(self, stars: FloatArray) -> IntArray:
        """The steps that are nearest to stars."""
        between = (self.values[:-1] + self.values[1:]) / 2
        return 1 + np.searchsorted(between, stars)

    def step_of(self, stars: float) -> int | None:
        """The step of so many stars; None: the scale has none."""
        return self.stars.index(stars) + 1 if stars in self.stars else None

    def step_of_class(self, number: int) -> int:
        """The step that stands for a class, 0 to 3, where no more is told.

        The middle one of its steps, the higher of two; where it has none, the
        step nearest to the class.
        """
        steps = 1 + np.flatnonzero(self.classes == number)
        if len(steps) == 0:
            return int(self.nearest(np.array(_MIDDLES[number])))
        return int(steps[len(steps) // 2])

    def class_shares(self, below: FloatArray) -> FloatArray:
        """Probabilities of the classes, (n, 4).

        `below` (n, K - 1) are those of at most each step but the last.
        """
        shares = np.empty((len(below), _N_CLASSES))
        before: float | FloatArray = 0.0
        for number in range(_N_CLASSES - 1):
            upto = self._upto(below, int((self.classes <= number).sum()))
            shares[:, number] = upto - before
            before = upto
        shares[:, -1] = 1 - before
        return shares

    def like_share(self, below: FloatArray) -> float | FloatArray:
        """Probability of a like, (n,); `below` as in `class_shares`."""
        return 1 - self._upto(below, self.n_below_like)

    def expected_stars(self, below: FloatArray) -> FloatArray:
        """Mean stars, (n,); `below` as in `class_shares`."""
        result: FloatArray = self.values[-1] - (
            below * np.diff(self.values)
        ).sum(axis=1)
        return result

    def _upto(self, below: FloatArray, n_steps: int) -> float | FloatArray:
        """Probability of the first `n_steps` steps."""
        if n_steps in {0, self.n}:
            return float(n_steps > 0)
        result: FloatArray = below[:, n_steps - 1]
        return result


def told(steps: Iterable[float]) -> str:
    """Stars or scores as a sentence names them."""
    return ", ".join(f"{each:g}" for each in steps)
