"""Simpler ways to rank all films for a person, to compare with.

Each gives a value to sort all films by, from profile codes and the films
known. Relevant are films with LIKE_STARS or more: likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.design import RatingDesign, rating_design
from models_ml.person.encoding import ProfileEncoder, fit_encoder
from models_ml.person.predictor import KnownRatings
from models_ml.scale import RatingScale
from models_ml.warehouse.dataset import Dataset


class ListModel(Protocol):
    """What ranks all films for a person."""

    def values(self, codes: IntArray, known: KnownRatings) -> FloatArray:
        """Shape (n_movies,), higher first; `codes` has shape (4,)."""
        ...


@dataclass(frozen=True)
class PopularityList:
    """The films that most people like, for everyone."""

    likes: FloatArray

    def values(self, codes: IntArray, known: KnownRatings) -> FloatArray:
        """See ListModel."""
        return self.likes


@dataclass(frozen=True)
class LogRatios:
    """Log likes plus a shrunk log ratio for each part of the profile."""

    log_likes: FloatArray
    log_ratios: tuple[FloatArray, ...]
    """For each dimension, shape (levels, n_movies)."""

    def values(self, codes: IntArray, known: KnownRatings) -> FloatArray:
        """See ListModel."""
        gains = [
            ratios[code]
            for ratios, code in zip(self.log_ratios, codes, strict=True)
            if code >= 0
        ]
        result: FloatArray = self.log_likes + np.sum(gains, axis=0)
        return result


@dataclass(frozen=True)
class LikesRidge:
    """Ridge regression of who likes what on the profile's columns."""

    encoder: ProfileEncoder
    mean: FloatArray
    centre: FloatArray
    weights: FloatArray

    def values(self, codes: IntArray, known: KnownRatings) -> FloatArray:
        """See ListModel."""
        columns = self.encoder.encode(codes[None])[0, : len(self.weights)]
        return self.mean + (columns - self.centre) @ self.weights


@dataclass(frozen=True)
class Ease:
    """EASE on likes (Steck, WWW 2019): films known, and no profile."""

    weights: FloatArray
    """Shape (n_movies, n_movies), its diagonal 0."""
    likes: FloatArray
    """Ranks the films where no known film is liked."""
    scale: RatingScale

    def values(self, codes: IntArray, known: KnownRatings) -> FloatArray:
        """See ListModel."""
        liked = known.movie_index[self.scale.are_likes(known.stars)]
        if len(liked) == 0:
            return self.likes
        result: FloatArray = self.weights[liked].sum(axis=0)
        return result


def fit_popularity(
    dataset: Dataset, params: Mapping[str, Any]
) -> PopularityList:
    """Everybody's likes of each film."""
    del params  # it has none
    return PopularityList(_likes(rating_design(dataset)))


def fit_log_ratios(dataset: Dataset, params: Mapping[str, Any]) -> LogRatios:
    """Ratios of a level's likes to those expected, shrunk towards 1."""
    design = rating_design(dataset)
    liked = design.matrix(is_like(design))
    counts = np.asarray(liked.sum(axis=0)).ravel()
    prior_strength = params["prior_likes"]
    ratios = []
    for axis, size in enumerate(dataset.vocabulary.shape):
        of_level = liked.T @ np.eye(size)[design.codes[:, axis]]
        share = of_level.sum(axis=0) / max(counts.sum(), 1)
        expected = np.outer(share, counts)
        ratios.append(
            np.log((of_level.T + prior_strength) / (expected + prior_strength))
        )
    return LogRatios(np.log(_likes(design) + 0.1), tuple(ratios))


def fit_likes_ridge(dataset: Dataset, params: Mapping[str, Any]) -> LikesRidge:
    """One ridge regression for each film, all with the same columns."""
    design = rating_design(dataset)
    encoder = fit_encoder(
        dataset.vocabulary,
        dataset.counts.profiles.codes,
        dataset.counts.profiles.n_users,
    )
    columns = encoder.encode(design.codes)[:, : encoder.columns.n_coarse]
    liked = design.matrix(is_like(design))
    centre = columns.mean(axis=0)
    mean = np.asarray(liked.mean(axis=0)).ravel()
    centred = columns - centre
    gram = centred.T @ centred + params["ridge"] * np.eye(columns.shape[1])
    return LikesRidge(
        encoder, mean, centre, np.linalg.solve(gram, (liked.T @ centred).T)
    )


def fit_ease(dataset: Dataset, params: Mapping[str, Any]) -> Ease:
    """Closed form: the inverse of the films' regularised Gram matrix."""
    design = rating_design(dataset)
    liked = design.matrix(is_like(design))
    gram = (liked.T @ liked).toarray()
    gram[np.diag_indices_from(gram)] += params["ridge"]
    with threadpool_limits(limits=1):
        inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return Ease(weights.astype(np.float32), _likes(design), design.scale)


def is_like(design: RatingDesign) -> FloatArray:
    """1 where a rating is a like, else 0; shape (n_ratings,)."""
    return design.scale.are_likes(design.stars).astype(np.float64)


def _likes(design: RatingDesign) -> FloatArray:
    """Everybody's likes of each film."""
    first = design.scale.n_below_like
    result: FloatArray = design.star_counts[:, first:].sum(axis=1)
    return result
