import numpy as np

from models_ml.experiments.film_candidates import FILM_CANDIDATES
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.predictor import Film
from tests.models_ml.film.generated import audiences


def test_the_process_answers_as_the_predictor_that_is_released() -> None:
    """Though it learns nothing of known films without their ratings."""
    dataset = audiences(n_users=400, n_movies=80)
    candidate = FILM_CANDIDATES["gaussian_process"]
    films = [Film("A", 1999, ("Romance",)), Film("Story 3", 1955, ("Action",))]
    released = fit_audience_predictor(dataset, candidate.defaults)
    by = ("gender", "age_group")
    np.testing.assert_array_equal(
        candidate.fit(dataset).shares(films),
        [released.predict(film, by).reach for film in films],
    )
