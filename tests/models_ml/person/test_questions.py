"""Questions and their answers, on people whose taste no profile tells."""

from dataclasses import replace

import numpy as np
import pytest

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.answers import AnswerModel
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import (
    KnownRatings,
    PersonPredictor,
    PersonScores,
)
from models_ml.person.questions import LIST_LENGTH, best_questions
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset

NOBODY = (-1, -1, -1, -1)
NONE: IntArray = np.zeros(0, dtype=np.int64)
#: Films that were rated, even and odd ones; the last film was not.
EVEN, ODD = np.arange(0, 58, 2), np.arange(1, 59, 2)


@pytest.fixture(scope="module")
def hidden() -> Dataset:
    """Half like the even films, half the odd, whatever the gender says."""
    dataset = small_dataset(n_users=400)
    rng = np.random.default_rng(5)
    users = replace(
        dataset.users, gender=rng.permutation(dataset.users.gender)
    )
    return replace(dataset, users=users)


@pytest.fixture(scope="module")
def predictor(hidden: Dataset) -> PersonPredictor:
    return fit_person_predictor(hidden, {"rank": 4})


def asked(
    seen: object = NONE, stars: object = NONE, not_seen: object = NONE
) -> KnownRatings:
    """Answers to questions."""
    index = np.asarray(seen, dtype=np.int64)
    return KnownRatings(
        index, np.asarray(stars), np.asarray(not_seen, np.int64), index
    )


def share_of_even(scores: PersonScores) -> float:
    left = scores.interest[20:58]
    return float(left[::2].sum() / left.sum())


def test_answers_move_interest_both_ways(predictor: PersonPredictor) -> None:
    baseline = share_of_even(predictor.score(NOBODY))
    seen = share_of_even(
        predictor.score(NOBODY, asked(EVEN[:5], [4, 4, 5, 4, 5]))
    )
    not_seen = share_of_even(predictor.score(NOBODY, asked(not_seen=EVEN[:5])))
    assert seen > baseline + 0.03
    assert not_seen < baseline - 0.03


def test_a_film_asked_about_tells_another_thing_than_one_named(
    predictor: PersonPredictor,
) -> None:
    stars = np.full(5, 4)
    answered = predictor.score(NOBODY, asked(EVEN[:5], stars))
    named = predictor.score(NOBODY, KnownRatings(EVEN[:5], stars))
    assert not np.allclose(answered.interest, named.interest, rtol=0.01)
    np.testing.assert_array_equal(answered.probabilities, named.probabilities)


def test_the_order_of_answers_makes_no_difference(
    predictor: PersonPredictor,
) -> None:
    one = asked([2, 9], [5, 2], [4, 30])
    other = asked([9, 2], [2, 5], [30, 4])
    np.testing.assert_allclose(
        predictor.score(NOBODY, one).interest,
        predictor.score(NOBODY, other).interest,
        rtol=1e-9,
    )


def test_answers_are_the_linear_estimate_from_everyones(
    hidden: Dataset, predictor: PersonPredictor
) -> None:
    """Against the same estimate from a dense table of all people."""
    model = predictor.answers
    answers, seen = _dense(hidden, predictor)
    n_people = len(seen)
    own = 30 / n_people * np.eye(answers.shape[1])
    covariance = answers.T @ answers / n_people + own
    links = answers.T @ seen / n_people
    np.testing.assert_allclose(model.covariance, covariance, atol=1e-5)

    films = np.array([3, 8, 11])
    stars = np.array([5, 0, 2])
    places = model.places(films)
    np.testing.assert_array_equal(model.films[places], films)
    rows = np.stack([2 * places, 2 * places + 1], axis=1).ravel()
    interest = predictor.interest.baseline
    mean = interest[films] * (model.mean_stars[places] - model.centre)
    distance = np.where(stars > 0, stars - model.centre, 0)
    surprise = np.stack([(stars > 0) - interest[films], distance - mean], 1)
    solved = np.linalg.solve(covariance[np.ix_(rows, rows)], surprise.ravel())
    by_hand = np.maximum(interest + solved @ links[rows], 0.02 * interest)
    # half precision: within a thousandth of a probability
    np.testing.assert_allclose(
        model.posterior(interest, places, stars), by_hand, atol=1e-3
    )


def _dense(
    dataset: Dataset, predictor: PersonPredictor
) -> tuple[FloatArray, FloatArray]:
    """How far each person's answers and films seen are from expected."""
    model, ratings = predictor.answers, dataset.ratings
    stars = np.zeros((len(dataset.users), len(dataset.movies)))
    stars[ratings.user, ratings.movie] = ratings.stars
    columns = predictor.encoder.encode(dataset.users.codes())
    expected = predictor.interest.of_columns(columns)
    answers = np.empty((len(stars), 2 * len(model.films)))
    answers[:, ::2] = (stars > 0)[:, model.films]
    answers[:, 1::2] = np.where(stars > 0, stars - model.centre, 0)[
        :, model.films
    ]
    mean = expected[:, model.films]
    answers[:, ::2] -= mean
    answers[:, 1::2] -= mean * (model.mean_stars - model.centre)
    return answers, (stars > 0) - expected


