"""What every new-film candidate must hold to, and the simplest by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models_ml.evaluation.film import (
    evaluate_new_film,
    shuffle_films,
    split_by_time,
)
from models_ml.evaluation.film_audience import evaluate_audience
from models_ml.evaluation.film_targets import (
    LEAST_EFFECTS,
    targets_by_least_effect,
)
from models_ml.evaluation.film_told import (
    comparables_by_raters,
    evaluate_told,
)
from models_ml.experiments.candidate import LogUniform
from models_ml.experiments.film_candidates import FILM_CANDIDATES
from models_ml.film.params import DEFAULT_PARAMS
from models_ml.film.protocol import Film
from models_ml.film.support import LEAST_AFFINITY
from models_ml.metrics.audience_metrics import reach_log_loss
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.film.generated import audiences

STRANGE = [
    Film("", None, ()),
    Film("Œuvre – 映画", 1995, ("Drama", "No such genre")),
    Film("x" * 5000, 2500, ("Romance", "Romance")),
    Film("Story 7, The (Histoire)", 1888, ("Western",)),
]


@pytest.fixture(scope="module")
def data() -> Dataset:
    return audiences()


@pytest.fixture(scope="module")
def fitted(data: Dataset) -> dict[str, Any]:
    training = data.of_movie_folds((0, 1, 2, 3))
    return {
        name: candidate.fit(training, candidate.defaults)
        for name, candidate in FILM_CANDIDATES.items()
    }


@pytest.mark.parametrize("name", FILM_CANDIDATES)
def test_shares_add_up_for_any_film(fitted: Any, name: Any) -> None:
    shares = fitted[name].shares(STRANGE)
    assert shares.shape == (len(STRANGE), 14)
    assert (shares > 0).all()
    assert np.allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize(
    "name", [name for name in FILM_CANDIDATES if name != "population"]
)
def test_every_candidate_beats_the_population(
    fitted: Any, data: Any, name: Any
) -> None:
    mine = evaluate_new_film(fitted[name], data, (4,)).metrics()
    everyone = evaluate_new_film(fitted["population"], data, (4,)).metrics()
    assert mine["log_loss"] < everyone["log_loss"] - 0.01
    assert mine["female_share_r"] > 0.5


def test_the_placebo_gains_nothing(data: Any) -> None:
    permuted = shuffle_films(data)
    metrics = {}
    for name in ("population", "gaussian_process"):
        candidate = FILM_CANDIDATES[name].fit(
            permuted.of_movie_folds((0, 1, 2, 3)), None
        )
        metrics[name] = evaluate_new_film(candidate, permuted, (4,)).metrics()
    gain = (
        metrics["population"]["log_loss"]
        - metrics["gaussian_process"]["log_loss"]
    )
    assert gain < 0.003


def test_losses_per_film_add_up_to_the_loss_per_rating(
    fitted: Any, data: Any
) -> None:
    result = evaluate_new_film(fitted["genre_mean"], data, (4,))
    films = result.per_film()
    total = films["log_loss"].sum() / films["n_ratings"].sum()
    assert np.isclose(total, result.metrics()["log_loss"])
    assert (films["n_ratings"] > 0).all()


def test_intervals_hold_and_targets_like_it_more(
    fitted: Any, data: Any
) -> None:
    predictor = fitted["gaussian_process"].predictor
    metrics = evaluate_audience(predictor, data, (4,))
    for by in ("gender", "age_group", "gender_age_group"):
        for known in ("", "_known"):
            # 60 films: a standard deviation of up to .05.
            assert 0.65 < metrics[f"coverage_80_{by}{known}"] < 0.96
            assert metrics[f"coverage_95_{by}{known}"] > 0.82
    assert metrics["index_called_above_gender_age_group"] > 105
    assert metrics["index_called_below_gender_age_group"] < 95
    assert 0 < metrics["supported_share_gender_age_group"] < 1
    assert metrics["difference_right"] > 0.8
    assert 0.3 < metrics["difference_supported"] < 1
    assert 0.4 < metrics["difference_ratio"] < 2
    assert metrics["affinity_r2"] > 0.02
    assert metrics["affinity_r2"] < metrics["affinity_r2_ceiling"]
    assert metrics["targets_that_like_it_more"] > 0.7


def test_an_informed_caller_names_films_of_the_same_raters(
    fitted: Any, data: Any
) -> None:
    """Women alone rate even films, men odd ones: so do the films named."""
    women = data.users.gender[data.ratings.user] == 0
    even = data.ratings.movie % 2 == 0
    parted = count_dataset(
        MOVIELENS_1M,
        replace(data.users, fold=np.arange(len(data.users)) % 5),
        data.movies,
        data.ratings.where(women == even),
        data.digest,
    )
    rows = np.array([4, 9, 14, 19])
    predictor = fitted["gaussian_process"].predictor
    named = comparables_by_raters(predictor, parted, rows, seed=1)
    for row, movie_ids in zip(rows, named, strict=True):
        # movie_id is 2 · row + 1
        assert {(movie_id // 2) % 2 for movie_id in movie_ids} == {row % 2}
        assert len(set(movie_ids)) == 5
        assert all(predictor.knows(movie_id) for movie_id in movie_ids)
    told = evaluate_told(predictor, parted, (4,), seed=1)
    nothing = told["nothing"]
    assert not np.allclose(
        told["comparables_by_raters"].shares, nothing.shares
    )
    raters = parted.of_movie_folds((4,)).of_user_folds((2, 3, 4)).ratings
    assert nothing.raters.sum() == len(raters)


def test_a_greater_least_effect_leaves_fewer_targets(
    fitted: Any, data: Any
) -> None:
    rows = targets_by_least_effect(
        fitted["gaussian_process"].predictor, data, (4,)
    )
    called = [row["targets"] for row in rows]
    assert called == sorted(called, reverse=True)
    # Affinities of the generated films are large: raise what is asked.
    assert called[-1] > 0
    assert all(row["right"] <= row["judged"] <= row["targets"] for row in rows)
    assert rows[0]["right"] > 0.7 * rows[0]["judged"]
    assert LEAST_AFFINITY in LEAST_EFFECTS


def test_the_split_by_time_parts_the_films(data: Any) -> None:
    old, new = split_by_time(data)
    assert len(old.ratings) + len(new.ratings) == len(data.ratings)
    assert old.movies.year[old.ratings.movie].max() < 1998
    assert new.movies.year[new.ratings.movie].min() == 1998


def test_the_search_varies_settings_that_exist() -> None:
    space = FILM_CANDIDATES["gaussian_process"].search_space
    assert set(space) < set(DEFAULT_PARAMS)
    for name, drawn in space.items():
        assert isinstance(drawn, LogUniform)
        assert drawn.low < DEFAULT_PARAMS[name] < drawn.high


def test_log_loss_by_hand() -> None:
    loss = reach_log_loss(np.array([[0.25, 0.75]]), np.array([[2.0, 1.0]]))
    assert np.isclose(loss[0], -2 * np.log(0.25) - np.log(0.75))
