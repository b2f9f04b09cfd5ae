import numpy as np

from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.person.fit import fit_person_predictor
from tests.models_ml.person.people import small_dataset


def test_the_factorisation_answers_as_the_predictor_that_is_released() -> None:
    """Though it learns nothing of what moves once ratings are known."""
    dataset = small_dataset()
    candidate = PERSON_CANDIDATES["factorisation"]
    fitted = candidate.fit(dataset)
    released = fit_person_predictor(dataset, candidate.defaults)
    codes = np.repeat([[0, 2, 4, 1], [-1, -1, -1, -1]], 60, axis=0)
    film = np.tile(np.arange(60), 2)
    probabilities, stars = fitted.predict(codes, film)
    scores = released.score_pairs(codes, film)
    np.testing.assert_array_equal(probabilities, scores.probabilities)
    np.testing.assert_array_equal(stars, scores.expected_stars)
