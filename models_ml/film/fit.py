"""Fits the audience predictor to a dataset."""

from collections.abc import Mapping

import numpy as np
from threadpoolctl import threadpool_limits

from models_ml.film.counts import count, films_of
from models_ml.film.fields import fit_popularity
from models_ml.film.fit_preference import fit_opinion
from models_ml.film.fit_reach import fit_reach
from models_ml.film.params import complete, respect_weights
from models_ml.film.predictor import AudiencePredictor
from models_ml.film.quantile_table import quantile_table
from models_ml.film.similarity import Catalogue, gram
from models_ml.film.state import state_of
from models_ml.warehouse.dataset import Dataset


def fit_audience_predictor(
    dataset: Dataset, params: Mapping[str, float] | None = None
) -> AudiencePredictor:
    """The audience predictor learnt from the dataset's ratings.

    Films without ratings take no part, but may be named as similar. Raises
    ValueError for a parameter that is none of DEFAULT_PARAMS, and for a
    dataset without ratings. Deterministic.
    """
    chosen = complete(params)
    with threadpool_limits(limits=1):  # the same sums on every machine size
        return _fit(dataset, chosen)


def _fit(dataset: Dataset, chosen: Mapping[str, float]) -> AudiencePredictor:
    counts = count(dataset)
    films = films_of(dataset.movies, counts.movies)
    grams = gram(Catalogue(films))
    weights = respect_weights(chosen, "popularity").astype(np.float32)
    popularity = fit_popularity(
        np.tensordot(weights, grams, axes=1),
        chosen["popularity.film"],
        counts.by_class().sum(axis=1),
    )
    return AudiencePredictor.from_state(
        state_of(
            films=films,
            movie_id=dataset.movies.movie_id[counts.movies],
            n_users=counts.n_users,
            popularity=popularity,
            reach=fit_reach(counts, grams, popularity, chosen),
            opinion=fit_opinion(counts, grams, popularity, chosen),
            params=chosen,
            quantiles=quantile_table(),
        )
    )
