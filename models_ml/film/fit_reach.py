"""Fits who turns up."""

from collections.abc import Mapping

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.counts import CellCounts
from models_ml.film.fields import Shrinkage
from models_ml.film.fit_process import Process, ProcessFilms, fit_process
from models_ml.film.loadings import (
    find_coordinates,
    observe,
    population_basis,
)
from models_ml.film.reach import ReachModel

#: Ratings added to every cell, so that none is impossible.
PSEUDO_RATINGS = 0.1


def population_of(counts: CellCounts) -> FloatArray:
    """Share of each cell in the ratings of all films, (n_cells,)."""
    total = counts.by_cell().sum(axis=1) + PSEUDO_RATINGS
    result: FloatArray = total / total.sum()
    return result


def fit_reach(
    counts: CellCounts, films: ProcessFilms, params: Mapping[str, float]
) -> tuple[ReachModel, Process]:
    """The reach model, and the process that it rests on."""
    cells, population = counts.cells, population_of(counts)
    levels = counts.by_level(counts.n_ratings)
    n_raters = levels[:, : cells.blocks[0]].sum(axis=1)
    coordinates = find_coordinates(
        levels - n_raters[:, None] * cells.gather(population),
        n_raters,
        population_basis(cells, population),
        int(params["reach.rank"]),
    )
    loadings = cells.spread(coordinates.loadings)
    observed = observe(
        levels @ coordinates.loadings,
        n_raters,
        np.log(population),
        loadings,
        coordinates.variances,
    )
    people = counts.n_users.sum()
    shrinkage = Shrinkage(params["reach.half"], params["reach.power"])
    process = fit_process(
        films,
        "reach",
        observed,
        coordinates.variances,
        params,
        h=shrinkage(n_raters / people),
    )
    model = ReachModel(
        population=population,
        loadings=loadings,
        weights=process.field.weights,
        means=process.field.means,
        h=shrinkage(np.exp(films.log_knots) / people),
        uncertainty=process.uncertainty,
        residual=coordinates.residual,
    )
    return model, process
