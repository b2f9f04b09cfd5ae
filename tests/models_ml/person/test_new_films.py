"""Films outside the catalogue are scored as those in it."""

import numpy as np
import pytest

from models_ml.arrays import IntArray
from models_ml.person.films import NewFilms
from models_ml.person.predictor import KnownRatings, PersonPredictor

ROWS = np.array([3, 40, 11])
RATED = KnownRatings(
    np.array([5, 8, 21]), np.array([5, 1, 4]), not_seen=np.array([30])
)


@pytest.fixture(scope="module")
def described(predictor: PersonPredictor) -> NewFilms:
    """Some of the catalogue's films, described by what is known of them."""
    interest = predictor.interest
    return NewFilms(
        tables=predictor.films.of(ROWS),
        baseline=interest.baseline[ROWS],
        effects=interest.effects[:, ROWS],
        alike=ROWS[:, None],
        alike_weights=np.ones((len(ROWS), 1)),
    )


@pytest.mark.parametrize("rated", [None, RATED])
@pytest.mark.parametrize("codes", [(0, 2, 12, 8), (-1, 3, -1, -2), (-1,) * 4])
def test_a_film_described_by_what_is_known_of_it_has_its_scores(
    predictor: PersonPredictor,
    described: NewFilms,
    codes: tuple[int, int, int, int],
    rated: KnownRatings | None,
) -> None:
    new = predictor.score_new(codes, described, rated)
    known = predictor.score(codes, rated)
    for name in vars(known):
        np.testing.assert_allclose(
            getattr(new, name), getattr(known, name)[ROWS], atol=1e-12
        )


@pytest.mark.parametrize("rated", [None, RATED])
def test_pairs_are_scored_as_each_alone(
    predictor: PersonPredictor,
    described: NewFilms,
    rated: KnownRatings | None,
) -> None:
    codes: IntArray = np.array(
        [(0, 2, 12, 8), (1, 1, 4, -1), (0, 2, 12, 8), (-1, -1, -1, -1)]
    )
    films = np.array([2, 0, 1, 2])
    pairs = predictor.score_new_pairs(codes, films, described, rated)
    for k, (profile, film) in enumerate(zip(codes, films, strict=True)):
        gender, age, occupation, region = profile.tolist()
        alone = predictor.score_new(
            (gender, age, occupation, region), described, rated
        )
        for name in vars(alone):
            np.testing.assert_allclose(
                getattr(pairs, name)[k], getattr(alone, name)[film], atol=1e-12
            )
