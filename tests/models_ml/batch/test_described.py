"""`predict` for films that rows describe, beside those of the release."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from models_ml.batch import files
from models_ml.batch.described import film_of
from models_ml.batch.files import BadRow, FileError
from models_ml.batch.predict_file import (
    PAIR_COLUMNS,
    SCORE_COLUMNS,
    predict_pairs,
)
from models_ml.errors import InvalidField
from models_ml.film.protocol import Film
from models_ml.person.predictor import KnownRatings
from models_ml.release.predictors import Predictors
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.words import words_of
from tests.models_ml.tiny_trained import ZIP_PREFIXES

HEADER = ",".join([*PAIR_COLUMNS, "movie_id", "title", "year", "genres"])
KNOWN = "a,F,25,,,,3,,,"
NEW = 'b,M,35,,,,,"Story, A",1999,Drama | comédia'
STORY = Film("Story, A", 1999, ("Comedy", "Drama"))


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return tmp_path / "pairs.csv"


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def scores_in(table: pa.Table) -> np.ndarray:
    return np.column_stack([table[name] for name in SCORE_COLUMNS])


def scores_of(
    predictors: Predictors,
    film: Film,
    codes: tuple[int, int, int, int],
    rated: KnownRatings | None = None,
) -> list[float]:
    """A described film's answer, asked for alone."""
    scores = predictors.person.score_new(
        codes, predictors.new_films.describe([film]), rated
    )
    return [
        *scores.probabilities[0],
        scores.expected_stars[0],
        scores.expected_score[0],
        scores.interest[0],
    ]


@pytest.mark.parametrize("block_size", [120, 2 << 20])
def test_known_and_described_films_stand_in_one_file(
    block_size: int,
    predictors: Predictors,
    pairs: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "BLOCK_SIZE", block_size)
    write(pairs, KNOWN, NEW, "a,F,25,,,,6,,,", "c,,,,,,,Other,,", NEW, NEW)
    summary = predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    table = pyarrow.parquet.read_table(output)
    assert table.column_names == [*HEADER.split(","), *SCORE_COLUMNS]
    assert table["movie_id"].to_pylist() == [3, None, 6, None, None, None]
    assert table["title"].to_pylist()[:2] == ["", "Story, A"]
    woman = predictors.person.score((0, 2, -1, -1))
    other = Film("Other", None, ())
    story = scores_of(predictors, STORY, (1, 3, -1, -1))
    expected = [
        [
            *woman.probabilities[0],
            woman.expected_stars[0],
            woman.expected_score[0],
            woman.interest[0],
        ],
        story,
        [
            *woman.probabilities[1],
            woman.expected_stars[1],
            woman.expected_score[1],
            woman.interest[1],
        ],
        scores_of(predictors, other, (-1, -1, -1, -1)),
        story,
        story,
    ]
    np.testing.assert_allclose(scores_in(table), expected, atol=1e-9)
    assert summary.notices["no genre was given"] == 1


def test_known_ratings_count_for_described_films(
    predictors: Predictors, pairs: Path, output: Path, tmp_path: Path
) -> None:
    write(pairs, NEW, KNOWN)
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("profile_id,movie_id,stars\nb,3,5\nb,6,4\n")
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output, ratings)
    known = KnownRatings(np.array([0, 1]), np.array([5, 4]))
    scores = scores_in(pyarrow.parquet.read_table(output))[0]
    np.testing.assert_allclose(
        scores, scores_of(predictors, STORY, (1, 3, -1, -1), known), atol=1e-9
    )
    plain = scores_of(predictors, STORY, (1, 3, -1, -1))
    assert np.abs(scores - plain).max() > 0.01


@pytest.mark.parametrize(
    ("row", "column", "value", "allowed"),
    [
        ("b,,,,,,,,,", "movie_id", "", "a film's id, or blank beside a title"),
        ("b,,,,,,,,1999,Drama", "movie_id", "", "blank beside a title"),
        ("b,,,,,,3,Story,,", "title", "Story", "blank where movie_id says"),
        ("b,,,,,,3,,1999,", "year", "1999", "blank where movie_id says"),
        ("b,,,,,,4,,,", "movie_id", "4", "120 films"),
        ("b,,,,,,,Story,soon,", "year", "soon", "1800 to 2200"),
        ("b,,,,,,,Story,1999,Opera", "genres", "Opera", "Drama"),
    ],
)
def test_a_row_names_its_film_in_one_way(  # noqa: PLR0917 - fixtures
    row: str,
    column: str,
    value: str,
    allowed: str,
    predictors: Predictors,
    pairs: Path,
    output: Path,
) -> None:
    write(pairs, KNOWN, NEW, row)
    with pytest.raises(BadRow) as caught:
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    error = caught.value
    assert (error.row, error.column, error.value) == (4, column, value)
    assert allowed in str(error.allowed)
    assert not list(output.parent.iterdir())


def test_a_described_film_stands_beside_those_with_ids_of_the_data(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    rows = [row.replace(",3,", ",film/3,", 1) for row in (KNOWN, NEW)]
    write(pairs, *rows, header=HEADER.replace("movie_id", "source_id"))
    own = [f"film/{id_}" for id_ in predictors.person.movie_ids]
    predict_pairs(
        *(predictors, ZIP_PREFIXES, pairs, output),
        source_ids=own,
        with_source_ids=True,
    )
    asked_by_own = pyarrow.parquet.read_table(output)
    write(pairs, KNOWN, NEW)
    predict_pairs(
        *(predictors, ZIP_PREFIXES, pairs, output),
        source_ids=own,
        with_source_ids=True,
    )
    assert asked_by_own.equals(pyarrow.parquet.read_table(output))
    assert asked_by_own["source_id"].to_pylist() == ["film/3", None]


def test_a_film_with_an_id_of_the_data_is_not_described(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    own = [f"film/{id_}" for id_ in predictors.person.movie_ids]
    header = HEADER.replace("movie_id", "source_id")
    for row, told in {
        "b,,,,,,film/3,Story,,": "title is 'Story': allowed is blank where"
        " source_id says",
        "b,,,,,,,,,": "source_id is '': allowed is a film's id",
    }.items():
        write(pairs, row, header=header)
        with pytest.raises(BadRow, match=told):
            predict_pairs(
                predictors, ZIP_PREFIXES, pairs, output, source_ids=own
            )


def test_what_describes_a_film_comes_together(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    write(pairs, KNOWN, header=HEADER.replace(",year", ""))
    with pytest.raises(FileError, match="lacks the column year"):
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output)


def test_a_title_too_long_is_refused() -> None:
    fields = {"title": "t" * 300, "year": "", "genres": ""}
    assert film_of(fields, words_of(MOVIELENS_1M)).title == fields["title"]
    with pytest.raises(InvalidField, match="title of up to 300 characters"):
        film_of(fields | {"title": "t" * 301}, words_of(MOVIELENS_1M))
