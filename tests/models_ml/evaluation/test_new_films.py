"""People and films are held out together, and judged as is said."""

import numpy as np
import pytest

from models_ml.evaluation.film import FIRST_NEW_YEAR
from models_ml.evaluation.new_films import (
    FEWEST_RATINGS,
    MOST_RATINGS,
    N_JUDGED,
    Predicted,
    Split,
    constant,
    predicted_of,
    quadrant,
    result_of,
    rows_judged,
    supports,
)
from models_ml.new_films.baselines import fit_content_ridge
from models_ml.person.predictor import PersonScores
from models_ml.scale import RatingScale
from models_ml.warehouse.dataset import Dataset, Ratings
from tests.models_ml.person.people import small_dataset

TRAIN, TEST = (0, 1, 2), (3,)

SCALE = RatingScale((1, 2, 3, 4, 5))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return small_dataset(n_users=300, n_movies=200, per_user=60)


@pytest.mark.parametrize("split", ["hash", "time"])
def test_no_person_and_no_film_stands_on_both_sides(
    dataset: Dataset, split: Split
) -> None:
    part = quadrant(dataset, TRAIN, TEST, split)
    users, movies = dataset.users, dataset.movies
    train, judged = part.train.ratings, part.judged
    assert len(train)
    assert len(judged)
    assert not set(train.user) & set(judged.user)
    assert not set(train.movie) & set(judged.movie)
    assert set(users.fold[train.user]) == set(TRAIN)
    assert set(users.fold[judged.user]) == set(TEST)
    counted = part.train.counts.movie_profiles
    assert not set(counted.movie) & set(judged.movie)
    if split == "time":
        assert movies.year[judged.movie].min() >= FIRST_NEW_YEAR
        assert movies.year[train.movie].max() < FIRST_NEW_YEAR


def ratings_of(sizes: list[int]) -> Ratings:
    user = np.repeat(np.arange(len(sizes)), sizes)
    movie = np.concatenate([np.arange(size) for size in sizes])
    return Ratings(user, movie, movie % 5 + 1, np.zeros(len(user), np.int64))


def test_ten_ratings_are_judged_of_people_with_13_to_100() -> None:
    sizes = [FEWEST_RATINGS - 1, FEWEST_RATINGS, MOST_RATINGS, 101, 50]
    judged = ratings_of(sizes)
    parts = supports(judged, seed=0)
    assert [part.user for part in parts] == [1, 2, 4]
    for part in parts:
        assert len(part.judged) == N_JUDGED
        assert len(part.known) == sizes[part.user] - N_JUDGED
        rows = np.concatenate([part.judged, part.known])
        assert (
            np.sort(rows) == np.flatnonzero(judged.user == part.user)
        ).all()
    assert len(rows_judged(parts)) == 3 * N_JUDGED
    assert len(rows_judged([])) == 0


def test_measures_are_those_worked_out_by_hand() -> None:
    judged = ratings_of([4])  # 1, 2, 3, 4 stars
    result = result_of(judged, slice(None), constant(3.0, 4), SCALE)
    measured = result.metrics()
    assert measured["mae"] == measured["mae_of_median"] == 1.0
    assert measured["rmse"] == pytest.approx(np.sqrt(6 / 4))
    assert measured["bias"] == pytest.approx(0.5)
    assert "log_loss" not in measured
    sums = result.per_user()
    assert sums["absolute_error"].tolist() == [4.0]
    assert sums["squared_error"].tolist() == [6.0]
    certain = np.eye(4)[[0, 1, 2, 2]]
    stars = judged.stars.astype(float)
    right = Predicted(stars, stars, certain)
    measured = result_of(judged, slice(None), right, SCALE).metrics()
    assert measured["log_loss"] == measured["ece_liked"] == 0.0


def test_the_median_is_the_star_that_half_the_probability_reaches() -> None:
    # 10 %, 20 %, 30 %, 25 %, 15 % of 1 to 5 stars, then 0, 0, 0, 40 %, 60 %
    scores = PersonScores(
        probabilities=np.array([[0.1, 0.2, 0.55, 0.15], [0, 0, 0.4, 0.6]]),
        expected_stars=np.array([3.15, 4.6]),
        interest=np.array([0.5, 0.1]),
        like_rate=np.array([0.2, 0.1]),
        baseline_like_rate=np.zeros(2),
    )
    assert predicted_of(scores, SCALE).median_stars.tolist() == [3.0, 5.0]


def test_the_ridge_finds_what_is_linear(dataset: Dataset) -> None:
    ratings = dataset.ratings
    stars = np.where(dataset.users.gender[ratings.user] == 0, 4, 2)
    linear = Ratings(ratings.user, ratings.movie, stars, ratings.rated_at)
    changed = Dataset(
        dataset.vocabulary,
        dataset.users,
        dataset.movies,
        linear,
        dataset.counts,
        "linear",
    )
    ridge = fit_content_ridge(changed, {"ridge": 1.0, "person_ratings": 5.0})
    codes = dataset.users.codes()[:20]
    predicted = ridge.predict(dataset.movies, codes, np.arange(20))
    np.testing.assert_allclose(predicted, stars_of(codes), atol=0.05)
    offset = ridge.offset(np.array([3.0, 3.0]), np.array([5, 4]))
    assert offset == pytest.approx(3 / 7)


def stars_of(codes: np.ndarray) -> np.ndarray:
    return np.where(codes[:, 0] == 0, 4.0, 2.0)
