import numpy as np
from scipy.special import ndtr

from models_ml.person.normal import normal_cdf


def test_the_table_is_exact_to_twelve_digits() -> None:
    x = np.concatenate([np.linspace(-40, 40, 200_003), [0, 8.5, -8.5]])
    np.testing.assert_allclose(normal_cdf(x), ndtr(x), rtol=0, atol=1e-12)


def test_it_never_falls_below_0_or_above_1() -> None:
    x = np.linspace(-12, 12, 100_003)
    assert normal_cdf(x).min() >= 0
    assert normal_cdf(x).max() <= 1
