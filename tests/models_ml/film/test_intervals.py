import numpy as np
import pytest
import scipy.stats

from models_ml.film.intervals import LEVELS, beta_quantiles, share_interval
from models_ml.film.quantile_table import quantile_table

TABLE = quantile_table()


@pytest.mark.parametrize("mean", [0.003, 0.05, 0.3, 0.8])
@pytest.mark.parametrize("size", [5.0, 60.0, 1000.0])
def test_tabulated_quantiles_are_those_of_the_beta_distribution(
    mean: float, size: float
) -> None:
    variance = mean * (1 - mean) / (size + 1)
    quantiles = beta_quantiles(TABLE, np.array([mean]), np.array([variance]))
    exact = scipy.stats.beta.ppf(LEVELS, mean * size, (1 - mean) * size)
    assert np.allclose(quantiles[:, 0], exact, rtol=0.03, atol=3e-4)


@pytest.mark.parametrize("probability", [0.8, 0.95])
def test_an_interval_of_a_mixture_holds_as_often_as_it_says(
    probability: float,
) -> None:
    rng = np.random.default_rng(5)
    # Shares of few raters come in steps that no interval can part.
    raters = np.array([80.0, 200.0, 800.0])
    weights = np.array([0.3, 0.4, 0.3])
    knot = rng.choice(3, 40_000, p=weights)
    mean, size = 0.3, 50.0
    share = rng.beta(mean * size, (1 - mean) * size, len(knot))
    seen = rng.binomial(raters[knot].astype(int), share) / raters[knot]
    film = mean * (1 - mean) / (size + 1)
    chance = mean * (1 - mean) / raters
    low, high = share_interval(
        TABLE,
        np.full((3, 1), mean),
        (film + chance)[:, None],
        weights=weights,
        n_raters=raters,
        centre=np.array([mean]),
        probability=probability,
    )
    held = ((seen >= low[0]) & (seen <= high[0])).mean()
    assert abs(held - probability) < 0.02


def test_less_than_half_a_rater_is_none() -> None:
    low, _ = share_interval(
        TABLE,
        np.array([[0.02]]),
        np.array([[0.002]]),
        weights=np.ones(1),
        n_raters=np.array([10.0]),
        centre=np.array([0.02]),
        probability=0.8,
    )
    assert low[0] == 0


@pytest.mark.parametrize("mean", [1e-5, 0.004, 0.3, 0.97])
@pytest.mark.parametrize("n_knots", [1, 3])
def test_an_interval_holds_its_centre_however_skewed(
    mean: float, n_knots: int
) -> None:
    raters = np.array([4.0, 60.0, 900.0])[:n_knots]
    centre = 1.3 * mean if mean < 0.5 else mean
    low, high = share_interval(
        TABLE,
        np.full((n_knots, 1), mean),
        mean * (1 - mean) * (0.02 + 1 / raters[:, None]),
        weights=np.full(n_knots, 1 / n_knots),
        n_raters=raters,
        centre=np.array([centre]),
        probability=0.8,
    )
    assert low[0] <= centre <= high[0]
    assert low[0] < high[0]
