import pytest

from models_ml.dataset import Dataset
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from tests.models_ml.person.people import small_dataset


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return small_dataset()


@pytest.fixture(scope="session")
def predictor(dataset: Dataset) -> PersonPredictor:
    return fit_person_predictor(dataset, {"rank": 4})
