"""Low-rank coordinates in which films' audiences differ.

The shares of the cells in a film's audience are

    share(cell | film) ∝ population(cell) · exp(loadings(cell) · z(film)),

with loadings additive over the blocks of levels. They are scaled such that at
the population's shares a rating holds one unit of Fisher information on each
coordinate, so the noise of an estimated z is about 1 ÷ raters, the excess
log-loss per rating of an estimate is about half its squared error, and the
coordinates are ordered by how much films differ along them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.cells import Cells

_CHUNK = 500
_NEWTON_STEPS = 4
_EM_STEPS = 40


@dataclass(frozen=True)
class Coordinates:
    """What a family of films' distributions is written in."""

    loadings: FloatArray
    """Shape (n_levels, K); `spread` gives those of cells."""
    variances: FloatArray
    """Variance of each coordinate among films, shape (K,)."""
    residual: float
    """Mean variance along the directions left out."""


@dataclass(frozen=True)
class Observations:
    """What each film's ratings say of its coordinates, as if Gaussian."""

    values: FloatArray
    """Shape (n_films, K)."""
    noise: FloatArray
    """Variance of `values` around the truth, shape (n_films, K)."""


def whiten(information: FloatArray) -> FloatArray:
    """Columns W with Wᵀ · information · W = identity, (n_levels, rank)."""
    values, vectors = np.linalg.eigh(information)
    keep = values > values.max() * 1e-9
    result: FloatArray = vectors[:, keep] / np.sqrt(values[keep])
    return result


def find_coordinates(
    scores: FloatArray, weights: FloatArray, basis: FloatArray, rank: int
) -> Coordinates:
    """The directions along which films differ beyond their sampling noise.

    `scores` (n_films, n_levels) are sums over ratings, `weights` (n_films,)
    the information of each film in every direction of `basis` (n_levels, d),
    which is whitened. EM for the covariance of a Gaussian factor with noise
    1 ÷ weight, then its leading eigenvectors.
    """
    seen = weights > 0
    observed = scores[seen] @ basis / weights[seen, None]
    noise = 1 / weights[seen]
    covariance = 0.05 * np.eye(basis.shape[1])
    for _ in range(_EM_STEPS):
        values, vectors = np.linalg.eigh(covariance)
        values = np.maximum(values, 1e-12)
        gain = values / (values + noise[:, None])
        means = (observed @ vectors) * gain
        left = np.diag((values * (1 - gain)).mean(axis=0))
        covariance = (
            vectors @ (means.T @ means / len(means) + left) @ vectors.T
        )
    values, vectors = np.linalg.eigh(covariance)
    order = np.argsort(-values)[:rank]
    # The sign of an eigenvector is arbitrary: fix it, for repeatable runs.
    loadings = basis @ vectors[:, order]
    largest = np.abs(loadings).argmax(axis=0)
    signs = np.sign(loadings[largest, np.arange(loadings.shape[1])])
    left_out = np.sort(values)[: len(values) - rank]
    return Coordinates(
        loadings * signs,
        np.maximum(values[order], 1e-9),
        float(left_out.mean()) if len(left_out) else 0.0,
    )


def shares(
    coordinates: NDArray[Any],
    log_population: NDArray[Any],
    loadings: NDArray[Any],
) -> NDArray[Any]:
    """Shares of cells, (n, n_cells), for `coordinates` (n, K)."""
    logits = coordinates @ loadings.T
    logits += log_population
    logits -= logits.max(axis=1, keepdims=True)
    odds = np.exp(logits, out=logits)
    result: NDArray[Any] = odds / odds.sum(axis=1, keepdims=True)
    return result


def observe(
    totals: FloatArray,
    n_raters: FloatArray,
    log_population: FloatArray,
    loadings: FloatArray,
    variances: FloatArray,
) -> Observations:
    """Each film's coordinates from what its ratings add up to.

    `totals` (n_films, K) are sums over ratings of the rating's loadings,
    `n_raters` (n_films,) are at least 1, `loadings` (n_cells, K). The mode
    under the Gaussian prior is found by Newton's method; the observation is
    the point whose Gaussian likelihood has there the same slope and curvature
    (Laplace's approximation).
    """
    parts = [
        _observe_chunk(
            totals[start : start + _CHUNK],
            n_raters[start : start + _CHUNK, None],
            log_population.astype(np.float32),
            loadings.astype(np.float32),
            variances,
        )
        for start in range(0, len(totals), _CHUNK)
    ]
    return Observations(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.noise for part in parts]),
    )


def _observe_chunk(
    totals: FloatArray,
    n_raters: FloatArray,
    log_population: NDArray[np.float32],
    loadings: NDArray[np.float32],
    variances: FloatArray,
) -> Observations:
    rank = loadings.shape[1]
    first, second = np.triu_indices(rank)
    products = loadings[:, first] * loadings[:, second]
    # Wider than the films' variances: the prior only keeps films with few
    # raters from running away, shrinking them is the regression's work.
    precision = np.diag(0.5 / variances)
    baseline = np.exp(log_population) @ loadings
    z = (totals - n_raters * baseline) / (n_raters + 1 / variances)
    information = np.empty((len(totals), rank, rank))
    for _ in range(_NEWTON_STEPS):
        cells = shares(z.astype(np.float32), log_population, loadings)
        means = cells @ loadings
        information[:, first, second] = cells @ products
        information[:, second, first] = information[:, first, second]
        information -= means[:, :, None] * means[:, None, :]
        information *= n_raters[:, :, None]
        slope = totals - n_raters * means - z @ precision
        step = np.linalg.solve(information + precision, slope[..., None])
        length = np.sqrt((step**2).sum(axis=(1, 2), keepdims=True))
        z = z + (step / np.maximum(length, 1))[..., 0]
    # A little more information keeps nearly empty directions finite.
    covariance = np.linalg.inv(information + 0.01 * precision)
    values = z + (covariance @ (z @ precision)[..., None])[..., 0]
    return Observations(values, np.einsum("nkk->nk", covariance))


def population_basis(cells: Cells, population: FloatArray) -> FloatArray:
    """Whitened directions over levels at the population's shares.

    People of a single cell differ in none: then one of no length stands in.
    """
    means = cells.gather(population)
    design = cells.spread(np.eye(len(means)))
    information = design.T @ (design * population[:, None])
    basis = whiten(information - np.outer(means, means))
    return basis if basis.size else np.zeros((len(means), 1))
