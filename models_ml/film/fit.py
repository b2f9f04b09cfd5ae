"""Fits the audience predictor to a dataset."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray
from models_ml.film.counts import count, films_of
from models_ml.film.fields import fit_popularity
from models_ml.film.fit_interval_record import record_intervals
from models_ml.film.fit_preference import fit_preference
from models_ml.film.fit_process import Process, ProcessFilms
from models_ml.film.fit_reach import fit_reach
from models_ml.film.held_out import HeldOut, folds_of
from models_ml.film.level import class_weights, fit_classes
from models_ml.film.params import complete, component_weights
from models_ml.film.predictor import AudiencePredictor
from models_ml.film.quantile_table import quantile_table
from models_ml.film.scorer import AudienceScorer
from models_ml.film.similarity import FilmIndex, gram
from models_ml.film.state import state_of
from models_ml.warehouse.dataset import Dataset


def fit_audience_predictor(
    dataset: Dataset,
    params: Mapping[str, float] | None = None,
    *,
    known: bool = True,
) -> AudiencePredictor:
    """The audience predictor learnt from the dataset's ratings.

    Without `known` it answers alike, but of new films' reach alone: what
    would be said of each known film without it, on which the classes of
    preference rest as well, takes two thirds of a fit.

    Films without ratings take no part, but may be named as similar. Raises
    ValueError for a parameter that is none of DEFAULT_PARAMS, and for a
    dataset without ratings. Deterministic.
    """
    chosen = complete(params)
    with threadpool_limits(limits=1):  # the same sums on every machine size
        return _fit(dataset, chosen, known)


def _fit(
    dataset: Dataset, chosen: Mapping[str, float], known: bool
) -> AudiencePredictor:
    counts = count(dataset)
    film_index = FilmIndex(
        films_of(dataset, counts.movies), dataset.vocabulary.genres
    )
    grams = gram(film_index)
    fold = folds_of(film_index)
    n_raters = counts.by_class().sum(axis=1)
    weights = component_weights(chosen, "popularity").astype(np.float32)
    popularity, score, miss = fit_popularity(
        np.tensordot(weights, grams, axes=1),
        chosen["popularity.film"],
        n_raters,
        fold,
    )
    if not known:
        fold = np.zeros_like(fold)  # all are left out at once: nothing is left
    films = ProcessFilms(
        film_index, grams, fold, n_raters, popularity.log_knots
    )
    reach, turnout = fit_reach(counts, films, chosen)
    preference, quality, interaction = fit_preference(counts, films, chosen)
    held_out = HeldOut(
        fold=fold,
        score=score,
        score_miss=miss,
        reach_means=turnout.field.without.means,
        quality_means=quality.field.without.means,
        **_without("reach", turnout),
        **_without("quality", quality),
        **_without("interaction", interaction),
    )
    weights_of_classes = class_weights(
        dataset, counts.movies, chosen["quality.most_ratings"]
    )
    preference = replace(
        preference,
        classes=fit_classes(
            preference, popularity, held_out, weights_of_classes
        ),
    )
    state = state_of(
        vocabulary=dataset.vocabulary,
        film_index=film_index,
        movie_id=dataset.movies.movie_id[counts.movies],
        n_raters=n_raters,
        n_users=counts.n_users,
        popularity=popularity,
        reach=reach,
        preference=preference,
        params=chosen,
        quantiles=quantile_table(),
        held_out=held_out,
    )
    if not known:
        return AudiencePredictor.from_state(state)
    record = record_intervals(AudienceScorer(state), held_out, counts)
    return AudiencePredictor.from_state(state | {"interval_record": record})


def _without(name: str, process: Process) -> dict[str, FloatArray]:
    """The parts of `HeldOut` that a process gives."""
    without = process.field.without
    return {
        name: without.values,
        f"{name}_variance": process.variances_without,
        f"{name}_misses": without.misses,
        f"{name}_noise": without.noise,
    }
