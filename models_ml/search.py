"""Search of settings, within a stated budget, on the validation folds."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from models_ml.comparison import try_film, try_person
from models_ml.experiments import Run
from models_ml.film.candidates import FILM_CANDIDATES, SEARCH_SPACE
from models_ml.lab import SEED, SELECTION, Lab
from models_ml.person.candidates import PERSON_CANDIDATES

#: Settings tried for each question; each is one fit on three folds.
BUDGET: Final = 20


def search_people(
    lab: Lab, name: str, start: Mapping[str, Run]
) -> dict[str, Run]:
    """The best run found for candidate `name`, if better than the start."""
    candidate = PERSON_CANDIDATES[name]
    rng = np.random.default_rng(SEED)

    def attempt() -> Run:
        params = {**candidate.defaults, **candidate.sample(rng)}
        return try_person(lab, SELECTION, "search", name, params)

    return _search(lab, start[name], attempt)


def search_films(
    lab: Lab, name: str, start: Mapping[str, Run]
) -> dict[str, Run]:
    """The same for the new-film task; settings are drawn log-uniformly."""
    candidate = FILM_CANDIDATES[name]
    rng = np.random.default_rng(SEED)

    def attempt() -> Run:
        drawn = {
            setting: float(np.exp(rng.uniform(np.log(low), np.log(high))))
            for setting, (low, high) in SEARCH_SPACE.items()
        }
        params: dict[str, Any] = {**candidate.params, **drawn}
        return try_film(lab, SELECTION, "search", name, params)

    return _search(lab, start[name], attempt)


def _search(
    lab: Lab, start: Run, attempt: Callable[[], Run]
) -> dict[str, Run]:
    best = start
    for number in range(1, BUDGET + 1):
        run = attempt()
        if run.metrics["log_loss"] < best.metrics["log_loss"]:
            best = run
        lab.say(
            f"{start.task}, search {number} of {BUDGET}: best log-loss"
            f" {best.metrics['log_loss']:.5f}"
        )
    return {} if best is start else {f"{start.candidate} (searched)": best}
