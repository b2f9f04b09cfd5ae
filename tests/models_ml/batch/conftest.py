"""Predictors fitted on a small dataset, and a place for their answers."""

from pathlib import Path
from typing import Any

import pytest

from models_ml.film.predictor import AudiencePredictor
from models_ml.release.payload import load_payload
from models_ml.release.predictors import Predictors, predictors_of
from tests.models_ml.tiny_trained import tiny_trained


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `train` leaves; not to be changed."""
    return tiny_trained(tmp_path_factory)


@pytest.fixture(scope="session")
def payload(tiny: Path) -> dict[str, Any]:
    return load_payload((tiny / "model.pkl").read_bytes())


@pytest.fixture(scope="session")
def predictors(payload: dict[str, Any]) -> Predictors:
    return predictors_of(payload)


@pytest.fixture(scope="session")
def film(predictors: Predictors) -> AudiencePredictor:
    return predictors.film


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the answer goes: alone in its folder."""
    folder = tmp_path / "answers"
    folder.mkdir()
    return folder / "out.parquet"
