"""Candidates made of shares alone: what every other has to beat."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.segments import (
    SegmentShares,
    segment_counts,
    shrunk_shares,
)
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class ClassPrior:
    """The same shares and the same mean for every pair."""

    shares: FloatArray
    mean: float

    def predict(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Class probabilities (m, 4) and expected stars (m,)."""
        n = len(movie_index)
        return np.tile(self.shares, (n, 1)), np.full(n, self.mean)


def fit_class_prior(dataset: Dataset, params: Mapping[str, Any]) -> ClassPrior:
    """Shares of the classes over all ratings."""
    del params  # it has none
    counts = segment_counts(dataset).everyone.sum(axis=0) + 1
    rated = dataset.counts.movie_stars
    stars = dataset.scale.values_of(rated.stars)
    mean = np.average(stars, weights=rated.n_ratings)
    return ClassPrior(counts / counts.sum(), float(mean))


@dataclass(frozen=True)
class FilmMean:
    """A film's own shrunk shares and mean, whoever asks."""

    shares: FloatArray
    means: FloatArray

    def predict(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Class probabilities (m, 4) and expected stars (m,)."""
        return self.shares[movie_index], self.means[movie_index]


def fit_film_mean(dataset: Dataset, params: Mapping[str, Any]) -> FilmMean:
    """Shares and mean of each film, shrunk towards those of all ratings."""
    prior_strength = params["film_ratings"]
    shares = np.exp(
        shrunk_shares(segment_counts(dataset), prior_strength, 1).log_shares
    )
    rated, n_movies = dataset.counts.movie_stars, len(dataset.movies)
    stars = dataset.scale.values_of(rated.stars)
    total = np.bincount(rated.movie, rated.n_ratings * stars, n_movies)
    number = np.bincount(rated.movie, rated.n_ratings, n_movies)
    mean = total.sum() / number.sum()
    means = (total + prior_strength * mean) / (number + prior_strength)
    return FilmMean(shares, means)


@dataclass(frozen=True)
class SegmentModel:
    """Film shares times the ratio of each of the profile's segments."""

    shares: SegmentShares

    def predict(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Class probabilities (m, 4) and expected stars (m,)."""
        log_shares, log_ratios = self.shares.features(codes, movie_index)
        n_classes = log_shares.shape[1]
        ratios = log_ratios.reshape(len(codes), -1, n_classes).sum(axis=1)
        product = np.exp(log_shares + ratios)
        shares = product / product.sum(axis=1, keepdims=True)
        return shares, self.shares.expected_stars(shares, movie_index)


def fit_segments(dataset: Dataset, params: Mapping[str, Any]) -> SegmentModel:
    """The product of shrunk ratios that SQL alone could give."""
    return SegmentModel(
        shrunk_shares(
            segment_counts(dataset),
            params["film_ratings"],
            params["segment_ratings"],
        )
    )
