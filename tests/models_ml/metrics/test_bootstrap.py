import numpy as np
import pytest

from models_ml.metrics.bootstrap import weighted_mean


def test_the_value_is_the_mean_per_rating_and_not_per_person() -> None:
    estimate = weighted_mean([1.0, 9.0], [1, 3])
    assert estimate.value == pytest.approx(2.5)


def test_a_difference_of_nothing_is_not_significant() -> None:
    rng = np.random.default_rng(3)
    estimate = weighted_mean(rng.normal(0, 1, 400), np.ones(400))
    assert estimate.low < 0 < estimate.high
    assert estimate.p_value > 0.05


def test_a_clear_difference_is_significant_and_has_its_effect_size() -> None:
    rng = np.random.default_rng(3)
    estimate = weighted_mean(rng.normal(-0.5, 1, 400), np.ones(400))
    assert estimate.high < 0
    assert estimate.p_value <= 0.001
    assert estimate.effect_size == pytest.approx(-0.5, abs=0.1)


def test_the_interval_covers_the_true_mean_about_19_times_in_20() -> None:
    rng = np.random.default_rng(11)
    covered = 0
    for trial in range(100):
        estimate = weighted_mean(rng.normal(1, 2, 60), np.ones(60), trial)
        covered += estimate.low <= 1 <= estimate.high
    assert 86 <= covered <= 99


def test_no_units_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        weighted_mean([], [])
