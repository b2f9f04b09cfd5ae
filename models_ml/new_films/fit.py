"""Fitting what a film's content says of its tables, and using it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.film.counts import films_of
from models_ml.film.outlook import Outlook
from models_ml.film.predictor import AudiencePredictor
from models_ml.new_films.content import content_columns
from models_ml.new_films.model import NewFilmModel
from models_ml.person.films import FilmTables
from models_ml.person.predictor import PersonPredictor
from models_ml.person.thresholds import star_thresholds
from models_ml.warehouse.dataset import Dataset

#: Ratings after which a film weighs half as much as it ever will.
_HALF_WEIGHT: Final = 30.0
#: Prior strength, in films, of no weight.
_RIDGE: Final = 20.0


@dataclass(frozen=True)
class NewFilmParams:
    """Settings, chosen on films and people of folds 0 to 3."""

    prior_ratings: float = 5.0
    """Ratings of a film that count as much as what is believed without."""
    enough_ratings: float = 100.0
    """Ratings after which nothing is left of that belief."""
    segment_variance: float = 0.002
    """See `NewFilmModel`."""


def fit_new_films(
    dataset: Dataset,
    person: PersonPredictor,
    params: NewFilmParams | None = None,
) -> NewFilmModel:
    """Regress the tables of the films rated in `dataset` on their content.

    `person` was fitted on the same ratings.
    """
    counts = dataset.step_counts()
    n_ratings = counts.sum(axis=1)
    weight = n_ratings / (n_ratings + _HALF_WEIGHT)
    years = dataset.movies.year
    last_year = int(years[n_ratings > 0].max(initial=0))
    columns = content_columns(years, dataset.movies.genres, last_year)
    films = person.films
    targets = np.column_stack(
        [films.factors, films.selection_effect, films.residual_offset]
    )
    ridge = _RIDGE * np.eye(columns.shape[1])
    ridge[0, 0] = 1e-6  # the constant is no effect
    weights = np.linalg.solve(
        (columns.T * weight) @ columns + ridge,
        (columns.T * weight) @ targets,
    )
    rank = films.factors.shape[1]
    apart = films.factors - columns @ weights[:, :rank]
    return NewFilmModel(
        factor_weights=weights[:, :rank],
        selection_weights=weights[:, rank : 2 * rank],
        offset_weights=weights[:, -1],
        factor_covariance=(apart.T * weight) @ apart / weight.sum(),
        segment_variance=(params or NewFilmParams()).segment_variance,
        everyone=star_thresholds(counts.sum(axis=0) + 1),
        last_year=last_year,
        n_users=int(dataset.counts.profiles.n_users.sum()),
    )


def join(
    dataset: Dataset,
    person: PersonPredictor,
    outlooks: Sequence[Outlook],
    params: NewFilmParams | None = None,
) -> tuple[PersonPredictor, NewFilmModel]:
    """What is served of both predictors, which were fitted on `dataset`.

    `outlooks` are the audience predictor's, see `outlooks_of`.
    """
    model = fit_new_films(dataset, person, params)
    return with_beliefs(person, outlooks, model, dataset, params), model


def outlooks_of(
    dataset: Dataset,
    film: AudiencePredictor,
    params: NewFilmParams | None = None,
) -> list[Outlook]:
    """What is expected of each film with few ratings, in their order.

    A film nobody has rated is answered as if it were described to the
    audience predictor.
    """
    few, _ = _few_ratings(dataset, params)
    return [
        film.held_out_outlook(movie_id)
        if film.knows(movie_id)
        else film.outlook(described)
        for movie_id, described in zip(
            dataset.movies.movie_id[few].tolist(),
            films_of(dataset, few),
            strict=True,
        )
    ]


def with_beliefs(
    person: PersonPredictor,
    outlooks: Sequence[Outlook],
    model: NewFilmModel,
    dataset: Dataset,
    params: NewFilmParams | None = None,
) -> PersonPredictor:
    """The person predictor whose films with few ratings lean on content.

    A film keeps `own_share` of its own tables; the rest is what is believed
    of it without its ratings.
    """
    movies = dataset.movies
    few, share = _few_ratings(dataset, params)
    columns = content_columns(
        movies.year[few], movies.genres[few], model.last_year
    )
    return person.with_films(
        _mixed(
            person.films,
            model.tables(person, columns, outlooks),
            few,
            share,
        )
    )


def _few_ratings(
    dataset: Dataset, params: NewFilmParams | None
) -> tuple[IntArray, FloatArray]:
    """Rows (m,) of the films that are not all their own, and `own_share`."""
    share = own_share(
        dataset.step_counts().sum(axis=1), params or NewFilmParams()
    )
    few = np.flatnonzero(share < 1)
    return few, share[few]


def own_share(n_ratings: FloatArray, params: NewFilmParams) -> FloatArray:
    """How much of a film's tables is its own: 0 without ratings, 1 in the end.

    Close to n / (n + prior_ratings), and 1 from `enough_ratings` on.
    """
    prior, enough = params.prior_ratings, params.enough_ratings
    share = n_ratings / (n_ratings + prior) * (1 + prior / enough)
    return np.minimum(share, 1.0)


def _mixed(
    films: FilmTables, believed: FilmTables, rows: IntArray, share: FloatArray
) -> FilmTables:
    """`films` with `share` (m,) of their own in `rows` (m,), else believed."""
    beliefs = believed.state()
    mixed = {}
    for name, values in films.state().items():
        weight = share.reshape(-1, *[1] * (values.ndim - 1))
        mixed[name] = values.copy()
        mixed[name][rows] = (
            weight * values[rows] + (1 - weight) * beliefs[name]
        )
    return FilmTables(**mixed)
