"""The level of quality is that of ratings, which heavy raters do not set."""

from dataclasses import replace

import numpy as np
import pytest

from models_ml.arrays import IntArray
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.level import class_weights
from models_ml.film.protocol import Film
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset, Ratings
from tests.models_ml.film.generated import audiences


def with_ratings(
    dataset: Dataset, user: IntArray, movie: IntArray, stars: IntArray
) -> Dataset:
    return count_dataset(
        MOVIELENS_1M,
        dataset.users,
        dataset.movies,
        Ratings(user, movie, stars, np.zeros(len(user), np.int64)),
        dataset.digest,
    )


@pytest.fixture(scope="module")
def popular_films_are_better() -> Dataset:
    """Stars rise with the number of a film's ratings, whatever its kind."""
    dataset = audiences()
    ratings = dataset.ratings
    n_ratings = np.bincount(ratings.movie, minlength=len(dataset.movies))
    rank = n_ratings.argsort().argsort() / len(n_ratings)
    rng = np.random.default_rng(5)
    chance = 0.1 + 0.8 * rank[ratings.movie]
    stars = 1 + rng.binomial(4, chance)
    return with_ratings(dataset, ratings.user, ratings.movie, stars)


def test_held_out_films_get_the_classes_that_they_did_get(
    popular_films_are_better: Dataset,
) -> None:
    dataset = popular_films_are_better
    predictor = fit_audience_predictor(dataset, {"quality.most_ratings": 1e9})
    movies, n_ratings = np.unique(dataset.ratings.movie, return_counts=True)
    outlooks = np.array(
        [
            predictor.held_out_outlook(int(movie_id)).probabilities
            for movie_id in dataset.movies.movie_id[movies]
        ]
    )
    expected = n_ratings @ outlooks / n_ratings.sum()
    classes = dataset.scale.classes_of(dataset.ratings.stars)
    actual = np.bincount(classes, minlength=4) / len(classes)
    # 0.03 without the level, in the first class
    np.testing.assert_allclose(expected, actual, atol=0.01)


def test_a_heavy_rater_counts_in_part() -> None:
    dataset = audiences(n_users=3, n_movies=100)
    user = np.repeat([0, 1], [80, 20])
    movie = np.concatenate([np.arange(80), np.arange(20)])
    stars = np.where(user == 0, 1, 5)
    rated = with_ratings(dataset, user, movie, stars)
    weights = class_weights(rated, np.arange(100), most_ratings=20)
    np.testing.assert_allclose(weights.sum(axis=0), [20, 0, 0, 20])
    np.testing.assert_allclose(weights[0], [0.25, 0, 0, 1])
    np.testing.assert_allclose(weights[50], [0.25, 0, 0, 0])


def test_heavy_raters_do_not_set_the_level() -> None:
    dataset = audiences()
    ratings = dataset.ratings
    n_rated = np.bincount(ratings.user, minlength=len(dataset.users))
    heavy = n_rated[ratings.user] > np.quantile(n_rated, 0.9)
    stars = np.where(heavy, 1, ratings.stars)
    harsh = replace(ratings, stars=stars)
    moved = []
    for most_ratings in (1.0, 1e9):
        levels = [
            fit_audience_predictor(
                with_ratings(dataset, each.user, each.movie, each.stars),
                {"quality.most_ratings": most_ratings},
            )
            .held_out_outlook(int(dataset.movies.movie_id[0]))
            .probabilities[2:]
            .sum()
            for each in (ratings, harsh)
        ]
        moved.append(levels[0] - levels[1])
    assert moved[0] < 0.8 * moved[1]


def test_films_of_later_years_are_not_better_for_being_new(
    popular_films_are_better: Dataset,
) -> None:
    dataset = popular_films_are_better
    predictor = fit_audience_predictor(dataset)
    last = int(dataset.movies.year.max())
    liked = [
        predictor.outlook(Film("A story", year, ("Romance",)))
        .probabilities[2:]
        .sum()
        for year in (last, last + 1)
    ]
    assert liked[1] < liked[0] + 0.01
