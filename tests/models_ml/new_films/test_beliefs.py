"""One belief about a film nobody has rated, in both predictors' answers."""

from itertools import pairwise

import numpy as np
import pytest

from models_ml.arrays import FloatArray
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.predictor import AudiencePredictor
from models_ml.film.protocol import Film
from models_ml.new_films.fit import (
    NewFilmParams,
    fit_new_films,
    outlooks_of,
    own_share,
    with_beliefs,
)
from models_ml.new_films.model import NewFilmModel
from models_ml.new_films.predictor import NewFilmPredictor
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.source.movielens_levels import GENRES, MOVIELENS_1M
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset, Ratings
from tests.models_ml.film.generated import audiences

NOBODY = (-1, -1, -1, -1)
FILMS = (
    Film("A story", 1999, ("Romance",)),
    Film("Another", 1955, ("Action",)),
    Film("No genre", None, ()),
    Film("Both, in a year to come", 2010, ("Action", "Romance", "Opera")),
)
#: Of the probability of liking, from the audience's answer. What a profile
#: changes is learnt of people here and of ratings there.
MARGIN_OF_EVERYONE = 0.02
MARGIN_OF_SEGMENTS = 0.1


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return audiences(n_users=800, n_movies=150)


@pytest.fixture(scope="module")
def film(dataset: Dataset) -> AudiencePredictor:
    return fit_audience_predictor(dataset)


@pytest.fixture(scope="module")
def plain(dataset: Dataset) -> PersonPredictor:
    return fit_person_predictor(dataset, {"rank": 4, "iterations": 8})


@pytest.fixture(scope="module")
def model(dataset: Dataset, plain: PersonPredictor) -> NewFilmModel:
    return fit_new_films(dataset, plain)


def liked(scores: FloatArray) -> FloatArray:
    return np.asarray(scores[..., 2:].sum(axis=-1))


@pytest.mark.parametrize("asked", FILMS, ids=lambda film: film.title)
def test_what_people_think_adds_up_to_what_the_audience_does(
    asked: Film,
    film: AudiencePredictor,
    plain: PersonPredictor,
    model: NewFilmModel,
) -> None:
    described = NewFilmPredictor(model, plain, film).describe([asked])
    audience = film.predict(asked, ("gender", "age_group"))
    codes = np.array([(g, a, -1, -1) for g in range(2) for a in range(7)])
    people = plain.score_new_pairs(codes, np.zeros(14, int), described)
    by_segment = liked(people.probabilities)
    theirs = liked(audience.probabilities)
    assert abs(audience.reach @ (by_segment - theirs)) < MARGIN_OF_EVERYONE
    apart = np.abs(by_segment - theirs)
    assert audience.reach @ apart < MARGIN_OF_SEGMENTS
    if len(asked.genres) == 1:  # segments differ by more than the margin
        assert np.corrcoef(by_segment, theirs)[0, 1] > 0.8


def test_interest_adds_up_to_the_expected_number_of_raters(
    dataset: Dataset,
    film: AudiencePredictor,
    plain: PersonPredictor,
    model: NewFilmModel,
) -> None:
    described = NewFilmPredictor(model, plain, film).describe(FILMS)
    codes = np.repeat(dataset.users.codes(), len(FILMS), axis=0)
    index = np.tile(np.arange(len(FILMS)), len(dataset.users))
    interest = plain.score_new_pairs(codes, index, described).interest
    total = np.bincount(index, interest)
    for asked, n_raters in zip(FILMS, total, strict=True):
        assert n_raters == pytest.approx(
            film.outlook(asked).n_raters, rel=0.15
        )


def test_a_film_nobody_rated_is_answered_as_if_it_were_described(
    dataset: Dataset,
    film: AudiencePredictor,
) -> None:
    last = len(dataset.movies) - 1
    unrated = dataset.of_movies(np.arange(last + 1) < last)
    person = fit_person_predictor(unrated, {"rank": 4, "iterations": 8})
    film = fit_audience_predictor(unrated)
    model = fit_new_films(unrated, person)
    joined = with_beliefs(person, outlooks_of(unrated, film), model, unrated)
    same = Film(
        dataset.movies.title[last],
        int(dataset.movies.year[last]),
        tuple(np.array(GENRES)[dataset.movies.genres[last]].tolist()),
    )
    described = NewFilmPredictor(model, joined, film).describe([same])
    for rated in (None, KnownRatings(np.array([1, 5]), np.array([5, 1]))):
        known = joined.score((0, 2, 3, 4), rated).probabilities[last]
        new = joined.score_new((0, 2, 3, 4), described, rated)
        np.testing.assert_allclose(new.probabilities[0], known, atol=1e-9)


def with_loved_film(dataset: Dataset, n_ratings: int) -> Dataset:
    """Film 0 has so many ratings, all of 5 stars."""
    ratings = dataset.ratings
    kept = ratings.where(ratings.movie != 0)
    return count_dataset(
        MOVIELENS_1M,
        dataset.users,
        dataset.movies,
        Ratings(
            np.concatenate([kept.user, np.arange(n_ratings)]),
            np.concatenate([kept.movie, np.zeros(n_ratings, int)]),
            np.concatenate([kept.stars, np.full(n_ratings, 5)]),
            np.zeros(len(kept) + n_ratings, np.int64),
        ),
        dataset.digest,
    )


def test_a_film_passes_smoothly_from_what_is_believed_to_its_ratings(
    dataset: Dataset,
) -> None:
    expected = []
    for n_ratings in (0, 1, 5, 20, 50, 99, 101, 200):
        rated = with_loved_film(dataset, n_ratings)
        person = fit_person_predictor(rated, {"rank": 4, "iterations": 8})
        film = fit_audience_predictor(rated)
        model = fit_new_films(rated, person)
        joined = with_beliefs(person, outlooks_of(rated, film), model, rated)
        expected.append(float(joined.score(NOBODY).expected_stars[0]))
    steps = np.array([after - before for before, after in pairwise(expected)])
    assert (steps > -0.02).all(), expected
    assert steps.max() < 0.5 * (expected[-1] - expected[0]), expected


def test_the_share_of_a_films_own_ratings_grows_without_a_jump() -> None:
    params = NewFilmParams()
    share = own_share(np.arange(300.0), params)
    assert share[0] == 0
    assert share[int(params.enough_ratings) :].min() == 1
    assert (np.diff(share) >= 0).all()
    assert np.diff(share)[int(params.prior_ratings) :].max() < 0.1


def test_a_model_survives_as_plain_data(model: NewFilmModel) -> None:
    again = NewFilmModel.from_state(model.to_state())
    for name, value in vars(model).items():
        np.testing.assert_array_equal(getattr(again, name), value)
