"""Which audience for this film? Scoring only: numpy, no open resources."""

from collections.abc import Mapping
from itertools import product
from typing import Any, Final

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.cells import add_up, axes_of
from models_ml.film.params import respect_weights
from models_ml.film.popularity import hat_weights
from models_ml.film.preference import Fields, predict_opinion
from models_ml.film.protocol import Audience, Film
from models_ml.film.reach import Popular, predict_reach
from models_ml.film.residual import ResidualVariance
from models_ml.film.similarity import RESPECTS, Catalogue, own_respects
from models_ml.film.state import (
    check_format,
    films_in,
    opinion_in,
    popularity_in,
    reach_in,
)
from models_ml.film.uncertainty import Uncertainty
from models_ml.vocabulary import DIMENSIONS, GENRES

__all__ = ["INTERVALS", "Audience", "AudiencePredictor", "Film"]

#: Probabilities an interval may have, with the normal quantile of each.
INTERVALS: Final[Mapping[float, float]] = {0.8: 1.2815516, 0.95: 1.959964}


class AudiencePredictor:
    """Predicts a film's audience from its title, year and genres.

    Made by `fit.fit_audience_predictor` or from a state; never changes.
    """

    def __init__(self, state: Mapping[str, Any]) -> None:
        check_format(state)
        self._state = dict(state)
        self._catalogue = Catalogue(films_in(state))
        self._popularity = popularity_in(state)
        self._reach = reach_in(state)
        self._opinion = opinion_in(state)
        self._params: dict[str, float] = state["params"]
        self._n_raters = np.exp(self._popularity.log_knots)
        self._weights = np.stack(
            [
                respect_weights(self._params, field)
                for field in ("popularity", "reach", "quality", "tilt")
            ]
        )
        self._rest_of_reach = self._reach.rest * self._params["reach.rest"]
        self._rest_of_tilt = (
            self._opinion.tilt_rest * self._params["tilt.rest"]
        )
        self._unexplained = ResidualVariance(
            self._reach.population,
            (self._reach.loadings, self._opinion.tilt_loadings),
        )

    def to_state(self) -> dict[str, Any]:
        """Plain data from which `from_state` makes an equal predictor."""
        return dict(self._state)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "AudiencePredictor":
        """The predictor that gave `state`.

        Raises ValueError for a state of another format.
        """
        return cls(state)

    def predict(
        self,
        film: Film,
        by: tuple[str, ...],
        n_raters: int | None = None,
        interval: float = 0.8,
    ) -> Audience:
        """The film's audience by segment, in the vocabulary's order.

        `by` is any non-empty combination of `vocabulary.DIMENSIONS`, without
        repetition. With `n_raters` the answer is for a film that so many
        people rate; without, their number is as uncertain as that of known
        films like it. `interval`, one of INTERVALS, is the probability that
        an interval holds. Raises ValueError for anything else.
        """
        axes = axes_of(by)
        _check(n_raters, interval)
        respects = self._catalogue.respects([film])[:, 0]
        covariances = self._weights @ respects
        popular = self._popular(covariances[0], n_raters)
        variances = self._variances(film, respects)
        beyond = self._unexplained.norms(axes)
        reach = predict_reach(
            self._reach,
            popular,
            covariance=covariances[1],
            variance=variances[0],
            factor=self._spread_of_reach(popular.n_raters),
            axes=axes,
            rest_norm=beyond[0] * self._rest_of_reach,
            table=self._state["quantiles"],
            interval=interval,
        )
        opinion = predict_opinion(
            self._opinion,
            Fields(
                covariances[2],
                variances[1] * self._params["quality.spread"],
                covariances[3],
                variances[2] * self._params["tilt.spread"],
            ),
            popular,
            cells=reach.cells,
            axes=axes,
            rest_norm=beyond[1] * self._rest_of_tilt,
            z=INTERVALS[interval],
        )
        everyone = add_up(self._reach.population[None], axes)[0]
        return Audience(
            by=tuple(by),
            levels=list(product(*(DIMENSIONS[name] for name in by))),
            reach=reach.share,
            reach_low=reach.low,
            reach_high=reach.high,
            reach_index=100 * reach.share / everyone,
            probabilities=opinion.probabilities,
            probabilities_low=opinion.low,
            probabilities_high=opinion.high,
            affinity=opinion.affinity,
            affinity_low=opinion.affinity_low,
            affinity_high=opinion.affinity_high,
            n_users=add_up(self._state["n_users"][None], axes)[0],
            is_target=opinion.affinity_low > 0,
        )

    def similar(self, film: Film, n: int) -> list[tuple[int, float]]:
        """The `n` known films most alike: movie_id and similarity, 0 to 1."""
        weights = self._weights[1:].sum(axis=0)
        weights[RESPECTS.index("everything")] = 0
        alike = weights @ self._catalogue.respects([film])[:, 0]
        alike /= float(weights @ own_respects(film))
        best = np.argsort(-alike, kind="stable")[:n]
        ids = self._state["movie_id"]
        return [(int(ids[k]), min(float(alike[k]), 1.0)) for k in best]

    def warnings(self, film: Film) -> list[str]:
        """What about the film this predictor has never seen, in sentences."""
        found = []
        seen = self._catalogue.genres.sum(axis=0) > 0
        for genre in film.genres:
            if genre not in GENRES:
                found.append(f"genre {genre!r} is unknown and was not used")
            elif not seen[GENRES.index(genre)]:
                found.append(f"no film that was learnt from is {genre!r}")
        if not film.genres:
            found.append("no genre was given")
        years = self._state["years"]
        years = years[years > 0]
        if film.year is None:
            found.append("no year was given")
        elif len(years) and not years.min() <= film.year <= years.max():
            found.append(
                f"year {film.year} lies outside the films that were learnt "
                f"from, {years.min()} to {years.max()}"
            )
        return found

    def generosity(self) -> tuple[FloatArray, FloatArray]:
        """Everyone's class shares (4,), and the cells' factors of them."""
        return self._opinion.classes, self._opinion.generosity

    def _popular(
        self, covariance: FloatArray, n_raters: int | None
    ) -> Popular:
        if n_raters is None:
            score = float(covariance @ self._popularity.weights)
            of_film, of_rating = self._popularity.at_knots(score)
            return Popular(self._n_raters, of_film, of_rating, is_known=False)
        knots = self._popularity.log_knots
        weights = hat_weights(np.log([float(n_raters)]), knots)[0]
        raters = np.full(len(knots), float(n_raters))
        return Popular(raters, weights, weights, is_known=True)

    def _spread_of_reach(self, n_raters: FloatArray) -> FloatArray:
        few = self._params["reach.few"] * self._state["n_users"].sum()
        return self._params["reach.spread"] * (1 + few / n_raters)

    def _variances(self, film: Film, respects: FloatArray) -> list[FloatArray]:
        own = own_respects(film)
        _, to_siblings, between = self._catalogue.series_respects(film)
        uncertain: tuple[Uncertainty, ...] = (
            self._reach.uncertainty,
            self._opinion.quality_uncertainty,
            self._opinion.tilt_uncertainty,
        )
        return [
            each.variance(respects, own, to_siblings, between)
            for each in uncertain
        ]


def _check(n_raters: int | None, interval: float) -> None:
    if n_raters is not None and n_raters < 1:
        raise ValueError(f"n_raters is {n_raters}: it must be 1 or more")
    if interval not in INTERVALS:
        raise ValueError(
            f"interval is {interval}: it must be one of {list(INTERVALS)}"
        )
