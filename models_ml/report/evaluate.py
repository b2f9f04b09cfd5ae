"""`evaluate`: the test folds, looked at once, and the report on all runs."""

import json
from pathlib import Path
from typing import Any

from models_ml.data_kind import DataKind
from models_ml.errors import PlateiaError
from models_ml.experiments.comparison import SERVED, compare
from models_ml.experiments.runner import TEST, ExperimentRunner
from models_ml.log import LOGGER
from models_ml.release.manifest import TRAINING_RECORD
from models_ml.report.film_runs import evaluate_films
from models_ml.report.new_film_runs import evaluate_new_films
from models_ml.report.person_runs import evaluate_people
from models_ml.report.write_report import write_report
from models_ml.settings import PROJECT, Settings


class NotTrainedError(PlateiaError):
    """There are no chosen settings to evaluate."""


def evaluate(settings: Settings) -> None:
    """Judge every candidate on the test folds and write the report.

    Settings are those that `train` chose. The report of MovieLens 1M goes to
    `docs/`, that of all other data to `$PLATEIA_HOME/evaluation`: the
    project's pages tell of that data set alone. Raises NotTrainedError before
    `train`.
    """
    params = _chosen_params(settings)
    runner = ExperimentRunner.of(settings)
    compare(runner, TEST, "test")
    evaluate_people(runner, SERVED["new_person"], params["new_person"])
    evaluate_films(runner, SERVED["new_film"], params["new_film"])
    evaluate_new_films(runner, params["new_person"], params["new_film"])
    folder = report_folder(settings, runner.data_kind)
    page = write_report(settings.runs, folder, runner.dataset.digest)
    LOGGER.info(f"report written: {page}")


def report_folder(settings: Settings, kind: DataKind) -> Path:
    """Where the report of data of a kind goes."""
    is_published = kind is DataKind.ML_1M
    return PROJECT / "docs" if is_published else settings.home / "evaluation"


def _chosen_params(settings: Settings) -> dict[str, Any]:
    try:
        record = json.loads(
            (settings.trained / TRAINING_RECORD).read_text("utf-8")
        )
    except FileNotFoundError as error:
        raise NotTrainedError(
            f"{settings.trained} holds no {TRAINING_RECORD}: run"
            " `python -m models_ml train` first"
        ) from error
    return dict(record["params"])
