from types import SimpleNamespace
from typing import Any

import pytest

from models_ml.experiments import search
from models_ml.experiments.candidate import LogUniform
from models_ml.experiments.comparison import best_of
from models_ml.experiments.film_candidates import FILM_CANDIDATES
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.experiments.runner import Experiment


def an_experiment(*fields: Any) -> Experiment:
    spec: Any = None  # no runner of these tests reads it
    return Experiment(spec, lambda: a_run(*fields))


def a_run(
    candidate: str, log_loss: float, params: dict[str, Any] | None = None
) -> Any:
    return SimpleNamespace(
        task="new_person",
        candidate=candidate,
        metrics={"log_loss": log_loss},
        params=params or {},
    )


@pytest.fixture
def runner() -> Any:
    return SimpleNamespace(run=lambda spec, work: work())


def test_the_lowest_log_loss_is_best() -> None:
    runs = {"a": a_run("a", 0.9), "b": a_run("b", 0.8), "c": a_run("c", 1)}
    assert best_of(runs) == "b"


def test_a_search_keeps_the_best_of_its_budget(
    monkeypatch: pytest.MonkeyPatch, runner: Any
) -> None:
    tried = []

    def attempt(
        runner: Any, folds: Any, stage: str, name: str, params: dict[str, Any]
    ) -> Experiment:
        tried.append(params)
        return an_experiment(name, 0.95 - 0.01 * (len(tried) == 7), params)

    monkeypatch.setattr(search, "person_experiment", attempt)
    best = search.search_people(runner, "factorisation")
    assert len(tried) == 1 + search.BUDGET
    assert best.params == tried[6]
    known = PERSON_CANDIDATES["factorisation"].defaults
    assert tried[0] == known
    assert all(set(params) == set(known) for params in tried)
    assert len({str(params) for params in tried}) > search.BUDGET / 2


def test_a_search_that_finds_nothing_better_keeps_the_defaults(
    monkeypatch: pytest.MonkeyPatch, runner: Any
) -> None:
    known = PERSON_CANDIDATES["factorisation"].defaults
    monkeypatch.setattr(
        search,
        "person_experiment",
        lambda runner, folds, stage, name, params: an_experiment(
            name, 0.94 if params == known else 0.99, params
        ),
    )
    assert search.search_people(runner, "factorisation").params == known


def test_a_search_draws_the_same_settings_again_and_within_bounds(
    monkeypatch: pytest.MonkeyPatch, runner: Any
) -> None:
    tried = []

    def attempt(
        runner: Any, folds: Any, stage: str, name: str, params: dict[str, Any]
    ) -> Experiment:
        tried.append(params)
        return an_experiment(name, 2.0)

    monkeypatch.setattr(search, "film_experiment", attempt)
    for _ in range(2):
        search.search_films(runner, "gaussian_process")
    assert tried[: 1 + search.BUDGET] == tried[1 + search.BUDGET :]
    assert set(tried[0]) == set(FILM_CANDIDATES["gaussian_process"].defaults)
    for params in tried:
        space = FILM_CANDIDATES["gaussian_process"].search_space
        for name, drawn in space.items():
            assert isinstance(drawn, LogUniform)
            assert drawn.low <= params[name] <= drawn.high
