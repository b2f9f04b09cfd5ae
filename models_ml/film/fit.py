"""Fits the audience predictor to a dataset."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models_ml.dataset import Dataset
from models_ml.film.predictor import AudiencePredictor
from models_ml.vocabulary import CLASS_OF_STARS, DIMENSIONS

_SHAPE = tuple(len(levels) for levels in DIMENSIONS.values())


def fit_audience_predictor(
    dataset: Dataset, params: Mapping[str, Any] | None = None
) -> AudiencePredictor:
    """The audience predictor learnt from the dataset's ratings."""
    users, movies, ratings = dataset.users, dataset.movies, dataset.ratings
    codes = users.codes()
    cell = np.ravel_multi_index(tuple(codes.T), _SHAPE)
    of_rating = cell[ratings.user]
    counts = np.bincount(of_rating, minlength=int(np.prod(_SHAPE)))
    population = (counts + 0.1).reshape(_SHAPE)
    population /= population.sum()
    n_classes = np.zeros((population.size, 4))
    stars = np.array(CLASS_OF_STARS)[ratings.stars - 1]
    np.add.at(n_classes, (of_rating, stars), 1)
    classes = n_classes + 20 * (n_classes.sum(axis=0) + 1) / (
        n_classes.sum() + 4
    )
    classes /= classes.sum(axis=1, keepdims=True)
    levels = [
        codes[:, 0] * _SHAPE[1] + codes[:, 1],
        codes[:, 2],
        codes[:, 3],
    ]
    sizes = (_SHAPE[0] * _SHAPE[1], _SHAPE[2], _SHAPE[3])
    effects = [
        _genre_log_ratios(dataset, level, size)
        for level, size in zip(levels, sizes, strict=True)
    ]
    known = movies.year[movies.year > 0]
    return AudiencePredictor(
        {
            "population": population,
            "n_users": np.bincount(cell, minlength=population.size).reshape(
                _SHAPE
            ),
            "classes": classes.reshape(*_SHAPE, 4),
            "genre_effects": np.concatenate(effects, axis=1),
            "years": [int(known.min()), int(known.max())],
            "movies": {
                "movie_id": movies.movie_id,
                "genres": movies.genres,
            },
        }
    )


def _genre_log_ratios(
    dataset: Dataset, level: np.ndarray, size: int
) -> np.ndarray:
    ratings = dataset.ratings
    counts = np.zeros((len(dataset.movies), size))
    np.add.at(counts, (ratings.movie, level[ratings.user]), 1)
    everyone = (counts.sum(axis=0) + 0.5) / (counts.sum() + 0.5 * size)
    of_genre = dataset.movies.genres.T.astype(float) @ counts
    shares = (of_genre + 100 * everyone) / (
        of_genre.sum(axis=1, keepdims=True) + 100
    )
    return np.log(shares / everyone)
