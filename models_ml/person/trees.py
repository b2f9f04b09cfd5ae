"""LightGBM that starts from the film's log shares, features out of fold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import lightgbm
import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.logit import softmax
from models_ml.person.segments import (
    SegmentShares,
    segment_counts,
    shrunk_shares,
    training_rows,
)
from models_ml.warehouse.dataset import Dataset, Movies

#: The same trees on every run, on one thread.
_FIXED: Final = {
    "objective": "multiclass",
    "num_class": 4,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def _columns(
    log_shares: FloatArray,
    log_ratios: FloatArray,
    codes: IntArray,
    movies: Movies,
    movie_index: IntArray,
) -> FloatArray:
    return np.concatenate(
        [
            log_shares,
            log_ratios,
            codes,
            movies.year[movie_index, None],
            movies.genres[movie_index],
        ],
        axis=1,
        dtype=np.float32,
    )


@dataclass(frozen=True)
class Trees:
    """Log shares plus the trees' raw scores."""

    shares: SegmentShares
    movies: Movies
    model: str
    """LightGBM's own text: plain data, so that it can be pickled."""

    def predict(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Class probabilities (m, 4) and expected stars (m,)."""
        log_shares, log_ratios = self.shares.features(codes, movie_index)
        columns = _columns(
            log_shares, log_ratios, codes, self.movies, movie_index
        )
        booster = lightgbm.Booster(model_str=self.model)
        raw = booster.predict(columns, raw_score=True, num_threads=1)
        shares = softmax(log_shares + np.asarray(raw))
        return shares, self.shares.expected_stars(shares, movie_index)


def fit_trees(dataset: Dataset, params: Mapping[str, Any]) -> Trees:
    """Boosting on weighted rows, all columns out of fold by person."""
    strengths = params["film_ratings"], params["segment_ratings"]
    rows = training_rows(dataset, *strengths)
    columns = _columns(
        rows.log_shares,
        rows.log_ratios,
        rows.codes,
        dataset.movies,
        rows.movie,
    )
    data = lightgbm.Dataset(
        columns,
        rows.rating_class,
        weight=rows.weight,
        init_score=rows.log_shares,
        params={"max_bin": params["max_bin"], "verbose": -1},
    )
    booster = lightgbm.train(
        {
            **_FIXED,
            "seed": params["seed"],
            "learning_rate": params["learning_rate"],
            "num_leaves": params["num_leaves"],
            "min_data_in_leaf": params["min_data_in_leaf"],
            "lambda_l2": params["lambda_l2"],
            "feature_fraction": params["feature_fraction"],
        },
        data,
        num_boost_round=params["rounds"],
    )
    return Trees(
        shrunk_shares(segment_counts(dataset), *strengths),
        dataset.movies,
        booster.model_to_string(),
    )
