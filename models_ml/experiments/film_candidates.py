"""The candidates for the new-film task, their settings and search spaces.

They are compared by log-loss per rating on films that none of them has seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray
from models_ml.experiments.candidate import Candidate, LogUniform
from models_ml.film.baselines import (
    fit_genre_mean,
    fit_lightgbm,
    fit_multinomial_logit,
    fit_population,
)
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.params import DEFAULT_PARAMS
from models_ml.film.predictor import AudiencePredictor
from models_ml.film.protocol import Film, FittedShares
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class AudienceShares:
    """The released predictor, answering as the other candidates do."""

    predictor: AudiencePredictor

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """The predictor's reach."""
        by = ("gender", "age_group")
        with threadpool_limits(limits=1):
            return np.array(
                [self.predictor.expected_reach(film, by) for film in films]
            )


def fit_gaussian_process(
    dataset: Dataset, params: Mapping[str, float]
) -> FittedShares:
    """The audience predictor; `params` as for `fit_audience_predictor`."""
    return AudienceShares(fit_audience_predictor(dataset, params, known=False))


#: In order of effort.
FILM_CANDIDATES: Final[dict[str, Candidate[FittedShares]]] = {
    "population": Candidate(fit_population, {}),
    "genre_mean": Candidate(fit_genre_mean, {"pseudo_ratings": 100.0}),
    "multinomial_logit": Candidate(
        fit_multinomial_logit, {"C": 0.05, "max_iter": 100}
    ),
    "lightgbm": Candidate(
        fit_lightgbm,
        {
            "n_estimators": 60,
            "learning_rate": 0.1,
            "num_leaves": 15,
            "min_child_samples": 2000,
        },
    ),
    "gaussian_process": Candidate(
        fit_gaussian_process,
        DEFAULT_PARAMS,
        {
            name: LogUniform(value / 1.6, value * 1.6)
            for name, value in DEFAULT_PARAMS.items()
            if name.split(".")[0] in ("reach", "popularity")
            and not name.endswith(
                (
                    ".rank",
                    ".spread",
                    ".residual",
                    ".few",
                    ".power",
                    ".later",
                )
            )
        },
    ),
}
