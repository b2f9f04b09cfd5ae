"""The real MovieLens 1M, built end to end."""

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.real_data, pytest.mark.xdist_group("real")]


@pytest.fixture(scope="module")
def record(real_home: Path) -> Any:
    return json.loads((real_home / "trained/training.json").read_text())


def test_the_person_model_beats_the_film_mean_and_every_other(
    record: Any,
) -> None:
    losses = record["metrics"]["new_person"]["validation_log_loss"]
    assert min(losses, key=losses.__getitem__) == "factorisation"
    assert losses["factorisation"] < losses["film_mean"] - 0.005


def test_the_film_model_beats_the_population_and_every_other(
    record: Any,
) -> None:
    losses = record["metrics"]["new_film"]["validation_log_loss"]
    assert min(losses, key=losses.__getitem__) == "gaussian_process"
    assert losses["gaussian_process"] < losses["population"] - 0.043


def test_liking_is_calibrated_on_people_never_seen(record: Any) -> None:
    assert record["metrics"]["new_person"]["test"]["ece_liked"] < 0.01


def test_the_release_says_that_the_data_are_real(record: Any) -> None:
    assert record["data_generated"] is False
