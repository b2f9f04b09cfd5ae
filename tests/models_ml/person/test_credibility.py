"""What known films tell of interest, on made-up people."""

from dataclasses import replace

import numpy as np

from models_ml.arrays import IntArray
from models_ml.person.design import rating_design
from models_ml.person.encoding import fit_encoder
from models_ml.person.film_features import fit_co_rating
from models_ml.person.fit_interest import (
    InterestParams,
    baseline_interest,
    between_people,
    fit_interest,
    people_of,
)
from models_ml.person.interest import InterestModel
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset


def model_of(dataset: Dataset) -> InterestModel:
    design = rating_design(dataset)
    columns = fit_encoder(
        MOVIELENS_1M, design.codes, np.ones(len(design.codes), int)
    ).encode(design.codes)
    co_rating = fit_co_rating(design, baseline_interest(design), 8)
    return fit_interest(design, columns, co_rating, InterestParams())


def with_movies(dataset: Dataset, movie: IntArray) -> Dataset:
    """The dataset with other films rated, and counted."""
    return count_dataset(
        MOVIELENS_1M,
        dataset.users,
        dataset.movies,
        replace(dataset.ratings, movie=movie),
        dataset.digest,
    )


def test_it_is_the_best_linear_estimate_written_out() -> None:
    dataset = small_dataset(n_users=300, n_movies=30, per_user=12)
    n_movies = len(dataset.movies)
    rated = np.zeros((300, n_movies))
    rated[dataset.ratings.user, dataset.ratings.movie] = 1
    counts = rated.sum(axis=0) + 0.1
    shares = counts / counts.sum()
    number = rated.sum(axis=1)
    strength, directions = between_people(rating_design(dataset), shares, 256)
    weight = number / number.sum() / (number * (number - 1))
    between = (rated * weight[:, None]).T @ rated
    np.fill_diagonal(between, 0)
    between -= np.outer(shares, shares)
    # only directions in which people differ, as the model keeps them
    root = np.sqrt(shares)
    value, vector = np.linalg.eigh(between / np.outer(root, root))
    kept = vector * np.maximum(value, 0)
    between = np.outer(root, root) * (kept @ vector.T)
    for seen in ([3], [3, 8, 20]):
        told = np.zeros(n_movies)
        told[seen] = 1
        k = len(seen)
        draws = np.diag(shares) + (k - 1) * between
        expected = between @ np.linalg.solve(draws, told)
        shrink = strength / (1 + (k - 1) * strength)
        moved = directions[seen] / root[seen, None]
        estimate = root * (directions @ (moved.sum(axis=0) * shrink))
        np.testing.assert_allclose(estimate, expected, atol=1e-6)


def test_a_person_left_out_of_the_fit_leaves_no_trace() -> None:
    dataset = small_dataset()
    inside = (0, 1, 2, 3)
    moved = dataset.ratings.movie.copy()
    outside = dataset.users.fold[dataset.ratings.user] == 4
    moved[outside] = (moved[outside] + 1) % (len(dataset.movies) - 1)
    other = with_movies(dataset, moved)
    one = model_of(dataset.of_user_folds(inside))
    two = model_of(other.of_user_folds(inside))
    for name, value in one.to_state().items():
        np.testing.assert_array_equal(value, two.to_state()[name])


def test_half_precision_moves_interest_by_less_than_a_hundredth() -> None:
    dataset = small_dataset(n_users=400, per_user=25)
    model = model_of(dataset)
    design = rating_design(dataset)
    shares = model.baseline / model.baseline.sum()
    strength, directions = between_people(design, shares, 256)
    answers = directions / np.sqrt(shares)[:, None]
    exact = InterestModel(
        baseline=model.baseline,
        effects=model.effects,
        directions=directions,
        strength=strength,
        people=people_of(design, answers, strength, InterestParams()),
    )
    interest = model.baseline
    for known in (1, 3, 10):
        films = np.arange(0, 2 * known, 2)
        half = model.posterior(interest, films, films + 1)
        np.testing.assert_allclose(
            half, exact.posterior(interest, films, films + 1), rtol=0.01
        )


def test_people_like_those_who_saw_the_films_say_what_else_they_see() -> None:
    """Two groups: one sees the even films, the other the odd ones."""
    dataset = small_dataset(n_users=400, n_movies=41, per_user=12)
    group = np.arange(400) % 2
    rng = np.random.default_rng(3)
    movie = np.concatenate(
        [
            2 * rng.choice(20, size=12, replace=False) + group[user]
            for user in range(400)
        ]
    )
    dataset = with_movies(dataset, movie)
    model = model_of(dataset)
    before = model.baseline
    shares = []
    for n_known in (0, 1, 3, 8):
        seen = 2 * np.arange(n_known)
        none = np.zeros(0, int)
        after = model.posterior(before, seen, none) if n_known else before
        rest = np.arange(2 * n_known, 40)
        shares.append(after[rest[::2]].sum() / after[rest].sum())
    assert shares[0] < 0.55
    assert shares[1] > 0.8
    assert min(shares[2:]) > shares[1]
    missed = model.posterior(before, none, np.arange(1, 9, 2))
    assert missed[10:40:2].sum() > 1.5 * missed[11:40:2].sum()
