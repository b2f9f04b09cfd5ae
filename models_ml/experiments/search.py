"""Search of settings, within a stated budget, on the validation folds."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from models_ml.experiments.candidate import Candidate
from models_ml.experiments.comparison import (
    film_experiment,
    person_experiment,
)
from models_ml.experiments.film_candidates import FILM_CANDIDATES
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.experiments.runner import (
    SEED,
    SELECTION,
    Experiment,
    ExperimentRunner,
)
from models_ml.experiments.runs import Run
from models_ml.log import LOGGER

#: Settings tried for each question; each is one fit on three folds.
BUDGET: Final = 20


def search_people(runner: ExperimentRunner, name: str) -> Run:
    """The best run of candidate `name`; its defaults are tried first."""
    return _search(runner, name, PERSON_CANDIDATES[name], person_experiment)


def search_films(runner: ExperimentRunner, name: str) -> Run:
    """The same for the new-film task."""
    return _search(runner, name, FILM_CANDIDATES[name], film_experiment)


def _search(
    runner: ExperimentRunner,
    name: str,
    candidate: Candidate[Any],
    experiment: Callable[..., Experiment],
) -> Run:
    def run(params: dict[str, Any]) -> Run:
        tried = experiment(runner, SELECTION, "search", name, params)
        return runner.run(tried.spec, tried.work)

    rng = np.random.default_rng(SEED)
    best = run(dict(candidate.defaults))
    for number in range(1, BUDGET + 1):
        tried = run({**candidate.defaults, **candidate.sample(rng)})
        if tried.metrics["log_loss"] < best.metrics["log_loss"]:
            best = tried
        LOGGER.info(
            f"{best.task}, search {number} of {BUDGET}: best log-loss"
            f" {best.metrics['log_loss']:.5f}"
        )
    return best
