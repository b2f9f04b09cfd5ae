"""Training: choose the best candidate for each question, then refit it."""

from collections.abc import Callable, Mapping
from typing import Any

from models_ml.experiments.comparison import (
    SERVED,
    best_of,
    compare_films,
    compare_people,
    try_film,
    try_person,
)
from models_ml.experiments.runner import SELECTION, TEST, ExperimentRunner
from models_ml.experiments.runs import Run, library_versions
from models_ml.experiments.search import search_films, search_people
from models_ml.film.fit import fit_audience_predictor
from models_ml.person.fit import fit_person_predictor
from models_ml.profile.zip_prefixes import read_zip_prefixes
from models_ml.release.manifest import TRAINING_RECORD
from models_ml.release.payload import dump_payload
from models_ml.settings import Settings
from models_ml.training.record import inputs_digest, write_record
from models_ml.vocabulary import DIMENSIONS, GENRES
from models_ml.warehouse.export import export_serving

Say = Callable[[str], None]
Params = Mapping[str, Any]


def train(settings: Settings, *, search: bool, say: Say) -> None:
    """Compare the candidates, measure the winners, refit them on all data.

    With `search`, settings are searched first, on the validation folds.
    Every run is saved below `settings.runs`; `settings.trained` is left with
    what `publish` takes.
    """
    runner = ExperimentRunner.of(settings, say)
    say(
        f"{len(runner.dataset.ratings):,} ratings by"
        f" {len(runner.dataset.users):,} people of"
        f" {len(runner.dataset.movies):,} films"
    )
    people = compare_people(runner, SELECTION, "validation")
    films = compare_films(runner, SELECTION, "validation")
    if search:
        people |= search_people(runner, SERVED["new_person"], people)
        films |= search_films(runner, SERVED["new_film"], films)
    person = _chosen("new_person", people, say)
    film = _chosen("new_film", films, say)
    record = {
        "inputs": inputs_digest(settings),
        "data_digest": runner.dataset.digest,
        "data_generated": runner.generated,
        "libraries": library_versions(),
        "feature_names": [*DIMENSIONS, "title", "year", *GENRES],
        "params": {"new_person": person.params, "new_film": film.params},
        "metrics": {
            "new_person": _summary(runner, people, person),
            "new_film": _summary(runner, films, film),
        },
    }
    _write_trained(settings, runner, person.params, film.params, say)
    write_record(settings, record)


def _chosen(task: str, runs: Mapping[str, Run], say: Say) -> Run:
    """The best run of the candidate that a release can serve.

    Where a baseline has the lower loss, as can happen on very little data,
    that is said and recorded: it cannot answer all that the API is asked.
    """
    best = best_of(runs)
    served = {
        name: run
        for name, run in runs.items()
        if run.candidate == SERVED[task]
    }
    chosen = served[best_of(served)]
    if runs[best] is not chosen:
        say(
            f"{task}: NOTE {best} has a lower validation log-loss than"
            f" {chosen.candidate}, and cannot be served"
        )
    say(f"{task}: {chosen.candidate} is kept")
    return chosen


def _summary(
    runner: ExperimentRunner, runs: Mapping[str, Run], chosen: Run
) -> dict[str, Any]:
    """What the manifest tells of a model: how it compared, how it did."""
    attempt = try_person if chosen.task == "new_person" else try_film
    tested = attempt(runner, TEST, "test", chosen.candidate, chosen.params)
    return {
        "candidate": chosen.candidate,
        "lowest_validation_log_loss": best_of(runs),
        "validation_log_loss": {
            name: run.metrics["log_loss"] for name, run in runs.items()
        },
        "test": tested.metrics,
    }


def _write_trained(
    settings: Settings,
    runner: ExperimentRunner,
    person: Params,
    film: Params,
    say: Say,
) -> None:
    """Refit both predictors on all folds and write what `publish` takes.

    `training.json` goes first and comes last: a folder without it is not
    finished.
    """
    folder = settings.trained
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TRAINING_RECORD).unlink(missing_ok=True)
    say("fitting the person predictor on all people")
    person_state = fit_person_predictor(runner.dataset, person).to_state()
    say("fitting the audience predictor on all films")
    film_state = fit_audience_predictor(runner.dataset, film).to_state()
    regions = {
        prefix: region for prefix, (_, region) in read_zip_prefixes().items()
    }
    (folder / "model.pkl").write_bytes(
        dump_payload(person_state, film_state, regions)
    )
    export_serving(settings.warehouse, folder / "serving.duckdb")
