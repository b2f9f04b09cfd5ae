import pytest

from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return small_dataset()


@pytest.fixture(scope="session")
def predictor(dataset: Dataset) -> PersonPredictor:
    return fit_person_predictor(dataset, {"rank": 4})
