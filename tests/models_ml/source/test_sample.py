"""The generated files: MovieLens' shape, and structure that can be learned."""

import re
from pathlib import Path

import numpy as np
import pytest

from models_ml.settings import SettingError
from models_ml.source.generated import generated_files
from models_ml.source.movielens_levels import AGE_CODES, GENRES, OCCUPATIONS
from models_ml.source.sample import MIN_RATINGS, SampleSize, write_sample

SMALL = SampleSize(users=80, movies=120, ratings=3_000)
Lines = dict[str, list[list[str]]]


def _read(folder: Path) -> Lines:
    return {
        name: [
            line.split("::")
            for line in (folder / f"{name}.dat")
            .read_text(encoding="latin-1")
            .splitlines()
        ]
        for name in ("users", "movies", "ratings")
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return _read(folder)


def test_equal_seeds_give_equal_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / name, SMALL, seed)
    for file in ("users.dat", "movies.dat", "ratings.dat"):
        a, b, c = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert a == b
        assert a != c


def test_users_have_the_shape_of_movielens(sample: Lines) -> None:
    users = sample["users"]
    assert [int(user[0]) for user in users] == list(range(1, 1_501))
    assert {user[1] for user in users} == {"F", "M"}
    assert {int(user[2]) for user in users} == set(AGE_CODES)
    assert {int(user[3]) for user in users} <= set(range(len(OCCUPATIONS)))
    zip_codes = [user[4] for user in users]
    assert any(re.fullmatch(r"\d{5}-\d{4}", code) for code in zip_codes)
    assert any(re.search("[A-Z]", code) for code in zip_codes)


def test_children_are_pupils_and_old_people_may_be_retired(
    sample: Lines,
) -> None:
    pupils = {user[2] for user in sample["users"] if user[3] == "10"}
    retired = {user[2] for user in sample["users"] if user[3] == "13"}
    assert pupils == {"1"}
    assert retired <= {"45", "50", "56"}


def test_films_have_the_shape_of_movielens(sample: Lines) -> None:
    movies = sample["movies"]
    assert len({movie[0] for movie in movies}) == 600
    assert len({movie[1] for movie in movies}) == 600
    assert all(re.search(r" \((19|20)\d\d\)$", movie[1]) for movie in movies)
    assert {genre for movie in movies for genre in movie[2].split("|")} == (
        set(GENRES)
    )
    titles = "\n".join(movie[1] for movie in movies)
    for shape in (", The (", ": ", "é", "'", " II"):
        assert shape in titles


def test_ratings_have_the_shape_of_movielens(sample: Lines) -> None:
    ratings = np.array(sample["ratings"], dtype=np.int64)
    users, movies, stars, seconds = ratings.T
    assert len(ratings) == pytest.approx(120_000, rel=0.03)
    assert len(np.unique(ratings[:, :2], axis=0)) == len(ratings)
    assert np.bincount(users)[1:].min() >= MIN_RATINGS
    assert set(movies) <= {int(movie[0]) for movie in sample["movies"]}
    shares = np.bincount(stars)[1:] / len(stars)
    assert shares == pytest.approx([0.056, 0.108, 0.261, 0.349, 0.226], 0.01)
    assert 950_000_000 < seconds.min() < seconds.max() < 1_050_000_000


def test_popularity_has_a_long_tail(sample: Lines) -> None:
    movies = np.array([int(rating[1]) for rating in sample["ratings"]])
    counts = np.sort(np.bincount(movies))[::-1]
    assert counts[:60].sum() > 0.3 * counts.sum()


