"""The credibility estimate, against its derivation on made-up people."""

from dataclasses import replace

import numpy as np

from models_ml.person.design import rating_design
from models_ml.person.encoding import fit_encoder
from models_ml.person.film_features import fit_co_rating
from models_ml.person.fit_interest import (
    InterestParams,
    fit_interest,
    usual_interest,
)
from models_ml.person.interest import InterestModel
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset


def model_of(dataset: Dataset) -> InterestModel:
    design = rating_design(dataset)
    columns = fit_encoder(
        design.codes, np.ones(len(design.codes), int)
    ).encode(design.codes)
    co_rating = fit_co_rating(design, usual_interest(design), 8)
    return fit_interest(design, columns, co_rating, InterestParams())


def test_it_is_the_best_linear_estimate_written_out() -> None:
    dataset = small_dataset(n_users=300, n_movies=30, per_user=12)
    model = model_of(dataset)
    n_movies = len(dataset.movies)
    rated = np.zeros((300, n_movies))
    rated[dataset.ratings.user, dataset.ratings.movie] = 1
    counts = rated.sum(axis=0) + 0.1
    shares = counts / counts.sum()
    number = rated.sum(axis=1)
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
        shrink = model.strength / (1 + (k - 1) * model.strength)
        pull = model.answers[seen].sum(axis=0) * shrink
        np.testing.assert_allclose(model.loadings @ pull, expected, atol=1e-6)


def test_a_person_left_out_of_the_fit_leaves_no_trace() -> None:
    dataset = small_dataset()
    inside = (0, 1, 2, 3)
    moved = dataset.ratings.movie.copy()
    outside = dataset.users.fold[dataset.ratings.user] == 4
    moved[outside] = (moved[outside] + 1) % (len(dataset.movies) - 1)
    other = replace(dataset, ratings=replace(dataset.ratings, movie=moved))
    one = model_of(dataset.of_user_folds(inside))
    two = model_of(other.of_user_folds(inside))
    np.testing.assert_array_equal(one.loadings, two.loadings)
    np.testing.assert_array_equal(one.effects, two.effects)
