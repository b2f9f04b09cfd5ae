import pickle
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from models_ml.film.fit import fit_audience_predictor
from models_ml.film.predictor import AudiencePredictor, Film
from models_ml.film.support import LEAST_AFFINITY, LEAST_USERS
from models_ml.source.movielens_levels import DIMENSIONS, GENRES, MOVIELENS_1M
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset
from tests.models_ml.film.generated import audiences, one_rating

ROMANCE = Film("Love Story", 1999, ("Romance",))
ACTION = Film("Story 3: The Return", 1960, ("Action",))
NOTHING = Film("", None, ())
BYS = [
    by
    for size in range(1, len(DIMENSIONS) + 1)
    for by in combinations(DIMENSIONS, size)
]


@pytest.fixture(scope="module")
def data() -> Dataset:
    return audiences()


@pytest.fixture(scope="module")
def predictor(data: Dataset) -> AudiencePredictor:
    return fit_audience_predictor(data)


@pytest.mark.parametrize("by", BYS, ids="-".join)
@pytest.mark.parametrize("film", [ROMANCE, ACTION, NOTHING], ids=str)
def test_any_combination_adds_up_and_lies_within_its_interval(
    predictor: Any, film: Any, by: Any
) -> None:
    audience = predictor.predict(film, by)
    assert np.isclose(audience.reach.sum(), 1)
    assert np.allclose(audience.probabilities.sum(axis=1), 1)
    assert audience.n_users.sum() == 1500
    expected = predictor.expected_reach(film, by)
    assert np.array_equal(expected, audience.reach)
    assert (audience.reach_low >= 0).all()
    assert (audience.reach_high <= 1).all()


@pytest.mark.parametrize("by", BYS, ids="-".join)
@pytest.mark.parametrize("n_raters", [None, 3, 400])
def test_what_is_called_supported_is(
    predictor: Any, by: Any, n_raters: int | None
) -> None:
    rng = np.random.default_rng(len(by))
    for _ in range(4):
        film = Film(
            f"Film {rng.integers(99)}",
            int(rng.integers(1900, 2010)),
            tuple(rng.choice(GENRES, rng.integers(0, 4), replace=False)),
        )
        interval = float(rng.choice([0.8, 0.95]))
        _assert_supported(predictor.predict(film, by, n_raters, interval))


def _assert_supported(audience: Any) -> None:
    for value, low, high in (
        ("reach", "reach_low", "reach_high"),
        ("reach", "expected_low", "expected_high"),
        ("reach_index", "index_low", "index_high"),
        ("probabilities", "probabilities_low", "probabilities_high"),
        ("affinity", "affinity_low", "affinity_high"),
    ):
        assert (getattr(audience, low) <= getattr(audience, value)).all(), low
        assert (getattr(audience, high) >= getattr(audience, value)).all(), (
            high
        )
    holds_100 = (audience.index_low <= 100) & (audience.index_high >= 100)
    few = audience.n_users < LEAST_USERS
    assert (audience.supported[holds_100 | few] == 0).all()
    assert (audience.supported[~(holds_100 | few)] != 0).all()
    above = audience.reach_index > 100
    assert (audience.supported[above] >= 0).all()
    assert (audience.supported[~above] <= 0).all()
    assert not audience.is_target[few | (audience.affinity_low <= 0)].any()
    assert (audience.affinity[audience.is_target] >= LEAST_AFFINITY).all()


def test_a_difference_of_a_film_to_itself_is_none(predictor: Any) -> None:
    audience = predictor.difference(ROMANCE, ROMANCE, ("gender", "age_group"))
    assert np.allclose(audience.reach, 0)
    assert np.allclose(audience.affinity, 0)
    assert np.allclose(audience.reach_high, 0, atol=1e-6)
    for name in ("reach", "affinity", "probabilities"):
        assert (getattr(audience, f"{name}_supported") == 0).all()


@pytest.mark.parametrize("by", BYS, ids="-".join)
def test_a_difference_is_that_of_both_answers(predictor: Any, by: Any) -> None:
    other = replace(ROMANCE, genres=("Action",))
    audience = predictor.difference(ROMANCE, other, by)
    one, two = (predictor.predict(film, by) for film in (ROMANCE, other))
    for name in ("reach", "reach_index", "affinity", "probabilities"):
        change = getattr(two, name) - getattr(one, name)
        assert np.allclose(getattr(audience, name), change)
    for name in ("reach", "index", "affinity", "probabilities"):
        value = getattr(audience, "reach_index" if name == "index" else name)
        assert (getattr(audience, f"{name}_low") <= value).all()
        assert (getattr(audience, f"{name}_high") >= value).all()
    assert (
        audience.reach_supported[audience.n_users < LEAST_USERS] == 0
    ).all()


