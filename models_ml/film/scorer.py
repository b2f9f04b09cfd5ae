"""From what is believed of a film to its audience by segment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.cells import Cells, Segments
from models_ml.film.popularity import Popular
from models_ml.film.preference import (
    Preference,
    affinity_interval,
    class_intervals,
    expected_preference,
)
from models_ml.film.protocol import Audience
from models_ml.film.reach import (
    Reach,
    expected_interval,
    expected_reach,
    raters_interval,
)
from models_ml.film.residual import ResidualVariance
from models_ml.film.state import popularity_in, preference_in, reach_in
from models_ml.film.support import direction, targets
from models_ml.vocabulary import Vocabulary

#: Probabilities an interval may have, with the normal quantile of each.
INTERVALS: Final[Mapping[float, float]] = {0.8: 1.2815516, 0.95: 1.959964}


@dataclass(frozen=True)
class ReachAnswer:
    """Who is expected to rate a film, before intervals."""

    segments: Segments
    popular: Popular
    reach: Reach
    residual: FloatArray
    """Variance of the segments' log shares beyond the coordinates, (n,)."""


@dataclass(frozen=True)
class Answer(ReachAnswer):
    """What is expected of a film's audience, before intervals."""

    preference: Preference
    everyone: FloatArray
    """The segments' shares of all ratings of all films, (n,)."""
    n_users: NDArray[np.int64]


class AudienceScorer:
    """The fitted models, ready to answer of any belief."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self.cells = Cells(Vocabulary.from_rows(state["vocabulary"]))
        self.popularity = popularity_in(state)
        self.reach = reach_in(state)
        self.preference = preference_in(state)
        self._params: Mapping[str, float] = state["params"]
        self._n_users: NDArray[np.int64] = state["n_users"]
        self._quantiles: FloatArray = state["quantiles"]
        self._residuals = ResidualVariance(
            self.cells,
            self.reach.population,
            (self.reach.loadings, self.preference.interaction_loadings),
        )

    def reach_answer(
        self, belief: Belief, by: tuple[str, ...], n_raters: int | None
    ) -> ReachAnswer:
        """Who is expected by segment; ValueError for `by`."""
        segments = self.cells.segments(by)
        popular = (
            self.popularity.unknown(belief.score, belief.score_spread)
            if n_raters is None
            else self.popularity.known(n_raters)
        )
        norms, _ = self._residuals.norms(segments)
        residual = norms * self.reach.residual * self._params["reach.residual"]
        reach = expected_reach(
            self.reach,
            belief,
            popular,
            factor=self._spread_of_reach(popular.n_raters),
            segments=segments,
            residual=residual,
        )
        return ReachAnswer(segments, popular, reach, residual)

    def answer(
        self, belief: Belief, by: tuple[str, ...], n_raters: int | None
    ) -> Answer:
        """What is expected by segment; ValueError for `by`."""
        who = self.reach_answer(belief, by, n_raters)
        segments = who.segments
        _, norms = self._residuals.norms(segments)
        # A film of a later year may meet many more or fewer people, as new
        # films do; what quality has to do with being popular is as before.
        of_quality = (
            self.popularity.unknown(belief.score, self.popularity.spread)
            if n_raters is None
            else who.popular
        )
        preference = expected_preference(
            self.preference,
            belief,
            of_quality,
            cells=who.reach.cells,
            segments=segments,
            residual=norms
            * self.preference.interaction_residual
            * self._params["interaction.residual"],
        )
        return Answer(
            **vars(who),
            preference=preference,
            everyone=segments.add_up(self.reach.population[None])[0],
            n_users=segments.add_up(self._n_users[None])[0],
        )

    def audience(self, answer: Answer, interval: float) -> Audience:
        """The answer with its intervals; `interval` is one of INTERVALS."""
        z = INTERVALS[interval]
        reach = answer.reach
        low, high = self.reach_interval(answer, interval)
        expected_low, expected_high = expected_interval(
            reach, answer.popular, z
        )
        scale = 100 / answer.everyone
        p_low, p_high = class_intervals(self.preference, answer.preference, z)
        affinity = answer.preference.affinity
        affinity_low, affinity_high = affinity_interval(answer.preference, z)
        return Audience(
            by=answer.segments.by,
            levels=answer.segments.levels,
            reach=reach.share,
            reach_low=low,
            reach_high=high,
            expected_low=expected_low,
            expected_high=expected_high,
            reach_index=scale * reach.share,
            index_low=scale * expected_low,
            index_high=scale * expected_high,
            supported=direction(
                scale * expected_low,
                scale * expected_high,
                100.0,
                answer.n_users,
            ),
            probabilities=answer.preference.probabilities,
            probabilities_low=p_low,
            probabilities_high=p_high,
            affinity=affinity,
            affinity_low=affinity_low,
            affinity_high=affinity_high,
            affinity_supported=direction(
                affinity_low, affinity_high, 0.0, answer.n_users
            ),
            n_users=answer.n_users,
            is_target=targets(affinity, affinity_low, answer.n_users),
        )

    def reach_interval(
        self, answer: ReachAnswer, interval: float
    ) -> tuple[FloatArray, FloatArray]:
        """Of the shares among one film's raters, (n,) each."""
        return raters_interval(
            answer.reach, answer.popular, self._quantiles, interval
        )

    def _spread_of_reach(self, n_raters: FloatArray) -> FloatArray:
        few = self._params["reach.few"] * self._n_users.sum()
        result: FloatArray = self._params["reach.spread"] * (
            1 + few / n_raters
        )
        return result