def test_taste_depends_on_demographics(sample: Lines) -> None:
    """Women like and watch romances more than men do, and westerns less.

    Differences of means over some thousand ratings: their standard error is
    about .02, so margins of .1 are five of them.
    """
    women = {user[0] for user in sample["users"] if user[1] == "F"}
    genres = {movie[0]: movie[2] for movie in sample["movies"]}
    difference, share = {}, {}
    for genre in ("Romance", "Western"):
        stars: dict[bool, list[int]] = {True: [], False: []}
        for user, movie, rating, _ in sample["ratings"]:
            if genre in genres[movie]:
                stars[user in women].append(int(rating))
        difference[genre] = np.mean(stars[True]) - np.mean(stars[False])
        share[genre] = len(stars[True]) / (len(stars[True] + stars[False]))
    assert difference["Romance"] > difference["Western"] + 0.1
    assert share["Romance"] > share["Western"] + 0.05


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (SampleSize(users=0), "at least 1 user"),
        (SampleSize(movies=19), "20 films are needed"),
        (SampleSize(users=10, movies=20, ratings=101), "allow 100"),
    ],
)
def test_sizes_that_cannot_be_are_refused(
    tmp_path: Path, size: SampleSize, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        write_sample(tmp_path, size)


# --- samples of any size ----------------------------------------------------


@pytest.fixture(scope="module")
def large() -> Lines:
    """`sample:400000`: two blocks of people."""
    return {
        file.kind: [
            line.split("::")
            for line in b"".join(file.chunks()).decode("latin-1").splitlines()
        ]
        for file in generated_files("sample:400000")
    }


def test_a_sample_of_any_size_has_the_shape_of_movielens(large: Lines) -> None:
    users = [int(user[0]) for user in large["users"]]
    assert users == list(range(1, 2_425))
    films = {int(movie[0]) for movie in large["movies"]}
    ratings = np.array(large["ratings"], dtype=np.int64)
    assert len(ratings) == pytest.approx(400_000, rel=0.02)
    assert len(np.unique(ratings[:, :2], axis=0)) == len(ratings)
    assert (np.diff(ratings[:, 0]) >= 0).all()
    assert set(ratings[:, 0]) == set(users)
    assert set(ratings[:, 1]) <= films
    shares = np.bincount(ratings[:, 2])[1:] / len(ratings)
    assert shares == pytest.approx([0.056, 0.108, 0.261, 0.349, 0.226], 0.05)


def test_a_sample_of_any_size_has_heavy_tails(large: Lines) -> None:
    """The busiest tenth of people, and of films, has over a quarter of all."""
    ratings = np.array(large["ratings"], dtype=np.int64)
    for column in (0, 1):
        counts = np.sort(np.bincount(ratings[:, column]))[::-1]
        assert counts[: (counts > 0).sum() // 10].sum() > len(ratings) / 4


def test_a_sample_of_any_size_has_the_tastes_of_the_small_one(
    large: Lines,
) -> None:
    """As in `test_taste_depends_on_demographics`, on three times as many."""
    women = {user[0] for user in large["users"] if user[1] == "F"}
    genres = {movie[0]: movie[2] for movie in large["movies"]}
    share = {}
    for genre in ("Romance", "Western"):
        stars: dict[bool, list[int]] = {True: [], False: []}
        for user, movie, rating, _ in large["ratings"]:
            if genre in genres[movie]:
                stars[user in women].append(int(rating))
        share[genre] = len(stars[True]) / (len(stars[True] + stars[False]))
    assert share["Romance"] > share["Western"] + 0.05


def test_people_and_films_grow_with_the_ratings() -> None:
    sizes = {}
    for n in (1_000_000, 10_000_000):
        users, movies, _ = generated_files(f"sample:{n}")
        sizes[n] = [
            sum(chunk.count(b"\n") for chunk in file.chunks())
            for file in (users, movies)
        ]
    assert sizes == {
        1_000_000: [6_060, 3_900],
        10_000_000: [60_606, 10_992],
    }


@pytest.mark.parametrize(
    ("n", "n_users", "n_ratings"),
    [(1, 1, 20), (17, 1, 20), (1_000, 6, 772), (10_000, 60, 8_186)],
)
def test_a_sample_may_be_small(n: int, n_users: int, n_ratings: int) -> None:
    users, movies, ratings = [
        b"".join(file.chunks()).splitlines()
        for file in generated_files(f"sample:{n}")
    ]
    assert len(users) == n_users
    assert len(movies) in (490, 491)
    assert len(ratings) == n_ratings
    pairs = {line.rsplit(b"::", 2)[0] for line in ratings}
    assert len(pairs) == n_ratings


@pytest.mark.parametrize(
    "source",
    ["sample:", "sample:0", "sample:-1", "sample:many", "sample:1e6"],
)
def test_samples_of_no_such_size_are_refused(source: str) -> None:
    with pytest.raises(SettingError, match="whole number from 1 to"):
        generated_files(source)