def test_one_film_in_two_descriptions_shares_what_sets_it_apart(
    predictor: Any,
) -> None:
    """The same change is surer within a film than between two films."""
    by = ("gender",)
    other = replace(ROMANCE, genres=("Action",))
    stranger = replace(other, title="Thunder")
    within = predictor.difference(ROMANCE, other, by)
    between = predictor.difference(ROMANCE, stranger, by)
    for name in ("reach", "affinity", "probabilities"):
        low, high = (
            getattr(each, f"{name}_high") - getattr(each, f"{name}_low")
            for each in (within, between)
        )
        assert (low < high).all(), name
    assert within.reach_supported.tolist() == [-1, 1]
    assert within.affinity_supported.tolist() == [-1, 1]


def test_the_chance_that_one_segment_beats_another(predictor: Any) -> None:
    by = ("gender", "age_group")
    women, men = ("F", "25-34"), ("M", "25-34")
    audience = predictor.chance_of_more(ROMANCE, by, women, men)
    again = predictor.chance_of_more(ROMANCE, by, men, women)
    assert audience.affinity > 0.9
    assert audience.reach_index > 0.9
    assert np.isclose(audience.affinity + again.affinity, 1)
    assert np.isclose(audience.reach_index + again.reach_index, 1)
    same = predictor.chance_of_more(ROMANCE, by, women, women)
    assert same.affinity == same.reach_index == 0.5
    with pytest.raises(ValueError, match="segment is"):
        predictor.chance_of_more(ROMANCE, by, ("F", "old"), men)


def test_a_known_film_is_predicted_without_its_own_ratings(
    data: Any, predictor: Any
) -> None:
    """Its ratings act on what is said of it only by what all films share.

    To that the film with the most ratings here gives a hundredth.
    """
    movie = int(np.bincount(data.ratings.movie).argmax())
    own = data.ratings.movie == movie
    women = data.users.gender[data.ratings.user] == 0
    turned = replace(data.ratings, stars=np.where(own, 1, data.ratings.stars))
    changed = count_dataset(
        MOVIELENS_1M,
        data.users,
        data.movies,
        turned.where(~(own & women)),
        data.digest,
    )
    movie_id = int(data.movies.movie_id[movie])
    other = fit_audience_predictor(changed)
    by = ("gender", "age_group")
    genre = "Action" if data.movies.genres[movie, 0] else "Romance"
    film = Film(
        data.movies.title[movie], int(data.movies.year[movie]), (genre,)
    )
    without = [
        each.predict_known(movie_id, by).audience
        for each in (predictor, other)
    ]
    with_it = [each.predict(film, by) for each in (predictor, other)]
    for name in ("reach", "probabilities"):
        own, all_in = (
            np.abs(getattr(pair[1], name) - getattr(pair[0], name)).max()
            for pair in (without, with_it)
        )
        assert own < 0.02
        assert own < all_in / 3


def test_how_often_intervals_held_stands_beside(
    data: Any, predictor: Any
) -> None:
    """As counted again: other films of the same number of raters."""
    by = ("age_group", "gender")
    n_raters = np.bincount(data.ratings.movie, minlength=len(data.movies))
    movie_id = int(data.movies.movie_id[n_raters.argmax()])
    record = predictor.predict_known(movie_id, by).record
    assert record.raters_from <= n_raters.max()
    assert record.raters_to is None or record.raters_to > n_raters.max()
    assert 0 < record.n_films <= 25
    wide = predictor.predict_known(movie_id, by, interval=0.95).record
    assert 0.6 < record.held <= wide.held <= 1
    assert predictor.predict_known(movie_id, by, 200).record is None
    assert (
        predictor.predict_known(movie_id, ("gender", "region")).record is None
    )


def test_comparables_draw_a_film_to_what_sets_them_apart(
    data: Any, predictor: Any
) -> None:
    """Films that more women saw than was foreseen promise more women."""
    women = data.users.gender[data.ratings.user] == 0
    n_raters = np.bincount(data.ratings.movie, minlength=len(data.movies))
    share = np.bincount(
        data.ratings.movie, women, len(data.movies)
    ) / np.maximum(n_raters, 1)
    beyond = np.array(
        [
            share[row]
            - predictor.predict_known(
                int(movie_id), ("gender",)
            ).audience.reach[0]
            if n_raters[row] > 100
            else 0
            for row, movie_id in enumerate(data.movies.movie_id)
        ]
    )
    order = data.movies.movie_id[np.argsort(beyond)].tolist()
    alone, men_like, women_like = (
        predictor.predict(ROMANCE, ("gender",), 100, comparables=ids)
        for ids in ((), order[:5], order[-5:])
    )
    assert men_like.reach[0] < alone.reach[0] < women_like.reach[0]
    widths = [
        audience.expected_high[0] - audience.expected_low[0]
        for audience in (alone, women_like)
    ]
    assert widths[1] < widths[0]


