"""Interviews of generated people, whose taste no profile tells."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models_ml.evaluation.questions import (
    Interview,
    ask_at_random,
    ask_from_a_list,
    ask_the_best_known,
    ask_what_is_worth_most,
    evaluate_questions,
)
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset

FIT, JUDGED = (0, 1, 2, 3), (4,)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    made = small_dataset(n_users=500, seed=2)
    rng = np.random.default_rng(3)
    users = replace(made.users, gender=rng.permutation(made.users.gender))
    return replace(made, users=users)


@pytest.fixture(scope="module")
def predictor(dataset: Dataset) -> PersonPredictor:
    return fit_person_predictor(dataset.of_user_folds(FIT), {"rank": 4})


def test_answers_of_people_never_seen_better_their_lists(
    dataset: Dataset, predictor: PersonPredictor
) -> None:
    measures = evaluate_questions(
        predictor, dataset, JUDGED, ask_what_is_worth_most, ns=(3, 8)
    )
    gain = {n: v["answered"] - v["profile"] for n, v in measures.items()}
    mean = {n: float(np.nanmean(value)) for n, value in gain.items()}
    error = np.nanstd(gain[8]) / np.sqrt(len(gain[8]))
    assert len(gain[8]) == 100
    assert mean[8] > 3 * error
    assert mean[8] > mean[3] > 0


def test_every_policy_asks_each_film_once(
    dataset: Dataset, predictor: PersonPredictor
) -> None:
    n = 6
    for policy in (
        ask_what_is_worth_most,
        ask_the_best_known,
        ask_at_random,
        ask_from_a_list(predictor, n),
    ):
        seen: list[Interview] = []

        def watched(
            interview: Interview,
            policy: Callable[[Interview], int] = policy,
            seen: list[Interview] = seen,
        ) -> int:
            seen.append(interview)
            return policy(interview)

        evaluate_questions(predictor, dataset, JUDGED, watched, ns=(n,))
        last = [i.asked for i in seen if len(i.asked) == n - 1]
        assert len(last) == 100
        assert all(len(np.unique(films)) == n - 1 for films in last)


def test_the_lists_are_judged_without_the_films_asked_about(
    dataset: Dataset, predictor: PersonPredictor
) -> None:
    """Asked about every film that they liked, there is none to be had."""
    liked = dataset.ratings.stars >= 4
    person = int(np.flatnonzero(dataset.users.fold == 4)[0])
    films = dataset.ratings.movie[liked & (dataset.ratings.user == person)]
    films = films.astype(np.int64)

    def ask_what_they_like(interview: Interview) -> int:
        return int(films[len(interview.asked)])

    measures = evaluate_questions(
        predictor, dataset, JUDGED, ask_what_they_like, ns=(len(films),)
    )[len(films)]
    assert np.isnan(measures["answered"][0])
    assert np.isnan(measures["profile"][0])
    assert measures["seen"][0] == 1
    assert np.isfinite(measures["answered"]).sum() > 90
