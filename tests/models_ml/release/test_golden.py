"""What golden predictions would notice."""

from typing import Any

import numpy as np
import pytest

from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from models_ml.release.golden import (
    GoldenMismatch,
    check_person,
    golden_person,
)
from tests.models_ml.person.people import small_dataset


@pytest.fixture(scope="module")
def state() -> dict[str, Any]:
    return fit_person_predictor(small_dataset(), {"rank": 4}).to_state()


def test_a_predictor_gives_its_own_golden_answers(
    state: dict[str, Any],
) -> None:
    predictor = PersonPredictor.from_state(state)
    golden = golden_person(predictor)
    check_person(PersonPredictor.from_state(state), golden)
    stars = {n for one in golden for _, n in one.answered}
    assert stars == {0, 5}


@pytest.mark.parametrize("table", ["links", "covariance", "mean_stars"])
def test_other_tables_of_answers_are_noticed(
    state: dict[str, Any], table: str
) -> None:
    golden = golden_person(PersonPredictor.from_state(state))
    answers = {
        **state["answers"],
        table: (1.1 * state["answers"][table]).astype(np.float32),
    }
    changed = PersonPredictor.from_state({**state, "answers": answers})
    with pytest.raises(GoldenMismatch):
        check_person(changed, golden)
