"""Fits who will like it."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.counts import CellCounts
from models_ml.film.fit_process import Process, ProcessFilms, fit_process
from models_ml.film.fit_reach import population_of
from models_ml.film.loadings import (
    Coordinates,
    Observations,
    find_coordinates,
    observe,
    population_basis,
    whiten,
)
from models_ml.film.preference import PreferenceModel

#: Ratings by which a film's own class shares are shrunk towards everyone's.
FILM_PSEUDO_RATINGS = 5.0
#: The same for the leniency of a level.
LEVEL_PSEUDO_RATINGS = 200.0
_ROUNDS = 8


def fit_preference(
    counts: CellCounts, films: ProcessFilms, params: Mapping[str, float]
) -> tuple[PreferenceModel, Process, Process]:
    """The preference model, and the processes of quality and interaction."""
    by_film = counts.by_class()
    # Half a rating each, so that no class is impossible.
    classes = by_film.sum(axis=0) + 0.5
    classes /= classes.sum()
    shares = by_film + FILM_PSEUDO_RATINGS * classes
    shares /= shares.sum(axis=1, keepdims=True)
    leniency = np.exp(
        counts.cells.spread(fit_leniency(counts, shares, classes))
    )
    class_loadings, quality = _fit_quality(by_film, classes, films, params)
    coordinates, interaction = _fit_interaction(
        counts, interaction_scores(counts, shares, leniency), films, params
    )
    model = PreferenceModel(
        classes=classes,
        quality_loadings=class_loadings,
        quality_weights=quality.field.weights,
        quality_means=quality.field.means,
        quality_uncertainty=quality.uncertainty,
        leniency=leniency,
        interaction_loadings=counts.cells.spread(coordinates.loadings),
        interaction_weights=interaction.field.weights,
        interaction_uncertainty=interaction.uncertainty,
        interaction_residual=coordinates.residual,
    )
    return model, quality, interaction


def _fit_quality(
    by_film: FloatArray,
    classes: FloatArray,
    films: ProcessFilms,
    params: Mapping[str, float],
) -> tuple[FloatArray, Process]:
    """Loadings of the classes (4, 3), and the process."""
    n_raters = by_film.sum(axis=1)
    basis = whiten(np.diag(classes) - np.outer(classes, classes))
    coordinates = find_coordinates(
        by_film - n_raters[:, None] * classes, n_raters, basis, basis.shape[1]
    )
    observed = observe(
        by_film @ coordinates.loadings,
        n_raters,
        np.log(classes),
        coordinates.loadings,
        coordinates.variances,
    )
    process = fit_process(
        films, "quality", observed, coordinates.variances, params
    )
    return coordinates.loadings, process


def _fit_interaction(
    counts: CellCounts,
    told: tuple[FloatArray, FloatArray],
    films: ProcessFilms,
    params: Mapping[str, float],
) -> tuple[Coordinates, Process]:
    """Coordinates of the levels, and the process.

    `told` is what `interaction_scores` gives.
    """
    scores, information = told
    coordinates = find_coordinates(
        scores,
        information,
        population_basis(counts.cells, population_of(counts)),
        int(params["interaction.rank"]),
    )
    each = information[:, None]
    observed = Observations(
        scores @ coordinates.loadings / each,
        np.repeat(1 / each, len(coordinates.variances), axis=1),
    )
    process = fit_process(
        films, "interaction", observed, coordinates.variances, params
    )
    return coordinates, process


def fit_leniency(
    counts: CellCounts, shares: FloatArray, classes: FloatArray
) -> FloatArray:
    """Log factors of each class by level, (n_levels, 4).

    Found by iterative proportional fitting: such that each level's ratings,
    predicted from the `shares` (n, 4) of the films it rated times the factors
    of its cells, fall into the classes as they did, with
    LEVEL_PSEUDO_RATINGS more in everyone's `classes`.
    """
    cells = counts.cells
    predicted = np.zeros_like(counts.by_cell())
    np.add.at(
        predicted, counts.cell, counts.n_ratings[:, None] * shares[counts.film]
    )
    totals = predicted.sum(axis=1, keepdims=True)
    actual = cells.gather(counts.by_cell().T).T
    prior = LEVEL_PSEUDO_RATINGS * classes
    factors = np.zeros((cells.n_levels, len(classes)))
    edges = np.cumsum((0, *cells.blocks))
    for _ in range(_ROUNDS):
        for first, last in pairwise(edges):
            now = predicted * np.exp(cells.spread(factors))
            now *= totals / np.maximum(now.sum(axis=1, keepdims=True), 1e-300)
            of_level = cells.gather(now.T).T[first:last]
            factors[first:last] += np.log(
                (actual[first:last] + prior) / (of_level + prior)
            )
    return factors


def interaction_scores(
    counts: CellCounts, shares: FloatArray, leniency: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What each film's ratings say of its interaction.

    Likes beyond those expected from the film's own `shares` and the cells'
    `leniency`, by film and level (n, n_levels), less the film's mean; and
    the information in them, (n,): ratings · p · (1 − p).
    """
    expected = shares[counts.film] * leniency[counts.cell]
    like = expected[:, 2:].sum(axis=1) / expected.sum(axis=1)
    beyond = counts.by_level(
        counts.of_class[:, 2:].sum(axis=1) - counts.n_ratings * like
    )
    levels = counts.by_level(counts.n_ratings)
    n_people = counts.cells.blocks[0]
    n_raters = levels[:, :n_people].sum(axis=1)
    mean = beyond[:, :n_people].sum(axis=1) / n_raters
    like_film = shares[:, 2:].sum(axis=1)
    return (
        beyond - mean[:, None] * levels,
        n_raters * like_film * (1 - like_film),
    )
