"""Training: choose the best candidate for each question, then refit it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models_ml.dataset import Dataset
from models_ml.experiments import library_versions
from models_ml.film.fit import fit_audience_predictor
from models_ml.person.fit import fit_person_predictor
from models_ml.release.payload import dump_payload
from models_ml.warehouse import export_serving, read_zip_prefixes


def write_trained(
    folder: Path,
    warehouse: Path,
    dataset: Dataset,
    record: dict[str, Any],
    say: Callable[[str], None],
) -> None:
    """Refit both predictors on all folds and leave what `publish` takes.

    `record` becomes `training.json`, written last: a folder without it is
    not finished.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "training.json").unlink(missing_ok=True)
    say("fitting the person predictor on all people")
    person = fit_person_predictor(dataset)
    say("fitting the audience predictor on all films")
    film = fit_audience_predictor(dataset)
    regions = {
        prefix: region for prefix, (_, region) in read_zip_prefixes().items()
    }
    payload = dump_payload(person.to_state(), film.to_state(), regions)
    (folder / "model.pkl").write_bytes(payload)
    export_serving(warehouse, folder / "serving.duckdb")
    text = json.dumps(
        record | {"libraries": library_versions()}, indent=1, sort_keys=True
    )
    (folder / "training.json").write_text(text + "\n", "utf-8")
