"""Datasets drawn from a model of audiences that the tests know."""

import numpy as np

from models_ml.source.movielens_levels import (
    AGE_GROUPS,
    GENDERS,
    GENRES,
    MOVIELENS_1M,
    OCCUPATIONS,
    REGIONS,
)
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset, Movies, Ratings, Users


def people(n: int, rng: np.random.Generator) -> Users:
    return Users(
        user_id=np.arange(1, n + 1),
        gender=rng.integers(0, len(GENDERS), n),
        age_group=rng.integers(0, len(AGE_GROUPS), n),
        occupation=rng.integers(0, len(OCCUPATIONS), n),
        place=rng.integers(0, len(REGIONS), n),
        fold=np.zeros(n, int),
    )


def audiences(
    n_users: int = 1500, n_movies: int = 300, seed: int = 3
) -> Dataset:
    """Romances draw women, old films older people; films differ besides."""
    rng = np.random.default_rng(seed)
    users = people(n_users, rng)
    genres = np.zeros((n_movies, len(GENRES)), bool)
    kind = rng.integers(0, 2, n_movies)
    genres[kind == 0, GENRES.index("Romance")] = True
    genres[kind == 1, GENRES.index("Action")] = True
    year = rng.integers(1950, 2001, n_movies)
    own = rng.normal(0, 0.1, (2, n_movies))
    appeal = rng.normal(-2.6, 0.9, n_movies)
    woman = np.where(users.gender == 0, 1, -1)[:, None]
    age = (users.age_group[:, None] - 3) / 3
    drawn = (
        appeal
        + woman * (0.5 * np.where(kind == 0, 1, -1) + own[0])
        + age * ((1975 - year) / 30 + own[1])
    )
    rated = rng.random(drawn.shape) < 1 / (1 + np.exp(-drawn))
    user, movie = np.nonzero(rated)
    # Women like romances better, men action, beyond the films' quality.
    quality = rng.normal(0.5, 0.7, n_movies)
    liking = quality[movie] + 1.3 * np.where(
        (users.gender[user] == 0) == (kind[movie] == 0), 1, -1
    )
    likes = rng.random(len(user)) < 1 / (1 + np.exp(-liking))
    stars = np.where(
        likes, rng.integers(3, 6, len(user)), rng.integers(1, 3, len(user))
    )
    return count_dataset(
        MOVIELENS_1M,
        users,
        Movies(
            movie_id=np.arange(n_movies) * 2 + 1,
            title=[f"Story {k}" for k in range(n_movies)],
            year=year,
            genres=genres,
            fold=np.arange(n_movies) % 5,
        ),
        Ratings(user, movie, stars, np.zeros(len(user), np.int64)),
        digest="generated",
    )


def one_rating() -> Dataset:
    """One person, one film without year or genre, one rating."""
    one = np.zeros(1, int)
    return count_dataset(
        MOVIELENS_1M,
        Users(one, one, one, one, one, one),
        Movies(one, ["!"], one, np.zeros((1, len(GENRES)), bool), one),
        Ratings(one, one, one + 4, np.zeros(1, np.int64)),
        digest="one",
    )
