"""Both predictors on ratings of other steps than 1 to 5 whole stars."""

from dataclasses import dataclass

import numpy as np
import pytest

from models_ml.evaluation.person import evaluate_few_ratings
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.predictor import AudiencePredictor
from models_ml.film.protocol import Film
from models_ml.new_films.fit import join, outlooks_of
from models_ml.new_films.model import NewFilmModel
from models_ml.new_films.predictor import NewFilmPredictor
from models_ml.person.baselines import fit_class_prior, fit_segments
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.release.golden import check_person, golden_person
from models_ml.scale import RatingScale
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset

NOBODY = (-1, -1, -1, -1)
WOMAN, MAN = (0, -1, -1, -1), (1, -1, -1, -1)
SCALES = {
    "scores": RatingScale(tuple(score / 2 for score in range(11))),
    "half scores": RatingScale(tuple(half / 4 for half in range(21))),
    # nothing is disliked on it
    "three": RatingScale((1, 3, 5)),
    "two": RatingScale((2, 5)),
}


@dataclass(frozen=True)
class Fitted:
    """Both predictors, joined, on four of the five folds of people."""

    dataset: Dataset
    person: PersonPredictor
    film: AudiencePredictor
    new_films: NewFilmModel


@pytest.fixture(scope="module", params=list(SCALES.values()), ids=list(SCALES))
def fitted(request: pytest.FixtureRequest) -> Fitted:
    dataset = small_dataset(n_users=400, per_user=25, scale=request.param)
    train = dataset.of_user_folds((0, 1, 2, 3))
    film = fit_audience_predictor(train)
    alone = fit_person_predictor(train, {"rank": 3, "iterations": 6})
    person, new_films = join(train, alone, outlooks_of(train, film))
    return Fitted(dataset, person, film, new_films)


def test_answers_are_of_the_scale(fitted: Fitted) -> None:
    scale = fitted.dataset.scale
    steps = np.array([1, scale.n])
    for known in (None, KnownRatings(np.array([2, 5]), steps)):
        scores = fitted.person.score(WOMAN, known)
        np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1)
        assert scores.probabilities.min() >= 0
        assert (scores.expected_stars >= scale.stars[0]).all()
        assert (scores.expected_stars <= scale.stars[-1]).all()
        empty = np.setdiff1d(range(4), scale.classes)
        assert not scores.probabilities[:, empty].any()


def test_a_profile_and_known_ratings_tell(fitted: Fitted) -> None:
    woman, man = fitted.person.score(WOMAN), fitted.person.score(MAN)
    apart = (woman.like_rate - man.like_rate)[:-1]
    assert apart[::2].mean() > 0.02
    assert apart[1::2].mean() < -0.02
    results = evaluate_few_ratings(
        fitted.person, fitted.dataset, (4,), ks=(0, 10)
    )
    none, ten = (result.metrics() for result in results.values())
    for name in ("rmse", "mae", "log_loss"):
        assert ten[name] < none[name]
    assert ten["quadratic_kappa"] > none["quadratic_kappa"]


def test_it_beats_the_mean_of_everyone(fitted: Fitted) -> None:
    dataset = fitted.dataset
    train = dataset.of_user_folds((0, 1, 2, 3))
    ratings = dataset.of_user_folds((4,)).ratings
    codes = dataset.users.codes()[ratings.user]
    actual = dataset.scale.values_of(ratings.stars)
    errors = [
        np.sqrt(np.mean((stars - actual) ** 2))
        for stars in (
            fit_class_prior(train, {}).predict(codes, ratings.movie)[1],
            fit_segments(
                train, {"film_ratings": 10.0, "segment_ratings": 40.0}
            ).predict(codes, ratings.movie)[1],
            fitted.person.score_pairs(codes, ratings.movie).expected_stars,
        )
    ]
    assert errors[2] < errors[1] < errors[0]


def test_a_film_nobody_rated_is_answered_as_its_audience(
    fitted: Fitted,
) -> None:
    asked = Film("A story", 1999, ("Drama",))
    described = NewFilmPredictor(
        fitted.new_films, fitted.person, fitted.film
    ).describe([asked])
    thresholds = described.tables.thresholds
    assert (np.diff(thresholds, axis=1) > 0).all()
    person = fitted.person.score_new(NOBODY, described).probabilities[0]
    audience = fitted.film.outlook(asked).probabilities
    # a nobody is of all people, an audience of those who rate
    np.testing.assert_allclose(person, audience, atol=0.05)


def test_golden_answers_survive_plain_data(fitted: Fitted) -> None:
    again = PersonPredictor.from_state(fitted.person.to_state())
    check_person(again, golden_person(fitted.person))