def test_a_later_film_than_all_known_ones_may_be_more_popular(
    predictor: Any,
) -> None:
    """Nobody knows its public: its number of raters is less sure."""
    by = ("gender", "age_group")
    widths = [
        (audience.reach_high - audience.reach_low).mean()
        for year in (2000, 2001)
        for audience in [predictor.predict(replace(ROMANCE, year=year), by)]
    ]
    assert widths[1] > 1.02 * widths[0]


def test_a_film_that_was_not_learnt_from_is_named(predictor: Any) -> None:
    assert predictor.knows(1)
    assert not predictor.knows(2)
    with pytest.raises(ValueError, match="movie_id 2 is not among"):
        predictor.predict_known(2, ("gender",))
    with pytest.raises(ValueError, match="movie_id 2 is not among"):
        predictor.predict(ROMANCE, ("gender",), comparables=[1, 2])
    with pytest.raises(ValueError, match="each film at most once"):
        predictor.predict(ROMANCE, ("gender",), comparables=[1, 1])
    with pytest.raises(ValueError, match="at most 10"):
        predictor.predict(ROMANCE, ("gender",), comparables=range(1, 23, 2))


@pytest.mark.parametrize("by", BYS, ids="-".join)
def test_combinations_agree_with_their_parts(predictor: Any, by: Any) -> None:
    """Reach, classes and affinity of (a, b) averaged over b are those of a."""
    audience = predictor.predict(ROMANCE, by)
    first = predictor.predict(ROMANCE, by[:1])
    grid = audience.reach.reshape(len(first), -1)
    assert np.allclose(grid.sum(axis=1), first.reach)
    likes = audience.reach[:, None] * audience.probabilities
    assert np.allclose(
        likes.reshape(len(first), -1, 4).sum(axis=1),
        first.reach[:, None] * first.probabilities,
    )
    affinity = (audience.reach * audience.affinity).reshape(len(first), -1)
    assert np.allclose(affinity.sum(axis=1), first.reach * first.affinity)
    assert np.isclose((audience.reach * audience.affinity).sum(), 0)


def test_dimensions_come_in_the_order_asked_for(predictor: Any) -> None:
    one = predictor.predict(ROMANCE, ("gender", "age_group"))
    other = predictor.predict(ROMANCE, ("age_group", "gender"))
    assert other.levels[1] == ("under 18", "M")
    assert np.allclose(other.reach, one.reach.reshape(2, 7).T.ravel())
    assert np.allclose(
        other.reach_high, one.reach_high.reshape(2, 7).T.ravel()
    )


def test_it_learns_who_turns_up_and_who_likes_it(predictor: Any) -> None:
    romance = predictor.predict(ROMANCE, ("gender",))
    action = predictor.predict(ACTION, ("gender",))
    assert romance.reach_index[0] > 120
    assert action.reach_index[1] > 120
    assert romance.affinity[0] > 0.03
    assert romance.is_target.tolist() == [True, False]
    old = predictor.predict(Film("", 1955, ()), ("age_group",))
    new = predictor.predict(Film("", 2000, ()), ("age_group",))
    assert old.reach[-1] > 1.5 * new.reach[-1]


def test_more_raters_make_surer(predictor: Any) -> None:
    widths = [
        np.ptp([audience.reach_low[0], audience.reach_high[0]])
        for n in (5, 50, 500)
        for audience in [predictor.predict(ROMANCE, ("gender",), n)]
    ]
    assert widths[0] > widths[1] > widths[2]


def test_wider_intervals_hold_narrower_ones(predictor: Any) -> None:
    narrow = predictor.predict(ACTION, ("age_group",))
    wide = predictor.predict(ACTION, ("age_group",), interval=0.95)
    assert (wide.reach_low <= narrow.reach_low).all()
    assert (wide.reach_high > narrow.reach_high).all()
    assert (wide.affinity_low < narrow.affinity_low).all()


def test_a_sequel_takes_after_its_series(data: Any) -> None:
    """Of two like films, the sibling of women's films draws more women."""
    movies = data.movies
    women = data.users.gender[data.ratings.user] == 0
    share = np.bincount(data.ratings.movie, women, len(movies)) / np.maximum(
        np.bincount(data.ratings.movie), 1
    )
    action = np.flatnonzero(movies.genres[:, 0])
    most = action[np.argsort(-share[action])[:3]]
    title = list(movies.title)
    for number, row in enumerate(most):
        title[row] = f"Valkyrie {number + 1}"
    named = replace(data, movies=replace(movies, title=title))
    predictor = fit_audience_predictor(named)
    sequel, stranger = (
        predictor.predict(Film(title, 1980, ("Action",)), ("gender",)).reach[0]
        for title in ("Valkyrie 4", "Nobody")
    )
    assert sequel > stranger + 0.005


