"""Fits who will like it."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.cells import BLOCKS, N_LEVELS, gather, spread
from models_ml.film.counts import Counts
from models_ml.film.fields import Field, fit_field
from models_ml.film.fit_reach import N_INDUCING, population_of
from models_ml.film.fit_uncertainty import fit_uncertainty
from models_ml.film.loadings import (
    Observations,
    find_coordinates,
    observe,
    population_basis,
    whiten,
)
from models_ml.film.params import respect_weights
from models_ml.film.popularity import Popularity
from models_ml.film.preference import PreferenceModel
from models_ml.film.uncertainty import Uncertainty

#: Ratings by which a film's own class shares are drawn to everyone's.
FILM_PSEUDO_RATINGS = 5.0
#: The same for the generosity of a level.
LEVEL_PSEUDO_RATINGS = 200.0
_ROUNDS = 8


def fit_opinion(
    counts: Counts,
    grams: NDArray[np.float32],
    popularity: Popularity,
    params: Mapping[str, float],
) -> PreferenceModel:
    """The opinion model; `grams` (len(RESPECTS), n, n) between the films."""
    by_film = counts.by_class()
    # Half a rating each, so that no class is impossible.
    classes = by_film.sum(axis=0) + 0.5
    classes /= classes.sum()
    shares = by_film + FILM_PSEUDO_RATINGS * classes
    shares /= shares.sum(axis=1, keepdims=True)
    generosity = np.exp(spread(fit_generosity(counts, shares, classes)))

    quality, quality_field, quality_uncertainty = _fit_quality(
        by_film, classes, grams, popularity, params
    )
    tilt_loadings, tilt_field, tilt_uncertainty, rest = _fit_tilt(
        counts, tilt_scores(counts, shares, generosity), grams, params
    )
    return PreferenceModel(
        classes=classes,
        quality_loadings=quality,
        quality_weights=quality_field.weights,
        quality_means=quality_field.means,
        quality_uncertainty=quality_uncertainty,
        generosity=generosity,
        tilt_loadings=tilt_loadings,
        tilt_weights=tilt_field.weights,
        tilt_uncertainty=tilt_uncertainty,
        tilt_rest=rest,
    )


def _fit_quality(
    by_film: FloatArray,
    classes: FloatArray,
    grams: NDArray[np.float32],
    popularity: Popularity,
    params: Mapping[str, float],
) -> tuple[FloatArray, Field, Uncertainty]:
    """Loadings of the classes (4, 3), and the field with its variance."""
    n_raters = by_film.sum(axis=1)
    basis = whiten(np.diag(classes) - np.outer(classes, classes))
    found = find_coordinates(
        by_film - n_raters[:, None] * classes, n_raters, basis, basis.shape[1]
    )
    observed = observe(
        by_film @ found.loadings,
        n_raters,
        np.log(classes),
        found.loadings,
        found.variances,
    )
    weights = respect_weights(params, "quality")
    one = np.ones(len(n_raters))
    field = fit_field(
        np.tensordot(weights.astype(np.float32), grams, axes=1),
        observed,
        film_variance=params["quality.film"],
        mean_variance=params["quality.popularity"],
        variances=found.variances,
        h=one,
        log_raters=np.log(n_raters),
        log_knots=popularity.log_knots,
    )
    uncertainty = fit_uncertainty(
        grams,
        weights=weights,
        film_variance=params["quality.film"],
        scale=found.variances,
        noise=observed.noise,
        h=one,
        n_inducing=N_INDUCING,
    )
    return found.loadings, field, uncertainty


def _fit_tilt(
    counts: Counts,
    told: tuple[FloatArray, FloatArray],
    grams: NDArray[np.float32],
    params: Mapping[str, float],
) -> tuple[FloatArray, Field, Uncertainty, float]:
    """Loadings of the cells (N_CELLS, K), the field, its variance, the rest.

    `told` is what `tilt_scores` gives.
    """
    scores, information = told
    found = find_coordinates(
        scores,
        information,
        population_basis(population_of(counts)),
        int(params["tilt.rank"]),
    )
    each = information[:, None]
    observed = Observations(
        scores @ found.loadings / each,
        np.repeat(1 / each, len(found.variances), axis=1),
    )
    weights = respect_weights(params, "tilt")
    one = np.ones(len(information))
    field = fit_field(
        np.tensordot(weights.astype(np.float32), grams, axes=1),
        observed,
        film_variance=params["tilt.film"],
        mean_variance=0.0,
        variances=found.variances,
        h=one,
        log_raters=np.zeros(len(information)),
        log_knots=np.zeros(1),
    )
    uncertainty = fit_uncertainty(
        grams,
        weights=weights,
        film_variance=params["tilt.film"],
        scale=found.variances,
        noise=observed.noise,
        h=one,
        n_inducing=N_INDUCING,
    )
    return spread(found.loadings), field, uncertainty, found.rest


def fit_generosity(
    counts: Counts, shares: FloatArray, classes: FloatArray
) -> FloatArray:
    """Log factors of each class by level, (N_LEVELS, 4).

    Found by iterative proportional fitting: such that each level's ratings,
    predicted from the `shares` (n, 4) of the films it rated times the factors
    of its cells, fall into the classes as they did, with
    LEVEL_PSEUDO_RATINGS more in everyone's `classes`.
    """
    predicted = np.zeros_like(counts.by_cell())
    np.add.at(
        predicted, counts.cell, counts.n_ratings[:, None] * shares[counts.film]
    )
    totals = predicted.sum(axis=1, keepdims=True)
    actual = gather(counts.by_cell().T).T
    prior = LEVEL_PSEUDO_RATINGS * classes
    factors = np.zeros((N_LEVELS, len(classes)))
    edges = np.cumsum((0, *BLOCKS))
    for _ in range(_ROUNDS):
        for first, last in pairwise(edges):
            now = predicted * np.exp(spread(factors))
            now *= totals / np.maximum(now.sum(axis=1, keepdims=True), 1e-300)
            of_level = gather(now.T).T[first:last]
            factors[first:last] += np.log(
                (actual[first:last] + prior) / (of_level + prior)
            )
    return factors


def tilt_scores(
    counts: Counts, shares: FloatArray, generosity: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What each film's ratings say of its tilt.

    Likes beyond those expected from the film's own `shares` and the cells'
    `generosity`, by film and level (n, N_LEVELS), less the film's mean; and
    the information in them, (n,): ratings · p · (1 − p).
    """
    expected = shares[counts.film] * generosity[counts.cell]
    like = expected[:, 2:].sum(axis=1) / expected.sum(axis=1)
    beyond = counts.by_level(
        counts.of_class[:, 2:].sum(axis=1) - counts.n_ratings * like
    )
    levels = counts.by_level(counts.n_ratings)
    n_raters = levels[:, : BLOCKS[0]].sum(axis=1)
    mean = beyond[:, : BLOCKS[0]].sum(axis=1) / n_raters
    like_film = shares[:, 2:].sum(axis=1)
    return (
        beyond - mean[:, None] * levels,
        n_raters * like_film * (1 - like_film),
    )
