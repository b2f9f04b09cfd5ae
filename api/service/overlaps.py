"""Whose audiences overlap: films that the people of a film are led to."""

from dataclasses import dataclass

import numpy as np

from api.service.release import LoadedRelease
from models_ml.person.predictor import KnownRatings
from models_ml.vocabulary import UNKNOWN

N_OVERLAPS = 5


@dataclass(frozen=True)
class Overlap:
    """Another film, for someone of whom only that they rated one is known."""

    row: int
    """In the catalogue."""
    share: float
    """Probability that they rate it."""
    everyone: float
    """The same of someone of whom nothing is known."""


def overlapping_audiences(
    release: LoadedRelease, movie_id: int, least_ratings: int
) -> tuple[Overlap, ...]:
    """The films that become most likely to be seen once `movie_id` was.

    The largest rise of the probability first. They have `least_ratings` or
    more; there are none if the film itself has fewer.
    """
    catalogue = release.catalogue
    row = catalogue.index[movie_id]
    n_ratings = catalogue.counts[:, 0, 0]
    if n_ratings[row] < least_ratings:
        return ()
    nobody = (UNKNOWN,) * 4
    everyone = release.person.score(nobody).interest
    # Interest asks whether a film was seen; what it was given does not count.
    seen = KnownRatings(np.array([row]), np.ones(1, dtype=np.int64))
    shares = release.person.score(nobody, seen).interest
    gain = np.where(n_ratings >= least_ratings, shares - everyone, -np.inf)
    gain[row] = -np.inf
    best = np.argsort(-gain, kind="stable")[:N_OVERLAPS]
    return tuple(
        Overlap(int(k), float(shares[k]), float(everyone[k]))
        for k in best
        if gain[k] > 0
    )
