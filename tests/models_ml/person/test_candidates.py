from dataclasses import replace

import numpy as np
import pytest

from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.person.protocol import FittedPersonModel
from models_ml.person.segments import (
    segment_counts,
    shrunk_shares,
    training_rows,
)
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.vocabulary import SOMEWHERE_IN_THE_US
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset, Ratings
from tests.models_ml.person.people import small_dataset, with_stars

QUICK = {
    "lightgbm": {"rounds": 10, "min_data_in_leaf": 20},
    "factorisation": {"rank": 3, "iterations": 5},
}
PAIRS = np.array(
    [[0, 2, 4, 1], [1, 2, 4, 1], [-1, -1, -1, -1], [1, -1, 3, -2]]
)


@pytest.fixture(scope="module", params=sorted(PERSON_CANDIDATES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def fitted(name: str, dataset: Dataset) -> FittedPersonModel:
    return PERSON_CANDIDATES[name].fit(dataset, QUICK.get(name))


def test_probabilities_sum_to_1_for_every_film(
    fitted: FittedPersonModel, dataset: Dataset
) -> None:
    n_movies = len(dataset.movies)
    codes = np.repeat(PAIRS, n_movies, axis=0)
    film = np.tile(np.arange(n_movies), len(PAIRS))
    shares, stars = fitted.predict(codes, film)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert shares.min() >= 0
    assert stars.shape == (len(film),)
    assert ((stars >= 1) & (stars <= 5)).all()


def test_a_second_fit_is_the_same(
    name: str, fitted: FittedPersonModel, dataset: Dataset
) -> None:
    again = PERSON_CANDIDATES[name].fit(dataset, QUICK.get(name))
    film = np.array([0, 1, 2, 59])
    for one, other in zip(
        again.predict(PAIRS, film), fitted.predict(PAIRS, film), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_every_setting_that_is_searched_has_a_default(name: str) -> None:
    candidate = PERSON_CANDIDATES[name]
    drawn = candidate.sample(np.random.default_rng(0))
    assert set(drawn) <= set(candidate.defaults)
    with pytest.raises(ValueError, match="no such setting: x"):
        candidate.fit(small_dataset(5, 4, 3), {"x": 1})


def test_candidates_with_a_profile_beat_the_film_mean() -> None:
    dataset = small_dataset(n_users=400, seed=4)
    train = dataset.of_user_folds((0, 1, 2, 3))
    test = dataset.of_user_folds((4,)).ratings
    codes = dataset.users.codes()[test.user]

    def error(name: str) -> float:
        model = PERSON_CANDIDATES[name].fit(train, QUICK.get(name))
        _, stars = model.predict(codes, test.movie)
        distance = stars - test.stars
        return float(np.sqrt(np.mean(distance**2)))

    film_mean = error("film_mean")
    assert film_mean < error("class_prior")
    for name in ("segments", "multinomial_logit", "factorisation"):
        assert error(name) < film_mean - 0.015


def four_rows() -> Dataset:
    """Two women give film 0 one and five stars, two men three and four."""
    dataset = small_dataset(4, 2, 1)
    users = replace(
        dataset.users,
        gender=np.array([0, 0, 1, 1]),
        fold=np.array([0, 1, 0, 1]),
    )
    ratings = Ratings(
        np.arange(4), np.zeros(4, int), np.array([1, 5, 3, 4]), np.arange(4)
    )
    return count_dataset(
        MOVIELENS_1M, users, dataset.movies, ratings, dataset.digest
    )


def test_film_mean_by_hand() -> None:
    fitted = PERSON_CANDIDATES["film_mean"].fit(
        four_rows(), {"film_ratings": 4.0}
    )
    shares, stars = fitted.predict(np.zeros((1, 4), int), np.array([0]))
    # classes 1 0 2 1; prior (2, 1, 3, 2) / 8; prior strength 4 ratings
    np.testing.assert_allclose(
        shares[0],
        [(1 + 1) / 8, 0.5 / 8, (2 + 1.5) / 8, (1 + 1) / 8],
    )
    assert stars[0] == 3.25


def test_segment_counts_by_hand() -> None:
    counts = segment_counts(four_rows())
    np.testing.assert_array_equal(counts.everyone, [[1, 0, 2, 1], [0] * 4])
    np.testing.assert_array_equal(counts.levels[0][0, 0], [1, 0, 0, 1])
    np.testing.assert_array_equal(counts.levels[0][1, 0], [0, 0, 2, 0])
    np.testing.assert_array_equal(counts.stars[0], [1, 0, 7, 5])


def test_counts_of_folds_add_up_to_the_total(dataset: Dataset) -> None:
    total = segment_counts(dataset)
    rest = total
    for fold in range(5):
        rest = rest - segment_counts(dataset.of_user_folds((fold,)))
    assert abs(rest.everyone).max() == 0
    assert max(abs(level).max() for level in rest.levels) == 0


def test_an_unrated_film_has_everyones_shares(dataset: Dataset) -> None:
    shares = shrunk_shares(segment_counts(dataset), 10, 100)
    counts = segment_counts(dataset).everyone.sum(axis=0) + 1
    np.testing.assert_allclose(
        np.exp(shares.log_shares[-1]), counts / counts.sum()
    )


def features_of(dataset: Dataset, user: int) -> dict[tuple[int, ...], object]:
    """Training features of one person's rows, whatever was rated how."""
    rows = training_rows(dataset, 10, 100)
    mine = (rows.codes == dataset.users.codes()[user]).all(axis=1)
    return {
        (int(film),): (shares.tobytes(), ratios.tobytes())
        for film, shares, ratios in zip(
            rows.movie[mine],
            rows.log_shares[mine],
            rows.log_ratios[mine],
            strict=True,
        )
    }


def test_features_of_a_row_do_not_move_with_that_persons_ratings(
    dataset: Dataset,
) -> None:
    user = 17
    own = np.flatnonzero(dataset.ratings.user == user)
    turned = with_stars(dataset, own, 6 - dataset.ratings.stars[own])
    before, after = features_of(dataset, user), features_of(turned, user)
    assert len(before) == len(own)
    assert after == before


def test_features_do_move_with_ratings_of_other_folds(
    dataset: Dataset,
) -> None:
    other_fold = dataset.users.fold[dataset.ratings.user] == 3
    turned = with_stars(
        dataset, other_fold, 6 - dataset.ratings.stars[other_fold]
    )
    assert features_of(turned, 17) != features_of(dataset, 17)


def test_a_region_somewhere_in_the_us_is_none_to_the_logit() -> None:
    fitted = PERSON_CANDIDATES["multinomial_logit"].fit(
        small_dataset(n_users=60, seed=4)
    )
    films = np.arange(5)
    codes = np.tile([1, 3, 4, -1], (5, 1))
    not_given, _ = fitted.predict(codes, films)
    codes[:, 3] = SOMEWHERE_IN_THE_US
    np.testing.assert_array_equal(fitted.predict(codes, films)[0], not_given)
