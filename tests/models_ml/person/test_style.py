import numpy as np
import pytest

from models_ml.metrics.rating_metrics import log_loss
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.person.style import (
    PRIOR_STRENGTH,
    StyleModel,
    no_style,
    style_columns,
    styled,
)
from models_ml.scale import RatingScale
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset, with_stars

MAN = (1, 2, 4, 1)
SCALE = RatingScale((1, 2, 3, 4, 5))


def test_columns_by_hand() -> None:
    forecast = np.array([[0, 0, 0, 0.5, 0.5], [0, 0, 0.5, 0.5, 0]])
    columns = style_columns(SCALE, forecast, np.array([5, 3]))
    draws = 2 + PRIOR_STRENGTH
    # mean 4.5 and 3.5, variance .25 both, errors of .5: as forecast
    expected = np.array([0, 0, 0.5, -1, 0.5, 0]) / draws
    np.testing.assert_allclose(columns, expected, atol=1e-12)


def test_nobody_stands_out_who_rates_as_forecast() -> None:
    weights = np.random.default_rng(0).normal(size=(6, 4))
    forecast = np.array([[0, 0, 0, 0.5, 0.5], [0, 0, 0, 0.5, 0.5]])
    odds = StyleModel(SCALE, weights).odds(forecast, np.array([4, 5]))
    np.testing.assert_allclose(odds, 1)


def test_styled_probabilities_add_up() -> None:
    shares = np.array([[0.1, 0.2, 0.3, 0.4]])
    twice = styled(shares, np.array([1.0, 1, 1, 2]))
    np.testing.assert_allclose(twice, np.array([[1, 2, 3, 8]]) / 14)


def all_or_nothing(seed: int) -> Dataset:
    """Half of the people give 1, 3 or 5 stars and never 2 or 4."""
    dataset = small_dataset(n_users=400, per_user=30, seed=seed)
    odd = dataset.ratings.user % 2 == 1
    stars = dataset.ratings.stars
    extreme = np.where(stars >= 4, 5, np.where(stars <= 2, 1, 3))
    return with_stars(dataset, odd, extreme[odd])


@pytest.fixture(scope="module")
def styles() -> Dataset:
    return all_or_nothing(seed=5)


@pytest.fixture(scope="module")
def fitted(styles: Dataset) -> PersonPredictor:
    train = styles.of_user_folds((0, 1, 2, 3))
    return fit_person_predictor(train, {"rank": 3, "iterations": 6})


def loss(
    predictor: PersonPredictor, dataset: Dataset, person: int, n_known: int
) -> float:
    """Log-loss of a person's other ratings."""
    rows = np.flatnonzero(dataset.ratings.user == person)
    films, stars = dataset.ratings.movie[rows], dataset.ratings.stars[rows]
    known = KnownRatings(films[:n_known], stars[:n_known])
    codes = np.broadcast_to(dataset.users.codes()[person], (20, 4))
    shares = predictor.score_pairs(codes, films[10:], known).probabilities
    classes = SCALE.classes_of(stars[10:])
    return float(log_loss(shares, classes).mean())


def test_a_style_is_learnt_and_helps_people_kept_aside(
    styles: Dataset, fitted: PersonPredictor
) -> None:
    plain = fitted.with_style(no_style(SCALE))
    people = np.flatnonzero(styles.users.fold == 4)
    gain = [
        np.mean(
            [
                loss(plain, styles, person, n_known)
                - loss(fitted, styles, person, n_known)
                for person in people.tolist()
            ]
        )
        for n_known in (1, 10)
    ]
    assert gain[1] > 0.02
    assert gain[1] > gain[0] > -0.01


def test_without_known_ratings_style_changes_nothing(
    fitted: PersonPredictor,
) -> None:
    plain = fitted.with_style(no_style(SCALE))
    np.testing.assert_array_equal(
        fitted.score(MAN).probabilities, plain.score(MAN).probabilities
    )


def test_style_leaves_the_expected_stars(fitted: PersonPredictor) -> None:
    plain = fitted.with_style(no_style(SCALE))
    known = KnownRatings(np.array([1, 4, 7]), np.array([5, 1, 5]))
    one, other = fitted.score(MAN, known), plain.score(MAN, known)
    np.testing.assert_array_equal(one.expected_stars, other.expected_stars)
    assert abs(one.probabilities - other.probabilities).max() > 0.001
