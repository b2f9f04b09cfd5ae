"""Fits what `uncertainty` answers from."""

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.solve import pivoted_cholesky
from models_ml.film.uncertainty import FROM_TITLE, Uncertainty


def fit_uncertainty(
    grams: NDArray[np.float32],
    *,
    weights: FloatArray,
    film_variance: float,
    scale: FloatArray,
    noise: FloatArray,
    h: FloatArray,
    n_inducing: int,
) -> Uncertainty:
    """The variances' parts, from the respects between the known films.

    `grams` (len(RESPECTS), n, n); `noise` (n, K) of the observations; `h`
    (n,) as in `fields`.
    """
    plain = np.where(FROM_TITLE, 0, weights).astype(np.float32)
    covariance = np.tensordot(plain, grams, axes=1)
    inducing, _ = pivoted_cholesky(covariance, n_inducing, 1e-3)
    between = covariance[np.ix_(inducing, inducing)].astype(float)
    between[np.diag_indices(len(between))] += 1e-4
    whitener = np.linalg.inv(np.linalg.cholesky(between))
    features = covariance[:, inducing] @ whitener.T
    title = float(weights[FROM_TITLE].sum())
    posterior = np.empty((len(scale), len(inducing), len(inducing)))
    for k, variance in enumerate(scale):
        apart = noise[:, k] / variance + h**2 * (film_variance + title)
        precision = (features * (h**2 / apart)[:, None]).T @ features
        precision[np.diag_indices(len(precision))] += 1
        posterior[k] = np.linalg.inv(precision)
    return Uncertainty(
        weights, film_variance, scale, inducing, whitener, posterior
    )
