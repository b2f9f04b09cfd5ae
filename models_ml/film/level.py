"""The level of quality: what films get that are judged without their ratings.

The process of quality treats all films alike, yet people meet films in
proportion to their ratings, and its popularity is a guess. So the shares of
the classes are set such that held-out films, each counted by its ratings, get
the classes that they did get. A person counts as at most `most_ratings`
ratings: the few who rate hundreds of films are harsher than others, and would
set the level for everyone.
"""

from typing import Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.film.held_out import HeldOut
from models_ml.film.popularity import Popularity
from models_ml.film.preference import PreferenceModel
from models_ml.vocabulary import RATING_CLASSES
from models_ml.warehouse.dataset import Dataset

_ROUNDS: Final = 12
_N_CLASSES: Final = len(RATING_CLASSES)


def class_weights(
    dataset: Dataset, movies: IntArray, most_ratings: float
) -> FloatArray:
    """Ratings of `movies` (n,) by class, heavy raters' in part, (n, 4)."""
    ratings = dataset.ratings
    row = np.full(len(dataset.movies), -1)
    row[movies] = np.arange(len(movies))
    n_rated = np.bincount(ratings.user, minlength=len(dataset.users))
    weight = np.minimum(1, most_ratings / np.maximum(n_rated, 1))
    known = row[ratings.movie] >= 0
    classes = dataset.scale.classes_of(ratings.stars[known])
    totals = np.bincount(
        row[ratings.movie[known]] * _N_CLASSES + classes,
        weight[ratings.user[known]],
        len(movies) * _N_CLASSES,
    )
    return np.asarray(totals.reshape(-1, _N_CLASSES))


def fit_classes(
    model: PreferenceModel,
    popularity: Popularity,
    held_out: HeldOut,
    weights: FloatArray,
) -> FloatArray:
    """The `classes` (4,) of `model` for which held-out films come out right.

    `weights` (n, 4) are the known films' ratings by class. Where there are
    none, the classes stay what they are.
    """
    total = weights.sum(axis=0)
    if not total.sum():
        return model.classes
    of_rating = np.array(
        [
            popularity.unknown(score, popularity.spread).of_rating
            for score in held_out.score
        ]
    )
    means = held_out.quality_means[held_out.fold]
    logits = (means + held_out.quality[:, None, :]) @ model.quality_loadings.T
    odds = np.exp(logits)
    classes = model.classes
    for _ in range(_ROUNDS):
        shares = classes * odds
        shares /= shares.sum(axis=2, keepdims=True)
        expected = weights.sum(axis=1) @ np.einsum(
            "nk,nkc->nc", of_rating, shares
        )
        # one rating of each class keeps a class that nobody gave possible
        classes = classes * (total + 1) / (expected + 1)
        classes = classes / classes.sum()
    return classes
