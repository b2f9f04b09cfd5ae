"""Fits what `uncertainty` answers from."""

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.similarity import FilmIndex
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
    """The variances' parts, from the components between the known films.

    `grams` (len(KERNEL_COMPONENTS), n, n); `noise` (n, K) of the
    observations; `h` (n,) as in `fields`.
    """
    plain = np.where(FROM_TITLE, 0, weights).astype(np.float32)
    covariance = np.tensordot(plain, grams, axes=1)
    inducing, _ = pivoted_cholesky(covariance, n_inducing, 1e-3)
    between = covariance[np.ix_(inducing, inducing)].astype(float)
    between[np.diag_indices(len(between))] += 1e-4
    whitener = np.linalg.inv(np.linalg.cholesky(between))
    features = covariance[:, inducing] @ whitener.T
    told = _information(noise, scale, h, film_variance, weights)
    posterior = np.empty((len(scale), len(inducing), len(inducing)))
    for k in range(len(scale)):
        precision = (features * told[:, k, None]).T @ features
        precision[np.diag_indices(len(precision))] += 1
        posterior[k] = np.linalg.inv(precision)
    return Uncertainty(
        weights, film_variance, scale, inducing, whitener, posterior
    )


def variances_without(
    uncertainty: Uncertainty,
    film_index: FilmIndex,
    grams: NDArray[np.float32],
    noise: FloatArray,
    h: FloatArray,
) -> FloatArray:
    """Variance of each known film's coordinates without its own ratings.

    (n, K); its siblings' ratings stay. One film leaves the posterior of the
    inducing films by the Sherman-Morrison formula.
    """
    weights = uncertainty.weights
    plain = np.where(FROM_TITLE, 0, weights)
    own = np.array(
        [film_index.own_components(film) for film in film_index.films]
    )
    features = (
        np.tensordot(
            plain.astype(np.float32), grams[:, :, uncertainty.inducing], axes=1
        )
        @ uncertainty.whitener.T
    )
    missed = np.maximum(own @ plain - (features**2).sum(axis=1), 0)
    apart = uncertainty.film_variance + own @ (weights - plain)
    for row, film in enumerate(film_index.films):
        if len(film_index.siblings(film)) > 1:
            apart[row] -= uncertainty.told_by_series(
                *film_index.series_components(film, without=row)
            )
    told = _information(
        noise, uncertainty.scale, h, uncertainty.film_variance, weights
    )
    known = np.stack(
        [
            ((features @ posterior) * features).sum(axis=1)
            for posterior in uncertainty.posterior
        ],
        axis=1,
    )
    known /= 1 - told * known
    result: FloatArray = uncertainty.scale * (
        known + (missed + apart)[:, None]
    )
    return result


def _information(
    noise: FloatArray,
    scale: FloatArray,
    h: FloatArray,
    film_variance: float,
    weights: FloatArray,
) -> FloatArray:
    """Of each film on the part of f that the inducing films carry, (n, K)."""
    squared = h[:, None] ** 2
    title = float(weights[FROM_TITLE].sum())
    return squared / (noise / scale + squared * (film_variance + title))
