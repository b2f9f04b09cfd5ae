"""Fits who turns up."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.cells import BLOCKS, gather, spread
from models_ml.film.counts import Counts
from models_ml.film.fields import Shrinkage, fit_field
from models_ml.film.fit_uncertainty import fit_uncertainty
from models_ml.film.loadings import (
    find_coordinates,
    observe,
    population_basis,
)
from models_ml.film.params import respect_weights
from models_ml.film.popularity import Popularity
from models_ml.film.reach import ReachModel

#: Ratings added to every cell, so that none is impossible.
PSEUDO_RATINGS = 0.1
N_INDUCING = 120


def population_of(counts: Counts) -> FloatArray:
    """Share of each cell in the ratings of all films, (N_CELLS,)."""
    total = counts.by_cell().sum(axis=1) + PSEUDO_RATINGS
    return total / total.sum()


def fit_reach(
    counts: Counts,
    grams: NDArray[np.float32],
    popularity: Popularity,
    params: Mapping[str, float],
) -> ReachModel:
    """The reach model; `grams` (len(RESPECTS), n, n) between the films."""
    population = population_of(counts)
    levels = counts.by_level(counts.n_ratings)
    n_raters = levels[:, : BLOCKS[0]].sum(axis=1)
    basis = population_basis(population)
    rank = int(params["reach.rank"])
    found = find_coordinates(
        levels - n_raters[:, None] * gather(population), n_raters, basis, rank
    )
    loadings = spread(found.loadings)
    observed = observe(
        levels @ found.loadings,
        n_raters,
        np.log(population),
        loadings,
        found.variances,
    )
    people = counts.n_users.sum()
    shrinkage = Shrinkage(params["reach.half"], params["reach.power"])
    h = shrinkage(n_raters / people)
    log_raters = np.log(n_raters)
    weights = respect_weights(params, "reach")
    field = fit_field(
        np.tensordot(weights.astype(np.float32), grams, axes=1),
        observed,
        film_variance=params["reach.film"],
        mean_variance=params["reach.popularity"],
        variances=found.variances,
        h=h,
        log_raters=log_raters,
        log_knots=popularity.log_knots,
    )
    uncertainty = fit_uncertainty(
        grams,
        weights=weights,
        film_variance=params["reach.film"],
        scale=found.variances,
        noise=observed.noise,
        h=h,
        n_inducing=N_INDUCING,
    )
    return ReachModel(
        population=population,
        loadings=loadings,
        weights=field.weights,
        means=field.means,
        h=shrinkage(np.exp(popularity.log_knots) / people),
        uncertainty=uncertainty,
        rest=found.rest,
    )
