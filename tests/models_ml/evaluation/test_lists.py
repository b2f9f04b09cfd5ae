import numpy as np
import pytest

from models_ml.evaluation.lists import (
    Lists,
    evaluate_lists,
    ranking_of,
    rankings_of,
)
from models_ml.experiments.person_candidates import CATALOGUE_CANDIDATES
from models_ml.metrics.rating_metrics import ndcg_of_catalogue, ndcg_of_list
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.person.people import small_dataset, with_stars

TEST = (4,)
TRAIN = (0, 1, 2, 3)
NONE = KnownRatings(np.zeros(0, int), np.zeros(0, int))


@pytest.fixture(scope="module")
def many() -> Dataset:
    return small_dataset(n_users=400, seed=7)


@pytest.fixture(scope="module")
def trained(many: Dataset) -> PersonPredictor:
    return fit_person_predictor(many.of_user_folds(TRAIN), {"rank": 4})


def test_sameness_by_hand() -> None:
    rows = np.array([range(10), range(10), [*range(5), *range(20, 25)]])
    metrics = Lists(np.array([0.5, np.nan, 0.7]), rows).metrics()
    assert metrics["ndcg_catalogue"] == pytest.approx(0.6)
    assert metrics["n_distinct"] == 15
    assert metrics["shared"] == pytest.approx(25 / 30)


def test_a_list_has_the_gain_of_its_scores() -> None:
    rng = np.random.default_rng(2)
    scores, relevant = rng.random(40), np.array([1, 5, 9, 30])
    rows = np.argsort(-scores)[:10]
    assert ndcg_of_list(rows, relevant) == ndcg_of_catalogue(scores, relevant)
    assert np.isnan(ndcg_of_list(rows, relevant[:0]))


@pytest.mark.parametrize("n_known", [0, 5])
def test_the_profile_beats_popularity_over_the_catalogue(
    many: Dataset, trained: PersonPredictor, n_known: int
) -> None:
    train = many.of_user_folds(TRAIN)
    popularity = CATALOGUE_CANDIDATES["popularity"].fit(train)
    ours, theirs = (
        evaluate_lists(rankings, many, TEST, n_known=n_known)["for_you"]
        for rankings in (
            rankings_of(trained),
            ranking_of("for_you", popularity),
        )
    )
    assert ours.ndcg.shape == theirs.ndcg.shape == (80,)
    assert np.nanmean(ours.ndcg - theirs.ndcg) > 0.05


def test_more_known_films_give_better_lists(
    many: Dataset, trained: PersonPredictor
) -> None:
    """Judged on films left by each k, so that chance gets worse with k."""
    popularity = CATALOGUE_CANDIDATES["popularity"].fit(
        many.of_user_folds(TRAIN)
    )
    gains = []
    for k in (0, 3, 8):
        ours, theirs = (
            evaluate_lists(rankings, many, TEST, n_known=k)["for_you"].ndcg
            for rankings in (
                rankings_of(trained),
                ranking_of("for_you", popularity),
            )
        )
        gains.append(np.nanmean(ours - theirs))
    assert gains[2] > gains[0] - 0.02


def test_known_films_are_in_no_list(
    many: Dataset, trained: PersonPredictor
) -> None:
    everything = evaluate_lists(rankings_of(trained), many, TEST, n_known=12)
    for lists in everything.values():
        assert (lists.rows >= 0).all()
        assert all(len(set(rows)) == 10 for rows in lists.rows.tolist())


@pytest.mark.parametrize("name", sorted(CATALOGUE_CANDIDATES))
def test_simpler_models_do_not_see_people_kept_aside(
    many: Dataset, name: str
) -> None:
    if name == "implicit_als":
        pytest.importorskip("implicit")
    outside = np.flatnonzero(many.users.fold[many.ratings.user] == 4)
    other = with_stars(many, outside, 1)
    known = KnownRatings(np.array([2, 5]), np.array([5, 4]))
    codes = np.array([0, 2, 4, 1])
    one, two = (
        CATALOGUE_CANDIDATES[name]
        .fit(dataset.of_user_folds(TRAIN))
        .values(codes, known)
        for dataset in (many, other)
    )
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("name", ["log_ratios", "likes_ridge"])
def test_simpler_models_know_who_likes_what(many: Dataset, name: str) -> None:
    model = CATALOGUE_CANDIDATES[name].fit(many)
    woman = model.values(np.array([0, 2, 4, 1]), NONE)
    man = model.values(np.array([1, 2, 4, 1]), NONE)
    even = np.arange(len(woman) - 1) % 2 == 0
    difference = (woman - man)[:-1]
    assert difference[even].mean() > 0 > difference[~even].mean()
