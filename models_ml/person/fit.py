"""Fitting the person predictor that is released."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models_ml.dataset import Dataset
from models_ml.person.predictor import PersonPredictor
from models_ml.vocabulary import AGE_GROUPS, GENDERS


def fit_person_predictor(
    dataset: Dataset, params: Mapping[str, Any] | None = None
) -> PersonPredictor:
    """The predictor fitted on the ratings of `dataset`."""
    del params
    n_movies = len(dataset.movies)
    ratings = dataset.ratings
    counts = np.zeros((n_movies, 5))
    np.add.at(counts, (ratings.movie, ratings.stars - 1), 1.0)
    prior = (counts.sum(axis=0) + 1) / (counts.sum() + 5)
    shares = (counts + 10 * prior) / (counts.sum(axis=1) + 10)[:, None]

    users = dataset.users
    raters = np.unique(ratings.user)
    n_levels = (len(GENDERS) + 1, len(AGE_GROUPS) + 1)
    people = np.zeros(n_levels)
    seen = np.zeros((*n_levels, n_movies))
    for gender_known in (True, False):
        for age_known in (True, False):
            gender = (
                users.gender if gender_known else -np.ones_like(users.gender)
            )
            age = (
                users.age_group
                if age_known
                else -np.ones_like(users.age_group)
            )
            np.add.at(people, (gender[raters], age[raters]), 1.0)
            np.add.at(
                seen,
                (gender[ratings.user], age[ratings.user], ratings.movie),
                1.0,
            )
    usual = (seen[-1, -1] + 0.1) / (people[-1, -1] + 1)
    interest = (seen + 50 * usual) / (people + 50)[..., None]
    return PersonPredictor(dataset.movies.movie_id, shares, interest)
