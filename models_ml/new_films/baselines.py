"""What every model of new films for new people has to beat."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models_ml.arrays import FloatArray, IntArray
from models_ml.new_films.content import content_columns
from models_ml.warehouse.dataset import Dataset, Movies


@dataclass(frozen=True)
class ContentRidge:
    """Stars linear in a film's genres and year and in the person's levels."""

    shape: tuple[int, ...]
    """Levels of each dimension."""
    content_weights: FloatArray
    profile_weights: FloatArray
    """Of all dimensions' levels, one after the other."""
    last_year: int
    person_ratings: float
    """Prior strength, in ratings, of no offset of a person."""

    def predict(
        self, movies: Movies, codes: IntArray, movie: IntArray
    ) -> FloatArray:
        """Expected stars of pairs: profile codes (m, 4), film rows (m,)."""
        columns = content_columns(movies.year, movies.genres, self.last_year)
        result: FloatArray = (columns @ self.content_weights)[movie] + _levels(
            codes, self.shape
        ) @ self.profile_weights
        return result

    def offset(self, expected: FloatArray, stars: FloatArray) -> float:
        """How far a person lies above, from known ratings."""
        apart = float((stars - expected).sum())
        return apart / (len(stars) + self.person_ratings)


def fit_content_ridge(
    dataset: Dataset, params: Mapping[str, float]
) -> ContentRidge:
    """Least squares over the ratings of the sample, each counted once.

    `params` has `ridge`, the prior strength, in ratings, of no weight,
    and `person_ratings`.
    """
    ratings, movies = dataset.ratings, dataset.movies
    last_year = int(movies.year[ratings.movie].max(initial=0))
    content = content_columns(movies.year, movies.genres, last_year)
    profile = _levels(
        dataset.users.codes(), dataset.vocabulary.shape
    ).toarray()
    shape = (len(dataset.users), len(movies))
    pairs = (ratings.user, ratings.movie)
    rated = sparse.csr_array((np.ones(len(ratings)), pairs), shape=shape)
    values = dataset.scale.values_of(ratings.stars)
    stars = sparse.csr_array((values, pairs), shape=shape)
    of_film, of_user = rated.sum(axis=0), rated.sum(axis=1)
    between = content.T @ (rated.T @ profile)
    gram = np.block(
        [
            [(content.T * of_film) @ content, between],
            [between.T, (profile.T * of_user) @ profile],
        ]
    )
    ridge = np.full(len(gram), params["ridge"])
    ridge[0] = 0  # the constant
    sums = np.concatenate(
        [content.T @ stars.sum(axis=0), profile.T @ stars.sum(axis=1)]
    )
    weights = np.linalg.solve(gram + np.diag(ridge), sums)
    n_content = content.shape[1]
    return ContentRidge(
        dataset.vocabulary.shape,
        weights[:n_content],
        weights[n_content:],
        last_year,
        params["person_ratings"],
    )


def _levels(codes: IntArray, sizes: tuple[int, ...]) -> sparse.csr_array:
    """Ones at the levels of complete profiles, (m, levels)."""
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    columns = codes + first
    rows = np.repeat(np.arange(len(codes)), len(sizes))
    return sparse.csr_array(
        (np.ones(columns.size), (rows, columns.ravel())),
        shape=(len(codes), sum(sizes)),
    )
