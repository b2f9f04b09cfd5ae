import numpy as np
import pytest

from models_ml.evaluation.person import (
    PersonResult,
    evaluate_few_ratings,
    evaluate_new_person,
    fairness_table,
    shuffled_codes,
)
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from models_ml.scale import RatingScale
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset

TEST = (4,)
TRAIN = (0, 1, 2, 3)


@pytest.fixture(scope="module")
def many() -> Dataset:
    return small_dataset(n_users=400, seed=7)


@pytest.fixture(scope="module")
def trained(many: Dataset) -> PersonPredictor:
    return fit_person_predictor(many.of_user_folds(TRAIN), {"rank": 4})


def test_metrics_are_means_of_what_each_person_adds(many: Dataset) -> None:
    fitted = PERSON_CANDIDATES["film_mean"].fit(many.of_user_folds(TRAIN))
    result = evaluate_new_person(fitted, many, TEST)
    metrics, people = result.metrics(), result.per_user()
    n_ratings = people["n_ratings"].sum()
    assert n_ratings == len(many.of_user_folds(TEST).ratings)
    assert len(people["user"]) == 80
    log_loss = people["log_loss"].sum() / n_ratings
    assert metrics["log_loss"] == pytest.approx(log_loss)
    squared = people["squared_error"].sum() / n_ratings
    assert metrics["rmse"] == pytest.approx(np.sqrt(squared))
    assert metrics["ndcg_rated"] == pytest.approx(people["ndcg_rated"].mean())


def test_a_perfect_prediction_has_no_error() -> None:
    stars = np.array([1, 2, 4, 5, 5])
    result = PersonResult(
        user=np.array([0, 0, 0, 1, 1]),
        stars=stars,
        probabilities=np.eye(4)[[0, 1, 2, 3, 3]],
        expected_stars=stars.astype(float),
        scale=RatingScale((1, 2, 3, 4, 5)),
    )
    metrics = result.metrics()
    for name in ("log_loss", "rmse", "mae", "ece_liked"):
        assert metrics[name] == pytest.approx(0, abs=1e-9)
    for name in ("quadratic_kappa", "macro_f1", "ndcg_rated"):
        assert metrics[name] == pytest.approx(1)


def test_more_ratings_help_on_the_same_rows(
    many: Dataset, trained: PersonPredictor
) -> None:
    results = evaluate_few_ratings(trained, many, TEST, ks=(0, 3, 10))
    assert list(results) == [0, 3, 10]
    for result in results.values():
        np.testing.assert_array_equal(result.stars, results[0].stars)
    errors = [result.metrics()["rmse"] for result in results.values()]
    assert errors[2] < errors[1] < errors[0] - 0.02


def test_shuffled_profiles_lose_the_gain(
    many: Dataset, trained: PersonPredictor
) -> None:
    class Answering:
        def predict(self, codes, movie_index):  # type: ignore[no-untyped-def]
            scores = trained.score_pairs(codes, movie_index)
            return scores.probabilities, scores.expected_stars

    true = evaluate_new_person(Answering(), many, TEST).metrics()
    placebo = shuffled_codes(many, TEST, seed=0)
    false = evaluate_new_person(Answering(), many, TEST, placebo).metrics()
    assert false["rmse"] > true["rmse"] + 0.1


def test_shuffling_keeps_the_people_of_other_folds(many: Dataset) -> None:
    codes = shuffled_codes(many, TEST, seed=0)
    inside = many.users.fold == 4
    before = many.users.codes()
    np.testing.assert_array_equal(codes[~inside], before[~inside])
    assert sorted(map(tuple, codes[inside])) == sorted(
        map(tuple, before[inside])
    )
    assert (codes[inside] != before[inside]).any()


def test_the_fairness_table_counts_everyone_once_per_dimension(
    many: Dataset,
) -> None:
    fitted = PERSON_CANDIDATES["class_prior"].fit(many.of_user_folds(TRAIN))
    result = evaluate_new_person(fitted, many, TEST)
    rows = fairness_table(result, many)
    for dimension in ("gender", "age_group", "occupation", "region"):
        counts = [
            int(row["n_users"])
            for row in rows
            if row["dimension"] == dimension
        ]
        assert sum(counts) == 80
