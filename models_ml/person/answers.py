"""What answers to questions tell of a person's interest in every film.

Whoever is asked about a film may say that they have not seen it. A film that
somebody names of their own accord is a draw from what they have seen, as
`interest` takes it; a film they were asked about is not: both answers tell
something, and how much depends on how many have seen it. So an answer counts
as two numbers, whether the film was seen and how far its stars were from
`centre` (0 where it was not seen), and interest in all films is the linear
least-squares estimate (kriging) given those numbers of all the films asked:

    interest + L[A]' (C[A, A])^-1 (numbers - expected numbers)

with C the covariance of the numbers and L their covariance with who has seen
which film, both between people of the same profile; see `fit_answers`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.interest import LOWEST_RATIO


@dataclass(frozen=True)
class AnswerModel:
    """Covariances of answers; P films can be asked about."""

    films: IntArray
    """Row numbers of the films that can be asked about, shape (P,)."""
    covariance: FloatArray
    """C, shape (2 P, 2 P): films in order, seen then stars of each; with the
    variance that one answer has of its own. Single precision."""
    links: FloatArray
    """L over `scale`, half precision, shape (2 P, n_movies)."""
    scale: FloatArray
    """Standard deviation of having seen each film, shape (n_movies,)."""
    mean_stars: FloatArray
    """Shape (P,)."""
    values: FloatArray
    """Stars of the steps of the scale, shape (K,)."""
    centre: float
    """Mean stars of all ratings."""
    liked: float
    """Mean distance from `centre` of likes."""
    not_liked: float
    """Mean distance from `centre` of all other ratings."""

    def places(self, rows: IntArray) -> IntArray:
        """Place in `films` of each film; -1: it cannot be asked about."""
        order = np.argsort(self.films)
        spot = np.searchsorted(self.films[order], rows)
        spot = np.minimum(spot, len(order) - 1)
        if len(order) == 0:
            return np.full(len(rows), -1)
        place = order[spot]
        return np.where(self.films[place] == rows, place, -1)

    def posterior(
        self, interest: FloatArray, places: IntArray, stars: IntArray
    ) -> FloatArray:
        """Interest (n_movies,) after answers: steps, 0: not seen.

        `interest` is what is known without them; `places` are those of
        `places()`, each once.
        """
        if len(places) == 0:
            return interest
        seen = stars > 0
        expected = interest[self.films[places]]
        baseline = self.mean_stars[places] - self.centre
        surprise = np.empty(2 * len(places))
        surprise[::2] = seen - expected
        surprise[1::2] = np.where(
            seen, self.values[stars - 1] - self.centre, 0
        )
        surprise[1::2] -= expected * baseline
        rows = both(places)
        covariance = self.covariance[np.ix_(rows, rows)].astype(np.float64)
        kriging_weights = np.linalg.solve(covariance, surprise)
        moved = (
            kriging_weights @ self.links[rows].astype(np.float64)
        ) * self.scale
        result: FloatArray = np.maximum(
            interest + moved, LOWEST_RATIO * interest
        )
        return result

    def to_state(self) -> dict[str, Any]:
        """Plain data for `from_state`."""
        return dict(vars(self))

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "AnswerModel":
        """The model that `to_state` described."""
        return cls(**state)


def both(places: IntArray) -> IntArray:
    """The rows of `covariance` of each place: seen, stars."""
    return np.stack([2 * places, 2 * places + 1], axis=1).ravel()
