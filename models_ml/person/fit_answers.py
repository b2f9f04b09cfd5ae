"""Fitting what answers tell: covariances between people of one profile.

Each rater of the sample answers every question in hindsight: a film was seen
or not, with so many stars. What the profile lets expect is taken off, and the
products of what is left are added up. The films are the best known ones: the
answer to a question about a film that few know is nearly always the same.
"""

from dataclasses import dataclass

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.answers import AnswerModel
from models_ml.person.design import RatingDesign
from models_ml.person.interest import InterestModel

#: People whose answers are held at a time.
_CHUNK = 512


@dataclass(frozen=True)
class AnswerParams:
    """Settings of the answers."""

    n_question_films: int = 150
    """Films that can be asked about."""
    answer_ridge: float = 30.0
    """People's worth of variance that each answer has of its own."""


def fit_answers(
    design: RatingDesign,
    columns: FloatArray,
    interest: InterestModel,
    params: AnswerParams,
) -> AnswerModel:
    """Fit on who rated what; `columns` are the raters' encoded profiles."""
    counts = design.movie_counts()
    films = np.argsort(-counts, kind="stable")[: params.n_question_films]
    films = films[counts[films] > 0]
    scale = design.scale
    stars = design.star_counts @ scale.values
    centre = float(stars.sum() / counts.sum())
    mean_stars = stars[films] / counts[films]
    average = _Average(films, mean_stars - centre, centre)
    covariance, links = _covariances(design, columns, interest, average)
    own = params.answer_ridge / len(design.raters)
    deviation = np.sqrt(interest.baseline * (1 - interest.baseline))
    return AnswerModel(
        films=films,
        covariance=(covariance + own * np.eye(len(covariance))).astype(
            np.float32
        ),
        links=(links / deviation).astype(np.float16),
        scale=deviation,
        mean_stars=mean_stars,
        values=scale.values,
        centre=centre,
        liked=_mean_distance(design, slice(scale.n_below_like, None), centre),
        not_liked=_mean_distance(
            design, slice(None, scale.n_below_like), centre
        ),
    )


def _mean_distance(design: RatingDesign, steps: slice, centre: float) -> float:
    """Mean of stars - `centre` over the ratings of some steps; or 0."""
    counts = design.star_counts.sum(axis=0)[steps]
    distance = design.scale.values[steps] - centre
    return float(counts @ distance / max(counts.sum(), 1))


@dataclass(frozen=True)
class _Average:
    """Mean stars of the films that can be asked about."""

    films: IntArray
    stars: FloatArray
    """Mean stars of `films`, less `centre`."""
    centre: float


def _covariances(
    design: RatingDesign,
    columns: FloatArray,
    interest: InterestModel,
    average: _Average,
) -> tuple[FloatArray, FloatArray]:
    """C (2 P, 2 P) and L (2 P, n_movies) of `answers`."""
    films, centre = average.films, average.centre
    n_people, n_answers = len(design.raters), 2 * len(films)
    rated = design.matrix(design.stars.astype(np.float32))
    values = design.scale.values.astype(np.float32)
    covariance = np.zeros((n_answers, n_answers))
    links = np.zeros((n_answers, design.n_movies))
    for begin in range(0, n_people, _CHUNK):
        people = slice(begin, begin + _CHUNK)
        steps = rated[people].toarray()
        expected = interest.of_columns(columns[people]).astype(np.float32)
        seen = (steps > 0) - expected
        answers = np.empty((len(steps), n_answers), dtype=np.float32)
        answers[:, ::2] = seen[:, films]
        asked = steps[:, films].astype(np.intp)
        answers[:, 1::2] = np.where(asked > 0, values[asked - 1] - centre, 0)
        answers[:, 1::2] -= expected[:, films] * average.stars
        covariance += answers.T @ answers
        links += answers.T @ seen
    return covariance / n_people, links / n_people