def test_states_are_plain_and_give_the_same_answers(predictor: Any) -> None:
    state = pickle.loads(pickle.dumps(predictor.to_state()))  # noqa: S301
    _assert_plain(state)
    again = AudiencePredictor.from_state(state)
    for film in (ROMANCE, ACTION, NOTHING):
        one = predictor.predict(film, ("gender", "occupation"))
        other = again.predict(film, ("gender", "occupation"))
        for name in ("reach", "reach_low", "affinity_high", "probabilities"):
            assert np.array_equal(getattr(one, name), getattr(other, name))


def test_a_state_of_another_format_is_refused(predictor: Any) -> None:
    with pytest.raises(ValueError, match="format is 2"):
        AudiencePredictor.from_state(predictor.to_state() | {"format": 2})


def test_a_fit_repeats_to_the_last_digit(data: Any, predictor: Any) -> None:
    again = fit_audience_predictor(data).to_state()
    assert pickle.dumps(again) == pickle.dumps(predictor.to_state())


def test_a_films_own_ratings_tell_nothing_of_it(data: Any) -> None:
    """Leak test: those of the left-out fold may change as they like."""
    turned = replace(
        data.ratings,
        stars=np.where(
            data.movies.fold[data.ratings.movie] == 4,
            6 - data.ratings.stars,
            data.ratings.stars,
        ),
    )
    keep = data.movies.fold[data.ratings.movie] != 4
    keep |= data.users.gender[data.ratings.user] == 0
    changed = count_dataset(
        MOVIELENS_1M, data.users, data.movies, turned.where(keep), data.digest
    )
    folds = (0, 1, 2, 3)
    one = fit_audience_predictor(data.of_movie_folds(folds)).to_state()
    other = fit_audience_predictor(changed.of_movie_folds(folds)).to_state()
    assert pickle.dumps(one) == pickle.dumps(other)


def test_one_rating_is_enough_to_answer() -> None:
    predictor = fit_audience_predictor(one_rating())
    audience = predictor.predict(ROMANCE, ("gender", "age_group"))
    assert np.isfinite(audience.reach_high).all()
    assert np.isclose(audience.reach.sum(), 1)
    assert np.isfinite(audience.affinity_high).all()
    assert predictor.similar(ROMANCE, 5)[0][0] == 0


def test_no_rating_is_an_error(data: Any) -> None:
    nobody = data.of_movies(np.zeros(len(data.movies), bool))
    with pytest.raises(ValueError, match="at least one rating"):
        fit_audience_predictor(nobody)


@pytest.mark.parametrize("by", [(), ("gender", "gender"), ("country",)])
def test_by_must_be_dimensions(predictor: Any, by: Any) -> None:
    with pytest.raises(ValueError, match="by is"):
        predictor.predict(ROMANCE, by)


def test_wrong_arguments_are_named(predictor: Any, data: Any) -> None:
    with pytest.raises(ValueError, match="n_raters is 0"):
        predictor.predict(ROMANCE, ("gender",), 0)
    with pytest.raises(ValueError, match=r"interval is 0\.5"):
        predictor.predict(ROMANCE, ("gender",), interval=0.5)
    with pytest.raises(ValueError, match=r"reach\.director"):
        fit_audience_predictor(data, {"reach.director": 1.0})


def test_what_was_never_seen_is_said(predictor: Any) -> None:
    told = predictor.notices(Film("X", 2044, ("Telenovela", "Western")))
    assert [notice.code for notice in told] == [
        "film.genre_unknown",
        "film.genre_unseen",
        "film.year_outside",
    ]
    assert "'Telenovela' is unknown" in told[0].text()
    assert "'Western'" in told[1].text()
    assert "2044" in told[2].text()
    assert predictor.notices(ROMANCE) == []
    assert [notice.code for notice in predictor.notices(NOTHING)] == [
        "film.no_genre",
        "film.no_year",
    ]


def test_the_most_similar_film_is_the_film_itself(
    predictor: Any, data: Any
) -> None:
    film = Film("Story 8", int(data.movies.year[8]), ("Romance",))
    if data.movies.genres[8, 0]:
        film = replace(film, genres=("Action",))
    audience = predictor.similar(film, 4)
    assert audience[0] == (17, pytest.approx(1))
    assert [s for _, s in audience] == sorted(
        (s for _, s in audience), reverse=True
    )


def _assert_plain(value: object) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            assert isinstance(key, str)
            _assert_plain(part)
    elif isinstance(value, list):
        for part in value:
            _assert_plain(part)
    else:
        assert value is None or type(value) in (
            str,
            int,
            float,
            bool,
            np.ndarray,
        )
