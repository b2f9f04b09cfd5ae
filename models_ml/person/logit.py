"""Multinomial logistic regression that starts from the film's log shares."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.segments import (
    SegmentShares,
    segment_counts,
    shrunk_shares,
    training_rows,
)
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class _Columns:
    """Segment ratios, levels of the profile, genres and a constant.

    All but the ratios are the same in every row of a profile, or of a film,
    and are multiplied and summed by those: the matrix of all columns, five
    times as wide as the ratios, is never made.
    """

    log_ratios: FloatArray
    """Shape (ratios, m): row after row, as they are multiplied."""
    profile: IntArray
    """Row in `levels`, (m,)."""
    levels: FloatArray
    """1 for each level that a profile has, (profiles, levels)."""
    movie: IntArray
    genres: FloatArray
    """Genres and the constant 1, (n_movies, genres + 1)."""

    @classmethod
    def of(
        cls,
        log_ratios: FloatArray,
        codes: IntArray,
        shape: tuple[int, ...],
        movie: IntArray,
        genres: FloatArray,
    ) -> "_Columns":
        """From `log_ratios` (m, ratios) and `codes` (m, dimensions)."""
        # Of each dimension there is one more, 0: a part that is not given.
        sizes = tuple(size + 1 for size in shape)
        encoded = np.maximum(codes + 1, 0)
        keys = np.ravel_multi_index(tuple(encoded.T), sizes)
        profiles, profile = np.unique(keys, return_inverse=True)
        levels = [
            np.eye(size, dtype=np.float32)[:, 1:][code]
            for size, code in zip(
                sizes, np.unravel_index(profiles, sizes), strict=True
            )
        ]
        constant = np.ones((len(genres), 1), dtype=np.float32)
        return cls(
            np.ascontiguousarray(log_ratios.T, dtype=np.float32),
            profile,
            np.concatenate(levels, axis=1),
            movie,
            np.concatenate([genres, constant], axis=1, dtype=np.float32),
        )

    @property
    def n(self) -> int:
        """How many columns there are."""
        widths = (self.levels.shape[1], self.genres.shape[1])
        return len(self.log_ratios) + sum(widths)

    def times(self, weights: FloatArray) -> FloatArray:
        """The columns times `weights` (columns, 4), shape (m, 4)."""
        n_ratios, n_levels = len(self.log_ratios), self.levels.shape[1]
        of_ratio, of_level, of_genre = np.split(
            weights.astype(np.float32), [n_ratios, n_ratios + n_levels]
        )
        total = of_ratio.T @ self.log_ratios
        total += np.take((self.levels @ of_level).T, self.profile, axis=1)
        total += np.take((self.genres @ of_genre).T, self.movie, axis=1)
        result: FloatArray = total.T
        return result

    def transposed_times(self, rows: FloatArray) -> FloatArray:
        """The transposed columns times `rows` (m, 4): (columns, 4)."""
        return np.concatenate(
            [
                self.log_ratios @ rows,
                self.levels.T @ _summed(rows, self.profile, len(self.levels)),
                self.genres.T @ _summed(rows, self.movie, len(self.genres)),
            ]
        )


def _summed(rows: FloatArray, group: IntArray, n_groups: int) -> FloatArray:
    """Rows (m, 4) added up by group, in double precision: (n_groups, 4)."""
    return np.column_stack(
        [np.bincount(group, column, n_groups) for column in rows.T]
    )


def softmax(logits: FloatArray) -> FloatArray:
    """Rows of logits as probabilities."""
    # numpy is slow along a short axis: the columns are gone through instead
    highest = functools.reduce(np.maximum, logits.T)
    shares = np.exp(logits - highest[:, None])
    shares /= functools.reduce(np.add, shares.T)[:, None]
    result: FloatArray = shares
    return result


@dataclass(frozen=True)
class MultinomialLogit:
    """Log shares plus a linear function of the columns, per class."""

    shares: SegmentShares
    shape: tuple[int, ...]
    """Levels of each dimension."""
    genres: FloatArray
    weights: FloatArray
    """Shape (columns, 4)."""

    def predict(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Class probabilities (m, 4) and expected stars (m,)."""
        log_shares, log_ratios = self.shares.features(codes, movie_index)
        columns = _Columns.of(
            log_ratios, codes, self.shape, movie_index, self.genres
        )
        shares = softmax(log_shares + columns.times(self.weights))
        return shares, self.shares.expected_stars(shares, movie_index)


def fit_multinomial_logit(
    dataset: Dataset, params: Mapping[str, Any]
) -> MultinomialLogit:
    """Penalised maximum likelihood on weighted out-of-fold rows."""
    strengths = params["film_ratings"], params["segment_ratings"]
    rows = training_rows(dataset, *strengths)
    genres = dataset.movies.genres.astype(np.float32)
    columns = _Columns.of(
        rows.log_ratios,
        rows.codes,
        dataset.vocabulary.shape,
        rows.movie,
        genres,
    )
    single = np.float32
    weight = (rows.weight / rows.weight.sum()).astype(single)
    # Column after column, as all that is done with them.
    log_shares = np.asfortranarray(rows.log_shares, dtype=single)
    actual = np.arange(len(weight)), rows.rating_class
    shape = (columns.n, 4)
    ridge = params["ridge"] / rows.weight.sum()

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        # single precision is enough for rows; they are added up in double
        shares = softmax(log_shares + columns.times(weights))
        value = -(weight @ np.log(shares[actual].astype(float) + 1e-12))
        shares[actual] -= 1
        slope = columns.transposed_times(weight[:, None] * shares)
        penalty = ridge / 2 * (flat**2).sum()
        return float(value + penalty), (slope + ridge * weights).ravel()

    with threadpool_limits(limits=1):  # the same sums on every machine size
        optimum = minimize(
            loss,
            np.zeros(shape).ravel(),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": params["iterations"]},
        )
    return MultinomialLogit(
        shrunk_shares(segment_counts(dataset), *strengths),
        dataset.vocabulary.shape,
        genres,
        optimum.x.reshape(shape),
    )
