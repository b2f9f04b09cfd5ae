"""Simpler list models and peers, from the runs on record to the tables."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from models_ml.data_kind import DataKind
from models_ml.evaluation.person import DEFAULT_KS
from models_ml.experiments.runner import TEST, ExperimentRunner
from models_ml.experiments.runs import load_losses, load_runs
from models_ml.person import peers
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import KnownRatings
from models_ml.report.person_lists import (
    catalogue,
    list_runs,
    simpler_list_runs,
)
from models_ml.report.saved_runs import PERSON, Runs
from tests.models_ml.logged import logged
from tests.models_ml.person.people import small_dataset

DATASET = small_dataset(n_users=120)
TRAIN = DATASET.of_user_folds(TEST.train)
ALS = {
    "factors": 4,
    "regularization": 1.0,
    "alpha": 5.0,
    "iterations": 15,
    "seed": 0,
}
REFERENCE = "implicit's ALS, fold-in (reference) .4518"


def runner_into(folder: Path) -> ExperimentRunner:
    return ExperimentRunner(DATASET, data_kind=DataKind.GENERATED, runs=folder)


@pytest.fixture(scope="module")
def without(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Runs, list[str]]:
    """What `evaluate` records where implicit is not installed."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch, logged() as said:
        patch.setattr(
            peers,
            "find_spec",
            lambda name: None if name == "implicit" else find_spec(name),
        )
        predictor = fit_person_predictor(TRAIN, {"rank": 4})
        list_runs(runner_into(folder), TRAIN, PERSON, {}, predictor)
    return Runs(folder, load_runs(folder)), said


def candidates_of(runs: Runs) -> set[str]:
    return {run["candidate"] for run in runs.of("catalogue", "test")}


def test_a_peer_that_is_not_installed_is_not_on_record(
    without: tuple[Runs, list[str]],
) -> None:
    runs, said = without
    assert "ease-5" in candidates_of(runs)
    assert not {n for n in candidates_of(runs) if "implicit" in n}
    assert any("implicit is not installed" in line for line in said)


def test_without_a_run_the_report_tells_the_reference_result(
    without: tuple[Runs, list[str]],
) -> None:
    page = catalogue(without[0])
    assert REFERENCE in page
    assert "| ease |" in page
    assert "| implicit_als |" not in page


def test_another_missing_run_is_no_report(
    without: tuple[Runs, list[str]],
) -> None:
    runs, _ = without
    fewer = [r for r in runs.records if not r["candidate"].startswith("ease")]
    with pytest.raises(LookupError, match="ease"):
        catalogue(Runs(runs.folder, fewer))


def test_a_peer_that_is_installed_is_judged_on_the_same_people(
    without: tuple[Runs, list[str]],
) -> None:
    pytest.importorskip("implicit")
    runs, _ = without
    folder = runs.folder
    simpler_list_runs(runner_into(folder), TRAIN, "implicit_als")
    both = Runs(folder, load_runs(folder))
    assert candidates_of(both) - candidates_of(runs) == {
        f"implicit_als-{k}" for k in DEFAULT_KS if k > 0
    }
    run = both.one("catalogue", "test", "implicit_als-5")
    ease = both.one("catalogue", "test", "ease-5")
    assert np.array_equal(
        np.isfinite(load_losses(folder, run["run_id"])["for_you"]),
        np.isfinite(load_losses(folder, ease["run_id"])["for_you"]),
    )
    page = catalogue(both)
    value = run["metrics"]["ndcg_catalogue_for_you"]
    assert f"| 5 | implicit_als | {value:.4f} |" in page
    assert REFERENCE not in page


def test_a_person_is_folded_in_as_the_normal_equations_say() -> None:
    pytest.importorskip("implicit")
    model = peers.fit_implicit_als(TRAIN, ALS)
    films = model.model.item_factors.astype(float)
    movies = np.array([3, 8, 11])
    stars = np.array([5, 4, 3])
    liked = films[movies[:2]]
    confidence, prior = ALS["alpha"], ALS["regularization"]
    gram = films.T @ films + (confidence - 1) * liked.T @ liked
    person = np.linalg.solve(
        gram + prior * np.eye(films.shape[1]), confidence * liked.sum(axis=0)
    )
    values = model.values(np.zeros(4, int), KnownRatings(movies, stars))
    np.testing.assert_allclose(values, films @ person, rtol=1e-3, atol=1e-4)


def test_who_likes_no_known_film_gets_the_popular_ones() -> None:
    pytest.importorskip("implicit")
    model = peers.fit_implicit_als(TRAIN, ALS)
    known = KnownRatings(np.array([3]), np.array([1]))
    values = model.values(np.zeros(4, int), known)
    assert np.array_equal(values, model.likes)
