"""What `train` leaves for a small dataset: fitted once for all workers."""

import json
import os
import shutil
from pathlib import Path

import pytest

from models_ml.film.fit import fit_audience_predictor
from models_ml.new_films.fit import join, outlooks_of
from models_ml.person.fit import fit_person_predictor
from models_ml.release.payload import dump_payload
from tests.api.tiny import tiny_dataset, write_serving
from tests.conftest import locked

ZIP_PREFIXES = {"021": "New England", "941": "Pacific"}


def tiny_trained(factory: pytest.TempPathFactory) -> Path:
    """The folder that `train` leaves; not to be changed."""
    base = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    folder = base / "tiny-trained"
    with locked(base / "tiny-trained.lock"):
        if not folder.exists():
            _write(base / "tiny-trained-in-work")
            (base / "tiny-trained-in-work").rename(folder)
    return folder


def changed(trained: Path, copy: Path, log_loss: float = 0.5) -> Path:
    """A copy that makes another release, since its metrics differ."""
    shutil.copytree(trained, copy)
    record = json.loads((copy / "training.json").read_text())
    record["metrics"]["person"]["log_loss"] = log_loss
    (copy / "training.json").write_text(json.dumps(record))
    return copy


def _write(folder: Path) -> None:
    dataset = tiny_dataset()
    film = fit_audience_predictor(dataset)
    person, new_films = join(
        dataset, fit_person_predictor(dataset), outlooks_of(dataset, film)
    )
    folder.mkdir()
    (folder / "model.pkl").write_bytes(
        dump_payload(
            person.to_state(),
            film.to_state(),
            new_films.to_state(),
            ZIP_PREFIXES,
        )
    )
    write_serving(dataset, folder / "serving.duckdb")
    training = {
        "data_digest": dataset.digest,
        "data_kind": "generated",
        "data_generated": True,
        "metrics": {"person": {"log_loss": 0.91}},
        "libraries": {"numpy": "2.4.6"},
        "seconds": 1.5,
    }
    (folder / "training.json").write_text(json.dumps(training))
