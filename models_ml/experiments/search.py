"""Search of settings, within a stated budget, on the validation folds."""

from collections.abc import Callable, Mapping
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


def search_people(
    runner: ExperimentRunner, name: str, start: Mapping[str, Run]
) -> dict[str, Run]:
    """The best run found for candidate `name`, if better than the start."""
    return _search(
        runner, start[name], PERSON_CANDIDATES[name], person_experiment
    )


def search_films(
    runner: ExperimentRunner, name: str, start: Mapping[str, Run]
) -> dict[str, Run]:
    """The same for the new-film task."""
    return _search(runner, start[name], FILM_CANDIDATES[name], film_experiment)


def _search(
    runner: ExperimentRunner,
    start: Run,
    candidate: Candidate[Any],
    experiment: Callable[..., Experiment],
) -> dict[str, Run]:
    rng = np.random.default_rng(SEED)
    best = start
    for number in range(1, BUDGET + 1):
        params = {**candidate.defaults, **candidate.sample(rng)}
        tried = experiment(
            runner, SELECTION, "search", start.candidate, params
        )
        run = runner.run(tried.spec, tried.work)
        if run.metrics["log_loss"] < best.metrics["log_loss"]:
            best = run
        LOGGER.info(
            f"{start.task}, search {number} of {BUDGET}: best log-loss"
            f" {best.metrics['log_loss']:.5f}"
        )
    return {} if best is start else {f"{start.candidate} (searched)": best}
