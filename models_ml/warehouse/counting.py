"""Counts of ratings that no warehouse holds: placebos, and tests.

They are what the feature tables would hold had everyone been asked.
"""

import numpy as np

from models_ml.arrays import IntArray
from models_ml.vocabulary import (
    RATING_CLASSES,
    Vocabulary,
)
from models_ml.warehouse.dataset import (
    Counts,
    Dataset,
    GenreSegments,
    MovieProfiles,
    Movies,
    MovieSegments,
    MovieStars,
    Profiles,
    Ratings,
    Users,
)


def count_dataset(
    vocabulary: Vocabulary,
    users: Users,
    movies: Movies,
    ratings: Ratings,
    digest: str,
) -> Dataset:
    """The dataset of `users` as everybody, its counts made from `ratings`.

    As the warehouse counts them: rows in order of their keys.
    """
    codes, folds = users.codes(), users.fold
    keys, n_users = _added_up(np.column_stack([codes, folds]))
    stars, n_stars = _added_up(
        np.column_stack([ratings.movie, folds[ratings.user], ratings.stars])
    )
    rows, n_ratings = _added_up(
        np.column_stack(
            [
                ratings.movie,
                codes[ratings.user],
                folds[ratings.user],
                ratings.stars,
            ]
        )
    )
    counts = Counts(
        Profiles(keys[:, :4], keys[:, 4], n_users),
        MovieStars(stars[:, 0], stars[:, 1], stars[:, 2], n_stars),
        _segments(vocabulary, codes, folds, ratings),
        MovieProfiles(
            rows[:, 0], rows[:, 1:5], rows[:, 5], rows[:, 6], n_ratings
        ),
        _genres(vocabulary, codes, movies, ratings),
    )
    return Dataset(vocabulary, users, movies, ratings, counts, digest)


def _segments(
    vocabulary: Vocabulary,
    codes: IntArray,
    folds: IntArray,
    ratings: Ratings,
) -> MovieSegments:
    classes = vocabulary.scale.classes_of(ratings.stars)
    keys, rows = [], []
    for axis, first in enumerate(vocabulary.first_level.values()):
        level = first + codes[ratings.user, axis]
        key, row = np.unique(
            np.column_stack([ratings.movie, level, folds[ratings.user]]),
            axis=0,
            return_inverse=True,
        )
        of_class = np.zeros((len(key), len(RATING_CLASSES)), dtype=np.int32)
        np.add.at(of_class, (row, classes), 1)
        keys.append(key)
        rows.append(of_class)
    key = np.concatenate(keys)
    return MovieSegments(key[:, 0], key[:, 1], key[:, 2], np.vstack(rows))


def _genres(
    vocabulary: Vocabulary,
    codes: IntArray,
    movies: Movies,
    ratings: Ratings,
) -> GenreSegments:
    segment = codes[:, 0] * len(vocabulary.age_groups) + codes[:, 1]
    rating, genre = np.nonzero(movies.genres[ratings.movie])
    movie = ratings.movie[rating]
    keys, n_ratings = _added_up(
        np.column_stack(
            [genre, segment[ratings.user[rating]], movies.fold[movie]]
        )
    )
    return GenreSegments(keys[:, 0], keys[:, 1], keys[:, 2], n_ratings)


def _added_up(keys: IntArray) -> tuple[IntArray, IntArray]:
    distinct, number = np.unique(keys, axis=0, return_counts=True)
    return distinct, number