def test_a_gain_is_the_mean_of_what_the_answers_would_do(
    predictor: PersonPredictor,
) -> None:
    model, scores = predictor.answers, predictor.score(NOBODY)
    everything = np.arange(len(predictor.movie_ids))
    questions = best_questions(model, scores, NONE, everything, 1)
    gains = {
        film: _gain(model, scores, place)
        for place, film in enumerate(model.films.tolist())
    }
    assert questions.films[0] == max(gains, key=lambda film: gains[film])
    assert questions.gain[0] == pytest.approx(max(gains.values()), abs=2e-4)
    assert questions.known[0] == pytest.approx(
        scores.interest[questions.films[0]]
    )
    assert questions.gain[0] > 0.005


def _gain(model: AnswerModel, scores: PersonScores, place: int) -> float:
    film = model.films[place]
    liking = scores.like_rate / scores.interest
    seen, liked = scores.interest[film], liking[film]
    answers = np.array([[0, 0], [1, model.liked], [1, model.not_liked]])
    chances = [1 - seen, seen * liked, seen * (1 - liked)]
    rows = [2 * place, 2 * place + 1]
    inverse = np.linalg.inv(model.covariance[np.ix_(rows, rows)])
    mean = seen * (scores.expected_stars[film] - model.centre)
    links = model.links[rows].astype(float) * model.scale
    gain = -_value(scores.like_rate, film)
    for answer, chance in zip(answers, chances, strict=True):
        moved = (answer - [seen, mean]) @ inverse @ links
        rate = (scores.interest + moved) * liking
        gain += chance * _value(rate, film)
    return float(gain)


def _value(rates: FloatArray, left_out: int) -> float:
    top = np.sort(np.delete(rates, left_out))[::-1][:LIST_LENGTH]
    discounts = 1 / np.log2(np.arange(LIST_LENGTH) + 2)
    return float(top @ discounts / discounts.sum())


def test_questions_are_new_and_each_is_asked_once(
    predictor: PersonPredictor,
) -> None:
    known = np.array([0, 1, 2, 3])
    scores = predictor.score(NOBODY, asked([0, 1], [5, 4], [2, 3]))
    everything = np.arange(len(predictor.movie_ids))
    questions = best_questions(
        predictor.answers, scores, known, everything, 20
    )
    assert len(questions.films) == len(np.unique(questions.films)) == 20
    assert not np.isin(questions.films, known).any()
    assert ((questions.known > 0) & (questions.known < 1)).all()
    assert (questions.gain >= 0).all()


def test_questions_run_out(predictor: PersonPredictor) -> None:
    scores = predictor.score(NOBODY)
    films = predictor.answers.films
    everything = np.arange(len(predictor.movie_ids))

    def left(known: IntArray, n: int) -> int:
        questions = best_questions(
            predictor.answers, scores, known, everything, n
        )
        return len(questions.films)

    assert left(NONE, 0) == 0
    assert left(films[2:], 5) == 2
    assert left(films, 5) == 0


def test_the_next_question_depends_on_the_answers(
    predictor: PersonPredictor,
) -> None:
    everything = np.arange(len(predictor.movie_ids))

    def following(known: KnownRatings) -> list[int]:
        films = np.concatenate([known.movie_index, known.not_seen])
        questions = best_questions(
            predictor.answers,
            predictor.score(NOBODY, known),
            films,
            np.setdiff1d(everything, films),
            3,
        )
        return questions.films.tolist()

    even = following(asked(EVEN[:6], [5] * 6, ODD[:6]))
    odd = following(asked(ODD[:6], [5] * 6, EVEN[:6]))
    assert even != odd


def test_films_named_and_films_asked_about_add_up(
    predictor: PersonPredictor,
) -> None:
    """Each says more beside the other than alone."""
    named = KnownRatings(EVEN[:3], np.full(3, 5))
    answered = asked(not_seen=ODD[:3])
    together = replace(named, not_seen=answered.not_seen)
    shares = [
        share_of_even(predictor.score(NOBODY, known))
        for known in (named, answered, together)
    ]
    assert shares[2] > max(shares[:2]) + 0.01


def test_a_film_asked_about_must_be_among_those_rated(
    predictor: PersonPredictor,
) -> None:
    known = KnownRatings(np.array([1]), np.array([4]), NONE, np.array([2]))
    with pytest.raises(ValueError, match="film 2 was asked about"):
        predictor.score(NOBODY, known)
