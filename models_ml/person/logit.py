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


def _columns(
    log_ratios: FloatArray,
    codes: IntArray,
    shape: tuple[int, ...],
    genres: FloatArray,
) -> FloatArray:
    """Segment ratios, levels (zeros: not given), genres and a constant."""
    parts = [log_ratios]
    for axis, size in enumerate(shape):
        code = codes[:, axis]
        # The last row, of zeros, is the one that -1 picks.
        parts.append(np.eye(size + 1, size, dtype=np.float32)[code])
    parts += [genres, np.ones((len(codes), 1))]
    return np.concatenate(parts, axis=1, dtype=np.float32)


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
        columns = _columns(
            log_ratios, codes, self.shape, self.genres[movie_index]
        )
        shares = softmax(log_shares + columns @ self.weights)
        return shares, self.shares.expected_stars(shares, movie_index)


def fit_multinomial_logit(
    dataset: Dataset, params: Mapping[str, Any]
) -> MultinomialLogit:
    """Penalised maximum likelihood on weighted out-of-fold rows."""
    strengths = params["film_ratings"], params["segment_ratings"]
    rows = training_rows(dataset, *strengths)
    genres = dataset.movies.genres.astype(np.float32)
    columns = _columns(
        rows.log_ratios,
        rows.codes,
        dataset.vocabulary.shape,
        genres[rows.movie],
    )
    single = np.float32
    actual = np.eye(4, dtype=single)[rows.rating_class]
    weight = (rows.weight / rows.weight.sum()).astype(single)
    log_shares = rows.log_shares.astype(single)
    shape = (columns.shape[1], 4)
    ridge = params["ridge"] / rows.weight.sum()

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        # single precision keeps the columns from being copied each time;
        # the sums over rows are in double precision
        shares = softmax(log_shares + columns @ weights.astype(single))
        actual_share = shares[np.arange(len(shares)), rows.rating_class]
        slope = columns.T @ (weight[:, None] * (shares - actual))
        value = -(weight @ np.log(actual_share.astype(float) + 1e-12))
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
