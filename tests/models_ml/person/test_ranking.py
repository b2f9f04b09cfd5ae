import numpy as np
import pytest

from models_ml.film.title_words import MOST_OF_A_SERIES, series_numbers
from models_ml.person.predictor import PersonPredictor
from models_ml.person.ranking import best_rows, novel

TITLES = [
    "Star Wars: Episode IV - A New Hope",
    "Godfather, The",
    "",
    "Star Wars: Episode V - The Empire Strikes Back",
    "Godfather: Part II, The",
    "Casablanca",
    "",
]
VALUES = np.array([7.0, 5.0, 4.0, 6.0, 5.0, 4.5, 4.0])
EVERYTHING = np.arange(len(TITLES))


def test_films_of_one_series_share_a_number() -> None:
    of = series_numbers(TITLES)
    assert of[0] == of[3]
    assert of[1] == of[4]
    assert len(set(of.tolist())) == 5


@pytest.mark.parametrize(
    ("n", "n_series"),
    [(MOST_OF_A_SERIES, 1), (MOST_OF_A_SERIES + 1, MOST_OF_A_SERIES + 1)],
)
def test_a_name_that_most_films_share_is_no_series(
    n: int, n_series: int
) -> None:
    of = series_numbers([*(f"Film {k}" for k in range(n)), *TITLES])
    assert len(set(of[:n].tolist())) == n_series
    assert len(set(of.tolist())) == n_series + 5


def test_the_best_film_of_each_series_stands_in_the_list() -> None:
    rows = best_rows(VALUES, EVERYTHING, 4, series_numbers(TITLES))
    assert rows.tolist() == [0, 1, 5, 2]


def test_a_sequel_stands_in_for_a_film_that_is_no_candidate() -> None:
    rows = best_rows(VALUES, EVERYTHING[1:], 3, series_numbers(TITLES))
    assert rows.tolist() == [3, 1, 5]


@pytest.mark.parametrize("n", [1, 3, 5, 7, 20])
def test_without_the_rule_the_highest_values_stand_first(n: int) -> None:
    rows = best_rows(VALUES, EVERYTHING, n)
    assert rows.tolist() == [0, 3, 1, 4, 5, 2, 6][:n]


def test_no_candidates_give_an_empty_list() -> None:
    for of in (None, series_numbers(TITLES)):
        assert len(best_rows(VALUES, EVERYTHING[:0], 3, of)) == 0


def test_novelty_trades_what_everyone_gets_for_what_stands_out(
    predictor: PersonPredictor,
) -> None:
    scores = predictor.score((0, 2, 4, 1))
    baseline = []
    for novelty in (0.0, 0.3, 0.6, 1.0):
        values = predictor.rank_scores(scores, "for_you", novelty)
        rows = best_rows(values, np.arange(len(values)), 10)
        baseline.append(scores.baseline_like_rate[rows].mean())
    assert baseline == sorted(baseline, reverse=True)
    assert baseline[-1] < baseline[0]


@pytest.mark.parametrize("novelty", [-0.1, 1.1, float("nan")])
def test_a_novelty_that_is_no_share_is_refused(novelty: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        novel(VALUES / 10, VALUES / 10, novelty)
