import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from models_ml.arrays import IntArray
from models_ml.metrics import rating_metrics as metrics

SHARES = np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1]])


def test_log_loss_is_minus_the_log_of_what_happened() -> None:
    loss = metrics.log_loss(SHARES, np.array([3, 0]))
    np.testing.assert_allclose(loss, [-math.log(0.4), -math.log(0.7)])
    impossible = metrics.log_loss(np.array([[1.0, 0.0]]), np.array([1]))
    assert impossible[0] == pytest.approx(-math.log(1e-12))


def test_ranked_probability_score_by_hand() -> None:
    score = metrics.ranked_probability_score(SHARES, np.array([1, 3]))
    # cumulative .1 .3 .6 against 0 1 1, and .7 .8 .9 against 0 0 0
    np.testing.assert_allclose(score, [0.01 + 0.49 + 0.16, 0.49 + 0.64 + 0.81])


def test_calibration_error_by_hand() -> None:
    probability = np.array([0.9, 0.2, 0.1, 0.8])
    happened = np.array([True, False, False, False])
    # bins (.1, .2): .15 against 0; (.8, .9): .85 against .5
    error = metrics.expected_calibration_error(probability, happened, 2)
    assert error == pytest.approx((0.15 + 0.35) / 2)


def test_calibration_without_rows_is_nan() -> None:
    none = np.zeros(0)
    error = metrics.expected_calibration_error(none, none.astype(bool))
    assert math.isnan(error)


def test_star_errors_by_hand() -> None:
    predicted, actual = np.array([3.0, 5.0]), np.array([4, 2])
    squared = metrics.root_mean_squared_error(predicted, actual)
    assert squared == pytest.approx(math.sqrt(5))
    assert metrics.mean_absolute_error(predicted, actual) == 2


def test_kappa_and_f1_by_hand() -> None:
    actual, predicted = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])
    # squared distance 1, where (2, 1, 1) and (1, 2, 1) by chance have 20 / 4
    kappa = metrics.quadratic_kappa(predicted, actual, 4)
    assert kappa == pytest.approx(1 - 1 / 5)
    # 2/3 and 2/3 and 1, and 0 for the class that nobody met
    f1 = metrics.macro_f1(predicted, actual, 4)
    assert f1 == pytest.approx((2 / 3 + 2 / 3 + 1 + 0) / 4)


@pytest.mark.parametrize(
    "measure",
    [
        metrics.root_mean_squared_error,
        metrics.mean_absolute_error,
        partial(metrics.quadratic_kappa, n_classes=4),
        partial(metrics.macro_f1, n_classes=4),
    ],
)
@pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_without_rows_a_measure_is_nan(
    measure: Callable[[IntArray, IntArray], float],
) -> None:
    none = np.zeros(0, dtype=int)
    assert math.isnan(measure(none, none))


def test_kappa_of_a_constant_is_0_and_of_nothing_to_tell_nan() -> None:
    constant = np.full(4, 2)
    actual = np.array([0, 1, 2, 3])
    assert metrics.quadratic_kappa(constant, actual, 4) == 0
    assert math.isnan(metrics.quadratic_kappa(constant, constant, 4))


def test_ndcg_of_rated_agrees_with_scikit_learn_per_person() -> None:
    rng = np.random.default_rng(1)
    user = rng.permutation(np.repeat([0, 2, 3], [5, 30, 12]))
    scores = rng.normal(size=47)
    stars = rng.integers(1, 6, size=47).astype(np.float64)
    got = metrics.ndcg_of_rated(user, scores, stars, 4)
    assert math.isnan(got[1])
    for person in (0, 2, 3):
        mine = user == person
        expected = ndcg_score([2.0 ** stars[mine] - 1], [scores[mine]], k=10)
        assert got[person] == pytest.approx(expected)


def test_ndcg_of_catalogue_by_hand() -> None:
    scores = np.array([0.1, 0.9, 0.5, -np.inf, 0.2])
    # order 1 2 4 0; films 2 and 3 are relevant, the latter left out
    got = metrics.ndcg_of_catalogue(scores, np.array([2, 3]), k=3)
    best = 1 + 1 / math.log2(3)
    assert got == pytest.approx((1 / math.log2(3)) / best)
    assert math.isnan(metrics.ndcg_of_catalogue(scores, np.zeros(0, int)))
