"""`evaluate`: the test folds, looked at once, and the report on all runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models_ml.comparison import SERVED, compare_films, compare_people
from models_ml.errors import PlateiaError
from models_ml.evaluation.films import evaluate_films
from models_ml.evaluation.people import evaluate_people
from models_ml.evaluation.report import write_report
from models_ml.lab import TEST, Lab
from models_ml.settings import PROJECT, Settings
from models_ml.trained import RECORD


class NotTrainedError(PlateiaError):
    """There are no chosen settings to evaluate."""


def evaluate(settings: Settings, say: Callable[[str], None]) -> None:
    """Judge every candidate on the test folds and write the report.

    Settings are those that `train` chose. The report goes to `docs/`; that
    of generated data goes to `$PLATEIA_HOME/evaluation`, since its numbers
    say nothing about MovieLens. Raises NotTrainedError before `train`.
    """
    params = _chosen_params(settings)
    lab = Lab.of(settings, say)
    compare_people(lab, TEST, "test")
    evaluate_people(lab, SERVED["new_person"], params["new_person"])
    compare_films(lab, TEST, "test")
    evaluate_films(lab, SERVED["new_film"], params["new_film"])
    folder = report_folder(settings, generated=lab.generated)
    page = write_report(settings.runs, folder, lab.dataset.digest)
    say(f"report written: {page}")


def report_folder(settings: Settings, *, generated: bool) -> Path:
    """Where the report of real, or of generated, data goes."""
    return settings.home / "evaluation" if generated else PROJECT / "docs"


def _chosen_params(settings: Settings) -> dict[str, Any]:
    try:
        record = json.loads((settings.trained / RECORD).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotTrainedError(
            f"{settings.trained} holds no {RECORD}: run `python -m models_ml"
            " train` first"
        ) from error
    return dict(record["params"])
