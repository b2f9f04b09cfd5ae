"""The candidates for the new-person task, their settings and search spaces."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.dataset import Dataset
from models_ml.person.baselines import (
    fit_class_prior,
    fit_film_mean,
    fit_segments,
)
from models_ml.person.evaluation import FittedPersonModel
from models_ml.person.fit import fit_person_predictor
from models_ml.person.logit import fit_multinomial_logit
from models_ml.person.predictor import PersonPredictor
from models_ml.person.trees import fit_trees

FloatArray = NDArray[np.floating]
IntArray = NDArray[np.integer]


@dataclass(frozen=True)
class FactorisationCandidate:
    """The released predictor, answering as the other candidates do."""

    predictor: PersonPredictor

    def probabilities(
        self, codes: IntArray, movie_index: IntArray
    ) -> FloatArray:
        """Shape (m, 4)."""
        return self.predictor.score_pairs(codes, movie_index).probabilities

    def expected_stars(
        self, codes: IntArray, movie_index: IntArray
    ) -> FloatArray:
        """Shape (m,)."""
        return self.predictor.score_pairs(codes, movie_index).expected_stars


def fit_factorisation_candidate(
    dataset: Dataset, params: Mapping[str, Any]
) -> FactorisationCandidate:
    """See `fit.fit_person_predictor`."""
    return FactorisationCandidate(fit_person_predictor(dataset, params))


@dataclass(frozen=True)
class Candidate:
    """A way to predict, with its chosen settings and what a search tries."""

    fitting: Callable[[Dataset, Mapping[str, Any]], FittedPersonModel]
    defaults: Mapping[str, Any]
    search_space: Mapping[str, Sequence[Any]]

    def fit(
        self, dataset: Dataset, params: Mapping[str, Any] | None = None
    ) -> FittedPersonModel:
        """Fit on the ratings of `dataset`; `params` override `defaults`.

        Raises ValueError for a name that is no setting of the candidate.
        """
        unknown = set(params or {}) - set(self.defaults)
        if unknown:
            raise ValueError(
                f"no such setting: {', '.join(sorted(unknown))}; allowed: "
                f"{', '.join(sorted(self.defaults))}"
            )
        return self.fitting(dataset, {**self.defaults, **(params or {})})

    def sample(self, rng: np.random.Generator) -> dict[str, Any]:
        """Settings drawn at random from the search space."""
        return {
            name: choices[int(rng.integers(len(choices)))]
            for name, choices in self.search_space.items()
        }


_PULLS: Final = {
    "film_ratings": [5.0, 10.0, 20.0, 40.0],
    "segment_ratings": [25.0, 50.0, 100.0, 200.0, 400.0],
}

PERSON_CANDIDATES: Final[dict[str, Candidate]] = {
    "class_prior": Candidate(fit_class_prior, {}, {}),
    "film_mean": Candidate(
        fit_film_mean,
        {"film_ratings": 10.0},
        {"film_ratings": _PULLS["film_ratings"]},
    ),
    "segments": Candidate(
        fit_segments,
        {"film_ratings": 10.0, "segment_ratings": 400.0},
        _PULLS,
    ),
    "multinomial_logit": Candidate(
        fit_multinomial_logit,
        {
            "film_ratings": 10.0,
            "segment_ratings": 200.0,
            "ridge": 100.0,
            "iterations": 40,
        },
        {**_PULLS, "ridge": [10.0, 100.0, 1000.0]},
    ),
    "lightgbm": Candidate(
        fit_trees,
        {
            "film_ratings": 10.0,
            "segment_ratings": 200.0,
            "rounds": 60,
            "learning_rate": 0.1,
            "num_leaves": 15,
            "min_data_in_leaf": 500,
            "lambda_l2": 10.0,
            "feature_fraction": 0.6,
            "max_bin": 63,
            "seed": 0,
        },
        {
            **_PULLS,
            "rounds": [30, 60, 120],
            "learning_rate": [0.03, 0.05, 0.1],
            "num_leaves": [7, 15, 31],
            "min_data_in_leaf": [200, 500, 2000],
        },
    ),
    "factorisation": Candidate(
        fit_factorisation_candidate,
        {
            "rank": 16,
            "iterations": 20,
            "seed": 0,
            "feature_ridge": 2.0,
            "first_profile_ridge": 200.0,
            "offset_ratings": 40.0,
            "tilt_ratings": 20.0,
            "share_ratings": 60.0,
            "co_rating_rank": 64,
        },
        {
            "rank": [8, 12, 16, 24],
            "iterations": [10, 20, 30],
            "offset_ratings": [10.0, 20.0, 40.0, 80.0],
            "tilt_ratings": [10.0, 20.0, 40.0],
            "share_ratings": [20.0, 30.0, 60.0, 100.0],
            "co_rating_rank": [32, 64],
        },
    ),
}
