"""The candidates for the new-person task, their settings and search spaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from models_ml.arrays import FloatArray, IntArray
from models_ml.experiments.candidate import Candidate, Choice, Limits
from models_ml.person.baselines import (
    fit_class_prior,
    fit_film_mean,
    fit_segments,
)
from models_ml.person.fit import fit_person_predictor
from models_ml.person.list_baselines import (
    ListModel,
    fit_ease,
    fit_likes_ridge,
    fit_log_ratios,
    fit_popularity,
)
from models_ml.person.logit import fit_multinomial_logit
from models_ml.person.peers import fit_implicit_als
from models_ml.person.predictor import PersonPredictor
from models_ml.person.protocol import FittedPersonModel
from models_ml.person.trees import fit_trees
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class FactorisationCandidate:
    """The released predictor, answering as the other candidates do."""

    predictor: PersonPredictor

    def predict(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Class probabilities (m, 4) and expected stars (m,)."""
        scores = self.predictor.score_pairs(codes, movie_index)
        return scores.probabilities, scores.expected_stars


def fit_factorisation_candidate(
    dataset: Dataset, params: Mapping[str, Any]
) -> FactorisationCandidate:
    """See `fit.fit_person_predictor`; without what known ratings need."""
    return FactorisationCandidate(
        fit_person_predictor(dataset, {**params, **_NOTHING_KNOWN})
    )


#: The comparison asks of people of whom no rating is known: what moves when
#: ratings are, which is half of a fit, need not be learnt for it.
_NOTHING_KNOWN: Final = {"interest_rank": 0, "style_people": 0}


#: A fit holds arrays of all ratings. The sample's default size is half of
#: this, so that only a sample that was made larger by hand is beyond it.
_ROWS_IN_MEMORY: Final = Limits(ratings=3_000_000)
#: A matrix of so many films and its inverse take 1 GiB.
_PAIRS_OF_FILMS: Final = Limits(films=8_000)

_PULLS: Final = {
    "film_ratings": Choice([5.0, 10.0, 20.0, 40.0]),
    "segment_ratings": Choice([25.0, 50.0, 100.0, 200.0, 400.0]),
}

PERSON_CANDIDATES: Final[dict[str, Candidate[FittedPersonModel]]] = {
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
        {**_PULLS, "ridge": Choice([10.0, 100.0, 1000.0])},
        _ROWS_IN_MEMORY,
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
            "rounds": Choice([30, 60, 120]),
            "learning_rate": Choice([0.03, 0.05, 0.1]),
            "num_leaves": Choice([7, 15, 31]),
            "min_data_in_leaf": Choice([200, 500, 2000]),
        },
        _ROWS_IN_MEMORY,
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
            "selection_ratings": 20.0,
            "share_ratings": 60.0,
            "co_rating_rank": 64,
        },
        {
            "rank": Choice([8, 12, 16, 24]),
            "iterations": Choice([10, 20, 30]),
            "offset_ratings": Choice([10.0, 20.0, 40.0, 80.0]),
            "selection_ratings": Choice([10.0, 20.0, 40.0]),
            "share_ratings": Choice([20.0, 30.0, 60.0, 100.0]),
            "co_rating_rank": Choice([32, 64]),
        },
    ),
}

#: Simpler ways to rank all films, judged beside the served predictor.
CATALOGUE_CANDIDATES: Final[dict[str, Candidate[ListModel]]] = {
    "popularity": Candidate(fit_popularity, {}),
    "log_ratios": Candidate(
        fit_log_ratios,
        {"prior_likes": 100.0},
        {"prior_likes": Choice([30.0, 100.0, 300.0])},
    ),
    "likes_ridge": Candidate(
        fit_likes_ridge,
        {"ridge": 400.0},
        {"ridge": Choice([100.0, 200.0, 400.0, 800.0])},
    ),
    "ease": Candidate(
        fit_ease,
        {"ridge": 500.0},
        {"ridge": Choice([200.0, 500.0, 1000.0])},
        _PAIRS_OF_FILMS,
    ),
    "implicit_als": Candidate(
        fit_implicit_als,
        {
            "factors": 32,
            "regularization": 30.0,
            "alpha": 1.0,
            "iterations": 15,
            "seed": 0,
        },
        {
            "factors": Choice([32, 64]),
            "regularization": Choice([10.0, 30.0, 100.0, 200.0]),
            "alpha": Choice([1.0, 3.0, 10.0]),
        },
    ),
}
