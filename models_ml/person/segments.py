"""Shrunk class shares of films and of their segments, from their counts.

"Everyone but this fold" is the total minus the fold, so features of a
training row never see the ratings of that row's own person.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.vocabulary import RATING_CLASSES
from models_ml.warehouse.dataset import Dataset

N_CLASSES: Final = len(RATING_CLASSES)


@dataclass(frozen=True)
class SegmentCounts:
    """Ratings by class; additive over folds, levels and films."""

    everyone: FloatArray
    """Shape (n_movies, 4)."""
    levels: tuple[FloatArray, ...]
    """For each dimension, shape (n_levels, n_movies, 4)."""
    stars: FloatArray
    """Sum of the stars of each class's ratings, shape (n_movies, 4)."""
    class_values: FloatArray
    """Mean stars of the steps of each class, shape (4,)."""

    def __sub__(self, other: "SegmentCounts") -> "SegmentCounts":
        return SegmentCounts(
            self.everyone - other.everyone,
            tuple(
                mine - theirs
                for mine, theirs in zip(self.levels, other.levels, strict=True)
            ),
            self.stars - other.stars,
            self.class_values,
        )


def segment_counts(dataset: Dataset) -> SegmentCounts:
    """The counts of `dataset`, all of its folds together."""
    n_movies = len(dataset.movies)
    segments = dataset.counts.movie_segments
    place = segments.level.astype(np.int64) * n_movies + segments.movie
    vocabulary = dataset.vocabulary
    n_levels = sum(vocabulary.shape)
    size = n_levels * n_movies
    all_levels = np.column_stack(
        [
            np.bincount(place, n, size).astype(float)
            for n in segments.of_class.T
        ]
    ).reshape(n_levels, n_movies, N_CLASSES)
    levels = tuple(
        all_levels[vocabulary.first_level[dimension] :][: len(names)]
        for dimension, names in vocabulary.dimensions.items()
    )
    scale = dataset.scale
    of_class = np.eye(N_CLASSES)[scale.classes] * scale.values[:, None]
    return SegmentCounts(
        everyone=levels[0].sum(axis=0),
        levels=levels,
        stars=dataset.step_counts() @ of_class,
        class_values=scale.class_values,
    )


@dataclass(frozen=True)
class SegmentShares:
    """Shrunk class shares of films and log ratios of their segments."""

    log_shares: FloatArray
    """Shape (n_movies, 4)."""
    log_ratios: tuple[FloatArray, ...]
    """For each dimension (n_levels, n_movies, 4): segment to film."""
    class_means: FloatArray
    """Mean stars within each class, shape (n_movies, 4)."""

    def features(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Log shares (m, 4) and log ratios (m, 4 × dimensions) of pairs.

        The ratios of a part that is not given are 0.
        """
        ratios = []
        for axis, table in enumerate(self.log_ratios):
            level = codes[:, axis]
            ratio = table[np.maximum(level, 0), movie_index]
            ratios.append(np.where(level[:, None] >= 0, ratio, 0.0))
        return self.log_shares[movie_index], np.concatenate(ratios, axis=1)

    def expected_stars(
        self, probabilities: FloatArray, movie_index: IntArray
    ) -> FloatArray:
        """Stars that class probabilities (m, 4) come to."""
        result: FloatArray = (
            probabilities * self.class_means[movie_index]
        ).sum(axis=1)
        return result


def shrunk_shares(
    counts: SegmentCounts, film_ratings: float, segment_ratings: float
) -> SegmentShares:
    """Shares, films' shrunk towards everyone's, segments' to their film's.

    `film_ratings` and `segment_ratings` are prior strengths, in ratings. How
    lenient a segment is over all films is left out: a few busy people make
    most of it, and with it unseen people were predicted worse.
    """
    total = counts.everyone.sum(axis=0) + 1
    prior = total / total.sum()
    shares = counts.everyone + film_ratings * prior
    shares = shares / shares.sum(axis=1, keepdims=True)
    ratios = []
    for level in counts.levels:
        segment = level + segment_ratings * shares
        segment /= segment.sum(axis=2, keepdims=True)
        ratios.append(np.log(segment / shares))
    mean = (counts.stars.sum(axis=0) + counts.class_values) / total
    return SegmentShares(
        log_shares=np.log(shares),
        log_ratios=tuple(ratios),
        class_means=(counts.stars + film_ratings * mean)
        / (counts.everyone + film_ratings),
    )


@dataclass(frozen=True)
class TrainingRows:
    """Distinct (film, profile, fold, class) with their number of ratings."""

    codes: IntArray
    movie: IntArray
    rating_class: IntArray
    weight: FloatArray
    log_shares: FloatArray
    """Of the film, from everyone outside the row's fold, shape (m, 4)."""
    log_ratios: FloatArray
    """Of the row's segments, from everyone outside the row's fold."""


def training_rows(
    dataset: Dataset, film_ratings: float, segment_ratings: float
) -> TrainingRows:
    """Weighted rows of the sample, with features out of fold by person."""
    counts = segment_counts(dataset)
    parts = []
    for fold in np.unique(dataset.users.fold[dataset.ratings.user]):
        part = dataset.of_user_folds((int(fold),))
        shares = shrunk_shares(
            counts - segment_counts(part), film_ratings, segment_ratings
        )
        codes, movie, rating_class, weight = _distinct_rows(part)
        log_shares, log_ratios = shares.features(codes, movie)
        parts.append(
            (codes, movie, rating_class, weight, log_shares, log_ratios)
        )
    return TrainingRows(
        *(np.concatenate(column) for column in zip(*parts, strict=True))
    )


def _distinct_rows(
    dataset: Dataset,
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    ratings = dataset.ratings
    rating_class = dataset.scale.classes_of(ratings.stars)
    codes = dataset.users.codes()[ratings.user]
    key = ratings.movie.astype(np.int64)
    for axis, size in enumerate(dataset.vocabulary.shape):
        key = key * size + codes[:, axis]
    key = key * N_CLASSES + rating_class
    _, first, number = np.unique(key, return_index=True, return_counts=True)
    return (
        codes[first],
        ratings.movie[first],
        rating_class[first],
        number.astype(float),
    )
