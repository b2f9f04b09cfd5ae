"""Fitting the person predictor that is released."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from models_ml.person.design import rating_design
from models_ml.person.encoding import fit_encoder
from models_ml.person.factorisation import (
    Factorisation,
    FactorParams,
    fit_factorisation,
)
from models_ml.person.film_features import film_features, fit_co_rating
from models_ml.person.films import FilmTables
from models_ml.person.fit_answers import AnswerParams, fit_answers
from models_ml.person.fit_interest import (
    InterestParams,
    fit_interest,
    sampled_interest,
)
from models_ml.person.fit_style import StyleParams, fit_style
from models_ml.person.predictor import PersonPredictor, Updating
from models_ml.person.style import no_style
from models_ml.person.thresholds import (
    FilmScales,
    ThresholdParams,
    fit_film_scales,
    star_levels,
)
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class PersonParams:
    """All settings; the defaults were chosen on the validation folds."""

    factors: FactorParams = field(default_factory=FactorParams)
    thresholds: ThresholdParams = field(default_factory=ThresholdParams)
    interest: InterestParams = field(default_factory=InterestParams)
    answers: AnswerParams = field(default_factory=AnswerParams)
    style: StyleParams = field(default_factory=StyleParams)
    co_rating_rank: int = 64
    selection_weight: float = 0.55
    """Weight of the selection effect of a person's rated films."""
    selection_half_ratings: float = 12.0
    """Ratings after which that weight has halved."""

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "PersonParams":
        """From flat names such as `rank` or `share_ratings`.

        Raises ValueError for a name that is no setting.
        """
        parts = {
            "factors": FactorParams,
            "thresholds": ThresholdParams,
            "interest": InterestParams,
            "answers": AnswerParams,
            "style": StyleParams,
        }
        left = dict(params)
        nested: dict[str, Any] = {}
        for name, part in parts.items():
            own = {f.name for f in fields(part)} & set(left)
            nested[name] = part(**{key: left.pop(key) for key in own})
        own = {f.name for f in fields(cls)} - set(parts)
        unknown = set(left) - own
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        return cls(**nested, **left)


def fit_person_predictor(
    dataset: Dataset, params: Mapping[str, Any] | None = None
) -> PersonPredictor:
    """The predictor fitted on the ratings of `dataset`.

    People without a rating there are not looked at. Deterministic for
    `params["seed"]`. Raises ValueError when there are no ratings.
    """
    settings = PersonParams.of(params or {})
    # thousands of small matrices: more threads only wait for each other,
    # and the sums would depend on how many there are
    with threadpool_limits(limits=1):
        return _fit(dataset, settings)


def _fit(dataset: Dataset, settings: PersonParams) -> PersonPredictor:
    design = rating_design(dataset)
    profiles = dataset.counts.profiles
    encoder = fit_encoder(dataset.vocabulary, profiles.codes, profiles.n_users)
    columns = encoder.encode(design.codes)
    levels = star_levels(design)
    co_rating = fit_co_rating(
        design, sampled_interest(design), settings.co_rating_rank
    )
    features = film_features(dataset.movies, design.movie_counts(), co_rating)
    factors = fit_factorisation(
        design, levels, columns, features, settings.factors
    )
    scales = fit_film_scales(
        design, levels, factors, columns, settings.thresholds
    )
    interest = fit_interest(design, columns, co_rating, settings.interest)
    predictor = PersonPredictor(
        dataset.movies.movie_id,
        encoder=encoder,
        profile_weights=factors.profile_weights,
        films=_film_tables(factors, scales),
        updating=Updating(
            levels=levels,
            noise=factors.noise,
            selection_weight=settings.selection_weight,
            selection_half_ratings=settings.selection_half_ratings,
        ),
        interest=interest,
        answers=fit_answers(design, columns, interest, settings.answers),
        style=no_style(dataset.scale),
    )
    return predictor.with_style(fit_style(predictor, design, settings.style))


def _film_tables(factors: Factorisation, scales: FilmScales) -> FilmTables:
    loading = factors.film_factors
    upper = np.triu_indices(loading.shape[1])
    second = factors.film_covariance[:, 1:, 1:] + (
        loading[:, :, None] * loading[:, None, :]
    )
    return FilmTables(
        factors=loading,
        selection_effect=scales.selection_effect,
        residual_offset=scales.residual_offset,
        bias=factors.mean + factors.film_bias,
        precision=second[:, upper[0], upper[1]],
        cross=factors.film_covariance[:, 0, 1:].copy(),
        mean=scales.mean,
        thresholds=scales.thresholds,
        deviation=scales.deviation,
    )
