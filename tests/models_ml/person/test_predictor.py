import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import (
    KnownRatings,
    PersonPredictor,
    PersonScores,
)
from models_ml.vocabulary import FILM_RANKINGS
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset, with_stars

WOMAN = (0, 2, 4, 1)
MAN = (1, 2, 4, 1)
NOBODY = (-1, -1, -1, -1)
PROFILES = [WOMAN, MAN, NOBODY, (1, -1, -1, -2), (-1, 3, -1, 5)]
RATED = KnownRatings(np.array([3, 0, 8]), np.array([5, 1, 4]))


def assert_same(left: PersonScores, right: PersonScores, atol: float) -> None:
    for name in PersonScores.__dataclass_fields__:
        np.testing.assert_allclose(
            getattr(left, name), getattr(right, name), rtol=0, atol=atol
        )


@pytest.mark.parametrize("codes", PROFILES)
@pytest.mark.parametrize("rated", [None, RATED], ids=["new", "rated"])
def test_scores_are_probabilities_and_stars(
    predictor: PersonPredictor,
    codes: tuple[int, int, int, int],
    rated: KnownRatings | None,
) -> None:
    scores = predictor.score(codes, rated)
    np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1)
    assert scores.probabilities.min() >= 0
    assert scores.expected_stars.min() >= 1
    assert scores.expected_stars.max() <= 5
    assert scores.interest.min() > 0
    assert scores.interest.max() < 1
    assert (scores.like_rate <= scores.interest).all()


@pytest.mark.parametrize("rated", [None, RATED], ids=["new", "rated"])
def test_pairs_have_the_scores_of_the_catalogue(
    predictor: PersonPredictor, rated: KnownRatings | None
) -> None:
    rng = np.random.default_rng(3)
    chosen = rng.integers(len(PROFILES), size=300)
    film = rng.integers(len(predictor.movie_ids), size=300)
    pairs = predictor.score_pairs(np.array(PROFILES)[chosen], film, rated)
    for number, codes in enumerate(PROFILES):
        whole = predictor.score(codes, rated)
        rows = chosen == number
        for name in PersonScores.__dataclass_fields__:
            np.testing.assert_allclose(
                getattr(pairs, name)[rows],
                getattr(whole, name)[film[rows]],
                rtol=0,
                atol=1e-12,
            )


def test_no_pairs_give_no_scores(predictor: PersonPredictor) -> None:
    scores = predictor.score_pairs(np.zeros((0, 4), int), np.zeros(0, int))
    assert scores.probabilities.shape == (0, 4)


def test_the_state_is_plain_data_and_gives_an_equal_predictor(
    predictor: PersonPredictor,
) -> None:
    state = pickle.loads(pickle.dumps(predictor.to_state()))  # noqa: S301
    assert_plain(state)
    again = PersonPredictor.from_state(state)
    for rated in (None, RATED):
        assert_same(
            again.score(WOMAN, rated), predictor.score(WOMAN, rated), 0
        )


