"""Candidates that the data are too large for are left out, and say so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from models_ml.data_kind import DataKind
from models_ml.experiments import comparison
from models_ml.experiments.candidate import Limits
from models_ml.experiments.film_candidates import FILM_CANDIDATES
from models_ml.experiments.person_candidates import (
    CATALOGUE_CANDIDATES,
    PERSON_CANDIDATES,
)
from models_ml.experiments.runner import SELECTION, ExperimentRunner
from models_ml.experiments.runs import load_runs
from models_ml.report.person_lists import simpler_list_runs
from models_ml.report.saved_runs import Runs
from models_ml.report.write_report import left_out
from models_ml.settings import PROJECT
from tests.models_ml.logged import logged
from tests.models_ml.person.people import small_dataset

DATASET = small_dataset(n_users=120)
N_RATINGS = len(DATASET.ratings)
N_FILMS = len(np.unique(DATASET.ratings.movie))


@pytest.fixture
def said() -> Iterator[list[str]]:
    with logged() as texts:
        yield texts


@pytest.fixture
def runner(tmp_path: Path) -> ExperimentRunner:
    return ExperimentRunner(DATASET, DataKind.GENERATED, tmp_path)


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(), None),
        (Limits(ratings=N_RATINGS, films=N_FILMS), None),
        (
            Limits(ratings=N_RATINGS - 1),
            f"{N_RATINGS:,} ratings of the sample, and it bears"
            f" {N_RATINGS - 1:,}",
        ),
        (
            Limits(films=N_FILMS - 1),
            f"{N_FILMS:,} films that the sample rated, and it bears"
            f" {N_FILMS - 1:,}",
        ),
    ],
)
def test_a_limit_is_the_most_that_is_borne(
    limits: Limits, why: str | None
) -> None:
    assert limits.exceeded_by(DATASET) == why


def test_a_candidate_past_its_limit_is_left_out_of_a_comparison(
    runner: ExperimentRunner,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = replace(PERSON_CANDIDATES["film_mean"], limits=Limits(ratings=9))
    people = {
        "class_prior": PERSON_CANDIDATES["class_prior"],
        "film_mean": small,
    }
    films = {"population": FILM_CANDIDATES["population"]}
    monkeypatch.setattr(comparison, "PERSON_CANDIDATES", people)
    monkeypatch.setattr(comparison, "FILM_CANDIDATES", films)
    compared = comparison.compare(runner, SELECTION, "validation")
    assert {task: list(runs) for task, runs in compared.items()} == {
        "new_person": ["class_prior"],
        "new_film": ["population"],
    }
    why = f"{N_RATINGS:,} ratings of the sample, and it bears 9"
    assert f"new_person, validation: no film_mean: {why}" in said
    runs = Runs(runner.runs, load_runs(runner.runs))
    (record,) = runs.of("new_person", "left_out")
    assert record["candidate"] == "film_mean"
    assert record["details"] == {"stage": "validation", "why": why}
    assert left_out(runs) == (
        f"- No run of `film_mean` (new_person, validation): {why}."
    )


def test_a_list_model_past_its_limit_is_left_out(
    runner: ExperimentRunner,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = replace(CATALOGUE_CANDIDATES["ease"], limits=Limits(films=3))
    monkeypatch.setitem(CATALOGUE_CANDIDATES, "ease", small)
    simpler_list_runs(runner, DATASET, "ease")
    why = f"{N_FILMS:,} films that the sample rated, and it bears 3"
    assert said == [f"catalogue, test: no ease: {why}"]
    assert [run["stage"] for run in load_runs(runner.runs)] == ["left_out"]


def test_what_is_served_has_no_limit_and_the_default_sample_is_borne() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    default = project["vars"]["max_sampled_ratings"]
    for task, candidates in (
        ("new_person", PERSON_CANDIDATES),
        ("new_film", FILM_CANDIDATES),
    ):
        assert candidates[comparison.SERVED[task]].limits == Limits()
        for candidate in candidates.values():
            most = candidate.limits.ratings
            assert most is None or most >= default


def test_a_comparison_takes_the_settings_that_are_served(
    runner: ExperimentRunner,
) -> None:
    served = {
        task: {**params, "tried": 1}
        for task, params in comparison.DEFAULTS.items()
    }
    experiments = comparison.comparison(
        runner, SELECTION, "validation", served
    )
    for spec in (each.spec for each in experiments):
        is_served = spec.candidate == comparison.SERVED[spec.task]
        assert ("tried" in spec.params) == is_served
    n_candidates = len(PERSON_CANDIDATES) + len(FILM_CANDIDATES)
    assert len(experiments) == n_candidates
