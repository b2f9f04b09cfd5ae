"""Candidates are compared on folds 0 to 3, and every run is on record."""

from pathlib import Path

import pytest

from models_ml.data_kind import DataKind
from models_ml.evaluation.person import evaluate_new_person
from models_ml.experiments.cross_validation import (
    FOLDS,
    UnknownCandidateError,
    cross_validate,
    means,
)
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.experiments.runner import ExperimentRunner
from models_ml.experiments.runs import load_runs
from tests.models_ml.person.people import small_dataset


@pytest.fixture
def runner(tmp_path: Path) -> ExperimentRunner:
    return ExperimentRunner(small_dataset(), DataKind.GENERATED, tmp_path)


def test_each_fold_is_judged_by_a_fit_on_the_others(
    runner: ExperimentRunner,
) -> None:
    runs = cross_validate(runner, ["film_mean", "class_prior"])
    assert [(run.candidate, run.test_folds) for run in runs] == [
        (name, [fold])
        for name in ("film_mean", "class_prior")
        for fold in FOLDS
    ]
    for run in runs:
        assert sorted(run.train_folds + run.test_folds) == list(FOLDS)
    train = runner.dataset.of_user_folds((0, 2, 3))
    fitted = PERSON_CANDIDATES["film_mean"].fit(train)
    judged = evaluate_new_person(fitted, runner.dataset, (1,)).metrics()
    assert runs[1].metrics == pytest.approx(judged)


def test_every_run_is_saved(runner: ExperimentRunner) -> None:
    runs = cross_validate(runner, ["class_prior"])
    saved = load_runs(runner.runs)
    assert {run.run_id for run in runs} == {run["run_id"] for run in saved}
    assert {run["stage"] for run in saved} == {"cross_validation"}
    of_folds = [run.metrics["log_loss"] for run in runs]
    assert means(runs)["class_prior"]["log_loss"] == pytest.approx(
        sum(of_folds) / 4
    )


def test_the_served_model_tells_of_lists_and_few_ratings(
    runner: ExperimentRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "models_ml.experiments.cross_validation"
    monkeypatch.setattr(f"{module}.FOLDS", (0, 1))
    monkeypatch.setattr(f"{module}.DEFAULT_KS", (1,))
    run, _ = cross_validate(runner, ["factorisation"])
    assert set(run.details) == {"few_ratings", "catalogue"}


def test_an_unknown_candidate_is_named_before_any_work(
    runner: ExperimentRunner,
) -> None:
    with pytest.raises(
        UnknownCandidateError, match="'oracle'; allowed: class_pri"
    ):
        cross_validate(runner, ["class_prior", "oracle"])
    assert load_runs(runner.runs) == []
