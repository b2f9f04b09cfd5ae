"""Fitting rating style on people of the sample, a few ratings known.

Of each person some ratings are known to the predictor and the others are to
be forecast; their classes are regressed on the columns of `style` by a
multinomial logit that starts from the forecast.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.design import RatingDesign
from models_ml.person.logit import softmax
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.person.style import (
    StyleModel,
    no_style,
    style_columns,
)

#: Ratings known, one number for each person in turn.
_KNOWN = (1, 3, 5, 10)
#: Ratings to be forecast, at most, of one person.
_FORECAST = 100


@dataclass(frozen=True)
class StyleParams:
    """Settings of the fit."""

    style_people: int = 500
    """People of the sample to learn from; with 0, all have one style."""
    style_ridge: float = 20.0
    """Ridge on the weights, in ratings."""


@dataclass(frozen=True)
class _Rows:
    """Ratings to be forecast: columns, log forecast, class."""

    columns: FloatArray
    log_forecast: FloatArray
    rating_class: IntArray


def fit_style(
    predictor: PersonPredictor, design: RatingDesign, params: StyleParams
) -> StyleModel:
    """The style model for a predictor that has none yet."""
    rows = _rows(predictor, design, params.style_people)
    if rows is None:
        return no_style(design.scale)
    actual = np.eye(4)[rows.rating_class]
    shape = (design.scale.n + 1, 4)

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        shares = softmax(rows.log_forecast + rows.columns @ weights)
        slope = rows.columns.T @ (shares - actual)
        value = -np.log((shares * actual).sum(axis=1) + 1e-12).sum()
        penalty = params.style_ridge / 2 * (flat**2).sum()
        return (
            float(value + penalty),
            (slope + params.style_ridge * weights).ravel(),
        )

    fitted = minimize(
        loss,
        np.zeros(shape).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 60},
    )
    return StyleModel(design.scale, fitted.x.reshape(shape))


def _rows(
    predictor: PersonPredictor, design: RatingDesign, n_people: int
) -> _Rows | None:
    rng = np.random.default_rng(0)
    ratings_of = _ratings_by_person(design)
    enough = [k for k, rows in enumerate(ratings_of) if len(rows) > 1]
    step = max(1, len(enough) // max(n_people, 1))
    parts = []
    for number, person in enumerate(enough[::step][:n_people]):
        order = rng.permutation(ratings_of[person])
        known = min(_KNOWN[number % len(_KNOWN)], len(order) - 1)
        parts.append(
            _person_rows(
                predictor,
                design,
                person,
                order[:known],
                order[known : known + _FORECAST],
            )
        )
    if not parts:
        return None
    return _Rows(
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.log_forecast for part in parts]),
        np.concatenate([part.rating_class for part in parts]),
    )


def _ratings_by_person(design: RatingDesign) -> list[IntArray]:
    """Row numbers of each rater's ratings."""
    order = np.argsort(design.user, kind="stable")
    ends = np.cumsum(np.bincount(design.user, minlength=len(design.raters)))
    return np.split(order, ends[:-1])


def _person_rows(
    predictor: PersonPredictor,
    design: RatingDesign,
    person: int,
    known: IntArray,
    rest: IntArray,
) -> _Rows:
    films = design.movie[np.concatenate([known, rest])]
    forecast = predictor.star_shares(
        design.codes[person],
        films,
        KnownRatings(design.movie[known], design.stars[known]),
    )
    columns = style_columns(
        design.scale, forecast[: len(known)], design.stars[known]
    )
    below = np.cumsum(forecast[len(known) :], axis=1)[:, :-1]
    classes = design.scale.class_shares(below)
    return _Rows(
        np.tile(columns, (len(rest), 1)),
        np.log(np.maximum(classes, 1e-9)),
        design.scale.classes_of(design.stars[rest]),
    )
