"""The runs on new films for new people, and the tables drawn from them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from models_ml.data_kind import DataKind
from models_ml.experiments.runner import ExperimentRunner
from models_ml.experiments.runs import load_runs
from models_ml.report.new_film_runs import (
    ALONE,
    JOINED,
    TASK,
    evaluate_new_films,
)
from models_ml.report.new_film_tables import new_films
from models_ml.report.saved_runs import Runs
from tests.models_ml.logged import logged
from tests.models_ml.person.people import small_dataset

SMALL = {"rank": 4, "iterations": 4}


def test_every_candidate_is_on_record_by_both_splits(tmp_path: Path) -> None:
    dataset = small_dataset(n_users=120, n_movies=150, per_user=100)
    years = np.where(np.arange(150) % 3 == 0, 1999, dataset.movies.year - 5)
    dataset = replace(dataset, movies=replace(dataset.movies, year=years))
    runner = ExperimentRunner(dataset, DataKind.GENERATED, tmp_path)
    evaluate_new_films(runner, SMALL, {})
    runs = Runs(tmp_path, load_runs(tmp_path))
    for split in ("time", "hash"):
        records = {run["candidate"]: run for run in runs.of(TASK, split)}
        names = {"mean", "four_stars", "content_ridge", ALONE, JOINED}
        assert set(records) == names
        for run in records.values():
            judged = run["metrics"]["known_n_ratings"]
            assert run["metrics"]["paired_n_ratings"] == judged
        belief = records[JOINED]["metrics"]
        # of 1.1 and more for the person predictor alone
        assert abs(belief["bias"]) < 0.3
        assert belief["mae"] < records[ALONE]["metrics"]["mae"] + 0.02
    page = new_films(runs)
    for shown in ("one belief", "Films from 1998", "hash", "3 to 90 known"):
        assert shown in page
    value = runs.one(TASK, "time", JOINED)["metrics"]["known_mae"]
    assert f"{value:.4f}" in page


def test_without_new_films_nothing_is_said_of_them(tmp_path: Path) -> None:
    dataset = small_dataset(n_users=20, n_movies=20, per_user=5)
    runner = ExperimentRunner(dataset, DataKind.GENERATED, tmp_path)
    with logged() as told:
        evaluate_new_films(runner, SMALL, {})
    assert any("too few new films by time" in line for line in told)
    assert "Films from 1998" not in new_films(
        Runs(tmp_path, load_runs(tmp_path))
    )
