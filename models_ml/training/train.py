"""Training: choose the best candidate for each question, then refit it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from models_ml.allocator import keep_freed_memory
from models_ml.experiments.comparison import (
    SERVED,
    best_of,
    compare,
    film_experiment,
    person_experiment,
)
from models_ml.experiments.processes import in_parallel
from models_ml.experiments.runner import SELECTION, TEST, ExperimentRunner
from models_ml.experiments.runs import Run, library_versions, load_losses
from models_ml.experiments.search import search_films, search_people
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.outlook import Outlook
from models_ml.log import LOGGER
from models_ml.metrics.bootstrap import weighted_mean
from models_ml.new_films.fit import join, outlooks_of
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from models_ml.profile.zip_prefixes import read_zip_prefixes
from models_ml.release.manifest import TRAINING_RECORD
from models_ml.release.payload import dump_payload
from models_ml.settings import Settings
from models_ml.training.record import inputs_digest, write_record
from models_ml.warehouse.dataset import Dataset
from models_ml.warehouse.export import export_serving


def train(settings: Settings, *, search: bool) -> None:
    """Compare the candidates, measure the winners, refit them on all data.

    With `search`, settings are searched first, on the validation folds.
    Every run is saved below `settings.runs`; `settings.trained` is left with
    what `publish` takes.
    """
    keep_freed_memory()
    runner = ExperimentRunner.of(settings)
    LOGGER.info(
        f"{len(runner.dataset.ratings):,} ratings by"
        f" {len(runner.dataset.users):,} people of"
        f" {len(runner.dataset.movies):,} films"
    )
    people, films = compare(runner, SELECTION, "validation")
    if search:
        people |= search_people(runner, SERVED["new_person"], people)
        films |= search_films(runner, SERVED["new_film"], films)
    person = _chosen("new_person", people)
    film = _chosen("new_film", films)
    LOGGER.info(
        "refitting both predictors on all folds, and measuring on the last"
    )
    folder = _begun(settings)
    fitted = _refitted(runner, person, film, settings)
    vocabulary = runner.dataset.vocabulary
    record = {
        "inputs": inputs_digest(settings),
        "data_digest": runner.dataset.digest,
        "data_kind": runner.data_kind,
        "data_generated": runner.data_kind.is_generated,
        "libraries": library_versions(),
        "feature_names": [
            *vocabulary.dimensions,
            *("title", "year"),
            *vocabulary.genres,
        ],
        "params": {"new_person": person.params, "new_film": film.params},
        "metrics": {
            "new_person": _summary(runner, people, person, fitted.person_test),
            "new_film": _summary(runner, films, film, fitted.film_test),
        },
    }
    _write_model(folder, fitted)
    write_record(settings, record)


@dataclass(frozen=True)
class _Refitted:
    """The winners' states, fitted on all folds, and their test runs."""

    person: dict[str, Any]
    film: dict[str, Any]
    new_films: dict[str, Any]
    person_test: Run
    film_test: Run


def _refitted(
    runner: ExperimentRunner, person: Run, film: Run, settings: Settings
) -> _Refitted:
    """The winners on all folds; `serving.duckdb` is written meanwhile."""
    tests = (
        person_experiment(
            runner, TEST, "test", person.candidate, person.params
        ),
        film_experiment(runner, TEST, "test", film.candidate, film.params),
    )
    dataset = runner.dataset
    works: list[Callable[[], Any]] = [
        lambda: fit_person_predictor(dataset, person.params).to_state(),
        lambda: _fitted_film(dataset, film.params),
        lambda: export_serving(
            settings.tables, settings.trained / "serving.duckdb"
        ),
        *(partial(runner.measure, test) for test in tests),
    ]
    person_state, (film_state, outlooks), _, *tested = in_parallel(works)
    joined, new_films = join(
        dataset, PersonPredictor.from_state(person_state), outlooks
    )
    return _Refitted(
        joined.to_state(),
        film_state,
        new_films.to_state(),
        *(runner.keep(*each) for each in tested),
    )


def _fitted_film(
    dataset: Dataset, params: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Outlook]]:
    """The predictor's state, and what it tells the person predictor."""
    predictor = fit_audience_predictor(dataset, params)
    return predictor.to_state(), outlooks_of(dataset, predictor)


def _chosen(task: str, runs: Mapping[str, Run]) -> Run:
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
        LOGGER.info(
            f"{task}: NOTE {best} has a lower validation log-loss than"
            f" {chosen.candidate}, and cannot be served"
        )
    LOGGER.info(f"{task}: {chosen.candidate} is kept")
    return chosen


def _summary(
    runner: ExperimentRunner, runs: Mapping[str, Run], chosen: Run, tested: Run
) -> dict[str, Any]:
    """What the manifest tells of a model: how it compared, how it did."""
    return {
        "candidate": chosen.candidate,
        "lowest_validation_log_loss": best_of(runs),
        "validation_log_loss": {
            name: run.metrics["log_loss"] for name, run in runs.items()
        },
        "validation": _validation(runner.runs, chosen),
        "test": tested.metrics,
    }


def _validation(folder: Path, chosen: Run) -> dict[str, Any]:
    """The log-loss on unseen folds and its interval: `publish` compares."""
    losses = load_losses(folder, chosen.run_id)
    mean = weighted_mean(losses["log_loss"], losses["n_ratings"])
    return {"log_loss": mean.value, "interval": [mean.low, mean.high]}


def _begun(settings: Settings) -> Path:
    """The folder of what `publish` takes, without `training.json`.

    That goes first and comes last: a folder without it is not finished.
    """
    folder = settings.trained
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TRAINING_RECORD).unlink(missing_ok=True)
    return folder


def _write_model(folder: Path, fitted: _Refitted) -> None:
    regions = {
        prefix: region for prefix, (_, region) in read_zip_prefixes().items()
    }
    (folder / "model.pkl").write_bytes(
        dump_payload(fitted.person, fitted.film, fitted.new_films, regions)
    )
