"""Training: compare the candidates for each question, fit what is served."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from models_ml.allocator import keep_freed_memory
from models_ml.experiments.comparison import (
    DEFAULTS,
    SERVED,
    ServedSettings,
    best_of,
    by_candidate,
    comparison,
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


def train(
    runner: ExperimentRunner, settings: Settings, *, search: bool
) -> None:
    """Compare the candidates, measure those served, refit them on all data.

    With `search`, their settings are searched first, on the validation folds.
    Every run is saved below `settings.runs`; `settings.trained` is left with
    what `publish` takes.
    """
    keep_freed_memory()
    LOGGER.info(
        f"{len(runner.dataset.ratings):,} ratings by"
        f" {len(runner.dataset.users):,} people of"
        f" {len(runner.dataset.movies):,} films"
    )
    served = _searched(runner) if search else DEFAULTS
    folder = _begun(settings)
    fitted = _fitted(runner, served, settings)
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
        "params": {task: dict(of) for task, of in served.items()},
        "metrics": {
            task: _summary(runner, fitted.compared[task], fitted.tests[task])
            for task in SERVED
        },
    }
    _write_model(folder, fitted)
    write_record(settings, record)


def _searched(runner: ExperimentRunner) -> ServedSettings:
    person = search_people(runner, SERVED["new_person"])
    film = search_films(runner, SERVED["new_film"])
    return {"new_person": person.params, "new_film": film.params}


@dataclass(frozen=True)
class _Fitted:
    """What was compared, and the states of what is served."""

    compared: Mapping[str, Mapping[str, Run]]
    """By task and candidate, on the validation fold."""
    tests: Mapping[str, Run]
    """By task: the served candidate's, on the last fold."""
    person: dict[str, Any]
    film: dict[str, Any]
    new_films: dict[str, Any]


def _fitted(
    runner: ExperimentRunner, served: ServedSettings, settings: Settings
) -> _Fitted:
    """All fits at once, and `serving.duckdb`.

    Which candidates a release can serve does not depend on the comparison,
    so that none of the processes has to wait for its slowest candidate.
    """
    dataset = runner.dataset
    person, film = served["new_person"], served["new_film"]
    experiments = [
        *comparison(runner, SELECTION, "validation", served),
        person_experiment(runner, TEST, "test", SERVED["new_person"], person),
        film_experiment(runner, TEST, "test", SERVED["new_film"], film),
    ]
    works: list[Callable[[], Any]] = [
        *(partial(runner.measure, experiment) for experiment in experiments),
        # on many ratings this takes longest: begun last, it would be alone
        lambda: export_serving(
            settings.tables, settings.trained / "serving.duckdb"
        ),
        lambda: _fitted_film(dataset, film),
        lambda: fit_person_predictor(dataset, person).to_state(),
    ]
    done = in_parallel(works)
    runs = [runner.keep(*each) for each in islice(done, len(experiments))]
    _, (film_state, outlooks), person_state = done
    joined, new_films = join(
        dataset, PersonPredictor.from_state(person_state), outlooks
    )
    *compared, person_test, film_test = runs
    return _Fitted(
        by_candidate(compared),
        {"new_person": person_test, "new_film": film_test},
        joined.to_state(),
        film_state,
        new_films.to_state(),
    )


def _fitted_film(
    dataset: Dataset, params: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Outlook]]:
    """The predictor's state, and what it tells the person predictor."""
    predictor = fit_audience_predictor(dataset, params)
    return predictor.to_state(), outlooks_of(dataset, predictor)


def _summary(
    runner: ExperimentRunner, compared: Mapping[str, Run], tested: Run
) -> dict[str, Any]:
    """What the manifest tells of a model: how it compared, how it did.

    Where another candidate has a lower loss, as can happen on very little
    data, that is said and recorded: it cannot answer all that the API is
    asked.
    """
    best = best_of(compared)
    chosen = compared[tested.candidate]
    if best != chosen.candidate:
        LOGGER.info(
            f"{chosen.task}: NOTE {best} has a lower validation log-loss than"
            f" {chosen.candidate}, and cannot be served"
        )
    LOGGER.info(f"{chosen.task}: {chosen.candidate} is kept")
    return {
        "candidate": chosen.candidate,
        "lowest_validation_log_loss": best,
        "validation_log_loss": {
            name: run.metrics["log_loss"] for name, run in compared.items()
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


def _write_model(folder: Path, fitted: _Fitted) -> None:
    regions = {
        prefix: region for prefix, (_, region) in read_zip_prefixes().items()
    }
    (folder / "model.pkl").write_bytes(
        dump_payload(fitted.person, fitted.film, fitted.new_films, regions)
    )
