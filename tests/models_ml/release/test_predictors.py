"""The parts of a payload answer together, in the words of one data set."""

from typing import Any

import pytest

from models_ml.release.payload import PayloadError, load_payload
from models_ml.release.predictors import predictors_of
from models_ml.source.movielens_levels import MOVIELENS_1M
from tests.models_ml.tiny_trained import tiny_trained


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return load_payload(
        (tiny_trained(tmp_path_factory) / "model.pkl").read_bytes()
    )


def test_predictors_have_the_vocabulary_of_their_data(
    payload: dict[str, Any],
) -> None:
    assert predictors_of(payload).vocabulary == MOVIELENS_1M


def test_predictors_of_different_words_are_refused(
    payload: dict[str, Any],
) -> None:
    rows = [dict(row) for row in payload["film"]["vocabulary"]]
    rows[0]["name"] = "another"
    changed = payload | {"film": payload["film"] | {"vocabulary": rows}}
    with pytest.raises(PayloadError, match="their levels differ"):
        predictors_of(changed)


def test_a_zip_prefix_of_no_region_is_refused(payload: dict[str, Any]) -> None:
    changed = payload | {"zip_prefixes": {"9": "Mars"}}
    with pytest.raises(PayloadError, match="'Mars' for the ZIP prefix '9'"):
        predictors_of(changed)
