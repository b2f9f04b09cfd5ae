"""Films that a request describes, ranked with the catalogue's.

They take the rows after the catalogue's, in the request's order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.service.release import LoadedRelease
from models_ml.film.predictor import Film
from models_ml.new_films.predictor import NewFilms
from models_ml.person.predictor import (
    KnownRatings,
    PersonScores,
    joined_scores,
)
from models_ml.vocabulary import UNKNOWN

_NOBODY = (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


@dataclass(frozen=True)
class Described:
    """Some films of a request, as the release's predictors see them."""

    films: tuple[Film, ...]
    first_row: int
    """Of the first of them: films of the catalogue."""
    tables: NewFilms | None
    """None: there are no such films."""

    def rows(self) -> NDArray[np.integer]:
        """Their row numbers, after those of the catalogue."""
        return self.first_row + np.arange(len(self.films))

    def film(self, row: int) -> Film | None:
        """The film of a row; None for one of the catalogue."""
        if row < self.first_row:
            return None
        return self.films[row - self.first_row]


def describe(release: LoadedRelease, films: tuple[Film, ...]) -> Described:
    """The films with what the predictors know of their descriptions."""
    return Described(
        films,
        len(release.catalogue.movie_ids),
        release.new_films.describe(films) if films else None,
    )


def score_all(
    release: LoadedRelease,
    codes: tuple[int, int, int, int],
    rated: KnownRatings | None,
    described: Described,
) -> PersonScores:
    """Scores of the catalogue's films, then of those described."""
    known = release.person.score(codes, rated)
    if described.tables is None:
        return known
    new = release.person.score_new(codes, described.tables, rated)
    return joined_scores([known, new])


def baseline_values(
    release: LoadedRelease, rank_by: str, described: Described
) -> NDArray[np.floating]:
    """What everyone's list is sorted by: of the catalogue, then of these."""
    known = release.baseline_values[rank_by]
    if described.tables is None:
        return known
    nobody = release.person.score_new(_NOBODY, described.tables)
    return np.concatenate([known, release.person.rank_scores(nobody, rank_by)])
