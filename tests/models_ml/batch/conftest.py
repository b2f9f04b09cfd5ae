"""Predictors fitted on a small dataset, and files to ask them with."""

from pathlib import Path

import pytest

from models_ml.dataset import Dataset
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.predictor import AudiencePredictor
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from tests.api.tiny import tiny_dataset

ZIP_PREFIXES = {"021": "New England", "941": "Pacific"}


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return tiny_dataset()


@pytest.fixture(scope="session")
def person(dataset: Dataset) -> PersonPredictor:
    return fit_person_predictor(dataset)


@pytest.fixture(scope="session")
def film(dataset: Dataset) -> AudiencePredictor:
    return fit_audience_predictor(dataset)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the answer goes: alone in its folder."""
    folder = tmp_path / "answers"
    folder.mkdir()
    return folder / "out.parquet"
