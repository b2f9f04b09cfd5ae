"""Answers to questions, from the runs on record to the report's table."""

from pathlib import Path

import numpy as np
import pytest

from models_ml.data_kind import DataKind
from models_ml.evaluation.questions import N_QUESTIONS
from models_ml.experiments.runner import TEST, ExperimentRunner
from models_ml.experiments.runs import load_runs
from models_ml.person.fit import fit_person_predictor
from models_ml.report.plots import draw_questions
from models_ml.report.question_runs import POLICIES, question_runs
from models_ml.report.question_tables import gain_of, gains, questions
from models_ml.report.saved_runs import Runs
from tests.models_ml.person.people import small_dataset


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder: Path = tmp_path_factory.mktemp("runs")
    dataset = small_dataset(n_users=120)
    runner = ExperimentRunner(
        dataset, data_kind=DataKind.GENERATED, runs=folder
    )
    train = dataset.of_user_folds(TEST.train)
    question_runs(runner, {}, fit_person_predictor(train, {"rank": 4}))
    return Runs(folder, load_runs(folder))


def test_every_policy_is_on_record(runs: Runs) -> None:
    names = {run["candidate"] for run in runs.of("questions", "test")}
    assert names == {f"{name}-{n}" for name in POLICIES for n in N_QUESTIONS}


def test_a_gain_is_the_mean_over_people_for_whom_something_is_left(
    runs: Runs,
) -> None:
    for run in runs.of("questions", "test"):
        gain = gain_of(runs, run)
        assert gain.value == pytest.approx(run["metrics"]["gain"])
        assert gain.low <= gain.value <= gain.high
        assert run["metrics"]["gain"] == pytest.approx(
            run["metrics"]["ndcg_catalogue_answered"]
            - run["metrics"]["ndcg_catalogue_profile"]
        )


def test_the_table_tells_what_the_runs_hold(runs: Runs) -> None:
    lines = questions(runs).splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    assert len(rows) == len(POLICIES) * len(N_QUESTIONS)
    run = runs.one("questions", "test", "one_list-10")
    row = next(r for r in rows if "one list" in r and "| 10 |" in r)
    assert f"{run['metrics']['gain']:+.4f}" in row
    assert f"{100 * run['metrics']['seen']:.0f} %" in row
    assert np.isfinite(run["metrics"]["gain"])


def test_the_plot_draws_every_policy(runs: Runs, tmp_path: Path) -> None:
    drawn = gains(runs)
    assert len(drawn) == len(POLICIES)
    assert [n for n, _ in drawn[next(iter(drawn))]] == list(N_QUESTIONS)
    draw_questions(tmp_path / "questions.png", drawn)
    assert (tmp_path / "questions.png").stat().st_size > 5000