def assert_plain(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            assert type(key) is str
            assert_plain(item)
    elif isinstance(value, list):
        for item in value:
            assert_plain(item)
    else:
        plain = (int, float, str, bool, type(None), np.ndarray)
        assert type(value) in plain, value


def test_profiles_move_taste_and_interest(
    predictor: PersonPredictor,
) -> None:
    woman, man = predictor.score(WOMAN), predictor.score(MAN)
    even = np.arange(len(predictor.movie_ids) - 1) % 2 == 0
    more_stars = (woman.expected_stars - man.expected_stars)[:-1]
    assert more_stars[even].mean() > 0.3
    assert more_stars[~even].mean() < -0.3
    more_interest = (woman.interest - man.interest)[:-1]
    assert more_interest[even].mean() > 0.02
    assert more_interest[~even].mean() < -0.02


def test_an_unknown_gender_lies_between_the_two(
    predictor: PersonPredictor,
) -> None:
    unknown = predictor.score((-1, *WOMAN[1:]))
    pair = np.stack(
        [predictor.score(codes).expected_stars for codes in (WOMAN, MAN)]
    )
    assert (unknown.expected_stars >= pair.min(axis=0) - 1e-9).all()
    assert (unknown.expected_stars <= pair.max(axis=0) + 1e-9).all()


def test_nobody_in_particular_gets_the_baseline(
    predictor: PersonPredictor,
) -> None:
    scores = predictor.score(NOBODY)
    np.testing.assert_array_equal(scores.like_rate, scores.baseline_like_rate)
    distinct = predictor.rank_scores(scores, "distinctive")
    np.testing.assert_allclose(distinct, 0, atol=1e-7)


def test_a_region_in_the_us_differs_from_a_region_unknown(
    predictor: PersonPredictor,
) -> None:
    here = predictor.encoder.encode(np.array([[-1, -1, -1, -2]]))
    anywhere = predictor.encoder.encode(np.array([[-1, -1, -1, -1]]))
    assert abs(here - anywhere).max() > 0.01


def test_high_ratings_raise_the_expected_stars(
    predictor: PersonPredictor,
) -> None:
    films = np.arange(0, 20, 2)
    kind = KnownRatings(films, np.full(10, 5))
    harsh = KnownRatings(films, np.full(10, 2))
    more = predictor.score(MAN, kind).expected_stars
    less = predictor.score(MAN, harsh).expected_stars
    assert (more > less).all()


def test_ratings_move_interest_between_films_and_keep_its_total(
    predictor: PersonPredictor,
) -> None:
    odd = KnownRatings(np.arange(1, 21, 2), np.full(10, 4))
    before = predictor.score(WOMAN).interest
    after = predictor.score(WOMAN, odd).interest
    assert after.sum() == pytest.approx(before.sum(), rel=0.01)
    share = [interest[21:-1:2].sum() for interest in (before, after)]
    assert share[1] > share[0] * 1.02


def test_a_film_not_seen_takes_interest_from_films_like_it(
    predictor: PersonPredictor,
) -> None:
    even = KnownRatings(
        np.zeros(0, int), np.zeros(0, int), not_seen=np.arange(0, 20, 2)
    )
    before = predictor.score(NOBODY)
    after = predictor.score(NOBODY, even)
    share = [
        scores.interest[20:-1:2].sum() / scores.interest[20:-1].sum()
        for scores in (before, after)
    ]
    assert share[1] < share[0] * 0.99
    np.testing.assert_array_equal(after.probabilities, before.probabilities)


def test_the_order_of_ratings_does_not_matter(
    predictor: PersonPredictor,
) -> None:
    turned = KnownRatings(RATED.movie_index[::-1], RATED.stars[::-1])
    assert_same(
        predictor.score(MAN, turned), predictor.score(MAN, RATED), 1e-12
    )


def test_no_ratings_are_the_same_as_none(predictor: PersonPredictor) -> None:
    empty = KnownRatings(np.zeros(0, int), np.zeros(0, int))
    assert_same(predictor.score(MAN, empty), predictor.score(MAN), 0)


def test_a_film_never_rated_gets_a_moderate_answer(
    predictor: PersonPredictor,
) -> None:
    scores = predictor.score(WOMAN)
    assert 2.5 < scores.expected_stars[-1] < 4.5
    assert scores.interest[-1] == scores.interest.min()


def test_rankings_order_what_they_name(predictor: PersonPredictor) -> None:
    scores = predictor.score(WOMAN)
    assert predictor.rank_scores(scores, "for_you") is scores.like_rate
    assert predictor.rank_scores(scores, "liking") is scores.expected_stars
    top = np.argsort(-predictor.rank_scores(scores, "distinctive"))[:10]
    assert (top % 2 == 0).mean() >= 0.8
    assert set(FILM_RANKINGS) == {"for_you", "liking", "distinctive"}
    with pytest.raises(ValueError, match="for_you, liking, distinctive"):
        predictor.rank_scores(scores, "best")


@pytest.mark.parametrize(
    ("codes", "rated", "message"),
    [
        ((2, 0, 0, 0), None, "gender has code 2"),
        ((0, -2, 0, 0), None, "age_group has code -2"),
        ((0, 0, 0, -3), None, "region has code -3"),
        (MAN, KnownRatings(np.array([1]), np.array([6])), "from 1 to 5"),
        (MAN, KnownRatings(np.array([60]), np.array([3])), "60 films"),
        (MAN, KnownRatings(np.array([1, 1]), np.array([3, 4])), "each"),
        (
            MAN,
            KnownRatings(np.array([1]), np.array([3]), np.array([2, 1])),
            "film 11 is both rated and not seen",
        ),
    ],
)
def test_what_does_not_exist_is_refused(
    predictor: PersonPredictor,
    codes: tuple[int, int, int, int],
    rated: KnownRatings | None,
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        predictor.score(codes, rated)


def test_threads_get_the_answers_of_one_thread(
    predictor: PersonPredictor,
) -> None:
    profiles = PROFILES * 20
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda codes: predictor.score(codes, RATED), profiles)
        )
    for codes, answer in zip(profiles, answers, strict=True):
        assert_same(answer, predictor.score(codes, RATED), 0)


def test_a_fit_repeats_to_the_last_digit(dataset: Dataset) -> None:
    params = {"rank": 3, "iterations": 4, "seed": 5}
    one, other = (fit_person_predictor(dataset, params) for _ in range(2))
    assert_same(one.score(MAN, RATED), other.score(MAN, RATED), 0)


def test_people_outside_the_training_folds_leave_no_trace(
    dataset: Dataset,
) -> None:
    params = {"rank": 3, "iterations": 4}
    test_rows = np.flatnonzero(dataset.users.fold[dataset.ratings.user] == 4)
    other = with_stars(dataset, test_rows, 1)
    folds = (0, 1, 2, 3)
    one = fit_person_predictor(dataset.of_user_folds(folds), params)
    two = fit_person_predictor(other.of_user_folds(folds), params)
    assert_same(one.score(MAN), two.score(MAN), 0)


@pytest.mark.parametrize(
    "size", [(1, 2, 1), (3, 3, 2), (30, 70, 40), (200, 5, 3)]
)
def test_tiny_data_give_finite_answers(size: tuple[int, int, int]) -> None:
    predictor = fit_person_predictor(small_dataset(*size[:2], size[2]))
    for codes in PROFILES:
        scores = predictor.score(codes)
        assert np.isfinite(scores.probabilities).all()
        np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1)


def test_equal_stars_everywhere_are_expected_again() -> None:
    equal = with_stars(small_dataset(60, 20, 10), slice(None), 4)
    scores = fit_person_predictor(equal, {"rank": 2}).score(MAN)
    assert np.isfinite(scores.probabilities).all()
    assert abs(scores.expected_stars[:-1] - 4).max() < 0.25


def test_a_dataset_without_ratings_is_refused(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="no ratings"):
        fit_person_predictor(dataset.of_user_folds(()))


def test_unknown_settings_are_refused(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="no such setting: rang"):
        fit_person_predictor(dataset, {"rang": 3})
