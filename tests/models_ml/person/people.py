"""Small generated datasets with taste that depends on the profile."""

from dataclasses import replace
from typing import Any

import numpy as np

from models_ml.scale import RatingScale
from models_ml.source.movielens_levels import (
    AGE_GROUPS,
    GENRES,
    MOVIELENS_1M,
    OCCUPATIONS,
    REGIONS,
)
from models_ml.vocabulary import Level, Vocabulary
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset, Movies, Ratings, Users


def small_dataset(
    n_users: int = 200,
    n_movies: int = 60,
    per_user: int = 20,
    seed: int = 1,
    scale: RatingScale = MOVIELENS_1M.scale,
) -> Dataset:
    """Women prefer the even films, men the odd ones; 60 % are men.

    The last film is never rated, and its genres are unknown.
    """
    rng = np.random.default_rng(seed)
    users = Users(
        user_id=np.arange(1, n_users + 1),
        gender=(rng.random(n_users) < 0.6).astype(np.int64),
        age_group=rng.integers(len(AGE_GROUPS), size=n_users),
        occupation=rng.integers(len(OCCUPATIONS), size=n_users),
        place=rng.integers(len(REGIONS), size=n_users),
        fold=np.arange(n_users) % 5,
    )
    genres = rng.random((n_movies, len(GENRES))) < 0.15
    genres[-1] = False
    movies = Movies(
        movie_id=np.arange(10, 10 + n_movies),
        title=[f"Film {number}" for number in range(n_movies)],
        year=rng.integers(1930, 2001, size=n_movies),
        genres=genres,
        fold=np.arange(n_movies) % 5,
    )
    quality = rng.normal(3.5, 0.5, n_movies)
    leniency = rng.normal(0, 0.4, n_users)
    rows: list[tuple[int, int, int]] = []
    for user in range(n_users):
        same = (np.arange(n_movies - 1) % 2) == users.gender[user]
        weight = np.where(same, 3.0, 1.0)
        films = rng.choice(
            n_movies - 1,
            size=min(per_user, n_movies - 1),
            replace=False,
            p=weight / weight.sum(),
        )
        for film in films:
            taste = 0.6 if same[film] else -0.6
            value = quality[film] + leniency[user] + taste
            noisy = value + rng.normal(0, 0.7)
            rows.append((user, film, int(scale.nearest(noisy))))
    user_index, movie, stars = np.array(rows).T
    ratings = Ratings(
        user=user_index,
        movie=movie,
        stars=stars,
        rated_at=np.arange(len(stars), dtype=np.int64),
    )
    return count_dataset(
        vocabulary_of(scale), users, movies, ratings, digest="generated"
    )


def vocabulary_of(scale: RatingScale) -> Vocabulary:
    """MovieLens' words, of ratings with other steps."""
    steps = tuple(
        Level("star", f"{stars:g}", f"{stars:g}", None, 2 * stars)
        for stars in scale.stars
    )
    others = [
        level for level in MOVIELENS_1M.levels if level.dimension != "star"
    ]
    return Vocabulary((*others, *steps))


def with_stars(dataset: Dataset, rows: Any, stars: Any) -> Dataset:
    """The dataset with the stars of some ratings replaced."""
    changed = dataset.ratings.stars.copy()
    changed[rows] = stars
    return count_dataset(
        MOVIELENS_1M,
        dataset.users,
        dataset.movies,
        replace(dataset.ratings, stars=changed),
        dataset.digest,
    )
