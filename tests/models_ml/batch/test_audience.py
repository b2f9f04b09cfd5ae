"""`audience`: the audience of every film of a file."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from models_ml.batch import audience_file as audience
from models_ml.batch import files
from models_ml.batch.audience_file import AUDIENCE_COLUMNS, predict_audiences
from models_ml.batch.files import BadRow, FileError
from models_ml.errors import InvalidFields
from models_ml.film.predictor import AudiencePredictor, Film
from models_ml.source.movielens_levels import AGE_GROUPS, GENDERS

HEADER = "film_id,title,year,genres"


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    return tmp_path / "movies.csv"


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def expected_of(
    film: AudiencePredictor,
    asked: Film,
    by: tuple[str, ...],
    n_raters: int | None = None,
) -> np.ndarray:
    audience = film.predict(asked, by, n_raters)
    return np.column_stack(
        [
            *(audience.reach, audience.reach_low, audience.reach_high),
            *(audience.reach_index, audience.probabilities),
            *(
                audience.affinity,
                audience.affinity_low,
                audience.affinity_high,
            ),
            *(audience.index_low, audience.index_high),
            *(audience.n_users, audience.is_target),
        ]
    )


@pytest.mark.parametrize("rows_at_once", [1, 50_000])
def test_films_are_answered_in_order_as_each_alone(
    rows_at_once: int,
    film: AudiencePredictor,
    movies: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audience, "_ROWS_AT_ONCE", rows_at_once)
    monkeypatch.setattr(files, "BLOCK_SIZE", 60)
    write(
        movies,
        'b,"Good, the Bad, The",1999,Drama|Western',
        "a,Ação,1985.0, Action | Sci-Fi ",
        "c,,,",
    )
    by = ("age_group", "gender")
    told: list[Film] = []
    summary = predict_audiences(film, movies, by, output, on_film=told.append)
    assert (summary.n_read, summary.n_written) == (3, 42)
    table = pyarrow.parquet.read_table(output)
    assert table.column_names == ["film_id", *by, *AUDIENCE_COLUMNS]
    assert table["film_id"].to_pylist() == list("b" * 14 + "a" * 14 + "c" * 14)
    assert table["age_group"].to_pylist() == [
        group for _ in range(3) for group in AGE_GROUPS for _ in GENDERS
    ]
    assert table["gender"].to_pylist() == list(GENDERS) * 21
    asked = [
        Film("Good, the Bad, The", 1999, ("Drama", "Western")),
        Film("Ação", 1985, ("Action", "Sci-Fi")),
        Film("", None, ()),
    ]
    assert told == asked
    np.testing.assert_allclose(
        np.column_stack([table[name] for name in AUDIENCE_COLUMNS]),
        np.concatenate([expected_of(film, each, by) for each in asked]),
        atol=1e-12,
    )


def test_a_list_may_be_parted_by_semicolons(
    film: AudiencePredictor, movies: Path, output: Path
) -> None:
    """As Excel writes it in Portuguese, and as the page takes it."""
    tables = []
    for sign in (",", ";"):
        rows = [
            f'7{sign}"Dust, and; Sand"{sign}1999{sign}Ação|Drama',
            f"8{sign}Letters{sign}{sign}",
        ]
        write(movies, *rows, header=HEADER.replace(",", sign))
        summary = predict_audiences(film, movies, ("gender",), output)
        assert summary.n_read == 2
        tables.append(pyarrow.parquet.read_table(output))
    assert tables[0].equals(tables[1])
    assert tables[1]["film_id"].to_pylist() == [7, 7, 8, 8]


def test_the_number_of_raters_may_be_given(
    film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(
        movies,
        *("a,A,1999,Drama,10", "b,A,1999,Drama,"),
        header=f"{HEADER},n_raters",
    )
    predict_audiences(film, movies, ("gender",), output)
    table = pyarrow.parquet.read_table(output)
    asked = Film("A", 1999, ("Drama",))
    np.testing.assert_allclose(
        np.column_stack([table[name] for name in AUDIENCE_COLUMNS]),
        np.concatenate(
            [
                expected_of(film, asked, ("gender",), 10),
                expected_of(film, asked, ("gender",)),
            ]
        ),
        atol=1e-12,
    )


def test_what_is_known_of_a_film_is_used(
    film: AudiencePredictor, movies: Path, output: Path
) -> None:
    films = film.known_films
    first, second = sorted(films._movie_ids)[:2]
    write(
        movies,
        *(f"a,A,1999,Drama,Amplo,{second} | {first}", "b,A,1999,Drama,,"),
        header=f"{HEADER},n_raters,comparables",
    )
    predict_audiences(film, movies, ("gender",), output)
    table = pyarrow.parquet.read_table(output)
    write(
        movies,
        *("a,A,1999,Drama,Amplo,tt 2 |tt1", "b,A,1999,Drama,,"),
        header=f"{HEADER},n_raters,comparables",
    )
    predict_audiences(
        film,
        movies,
        ("gender",),
        output,
        movie_id_of={"tt1": first, "tt 2": second},
    )
    assert pyarrow.parquet.read_table(output).equals(table)
    known = film.predict(
        Film("A", 1999, ("Drama",)),
        ("gender",),
        films.widths["wide"],
        comparables=(first, second),
    )
    np.testing.assert_allclose(table["reach_low"][:2], known.reach_low)
    assert table["reach_low"][0] != table["reach_low"][2]


@pytest.mark.parametrize(
    "value", ["-5", "Nothing of the kind", "|".join("abcdefghijk")]
)
def test_comparables_nobody_knows_are_named(
    value: str, film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(movies, f"a,A,1999,Drama,{value}", header=f"{HEADER},comparables")
    with pytest.raises(BadRow, match="comparables is"):
        predict_audiences(film, movies, ("gender",), output)


def test_what_the_model_has_never_seen_is_counted(
    film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(movies, "a,A,2150,War", "b,B,2150,Drama", "c,C,1999,Drama")
    summary = predict_audiences(film, movies, ("gender",), output)
    assert [
        n for notice, n in summary.notices.items() if "2150" in notice
    ] == [2]


def test_csv_out(film: AudiencePredictor, movies: Path, output: Path) -> None:
    write(movies, 'a,"A ""quoted""",1999,Drama')
    as_csv = output.with_suffix(".csv")
    predict_audiences(film, movies, ("gender",), as_csv)
    lines = as_csv.read_text().splitlines()
    assert len(lines) == 3
    names = ["film_id", "gender", *AUDIENCE_COLUMNS]
    assert lines[0] == ",".join(f'"{name}"' for name in names)


def test_a_file_without_films_has_an_answer_without_rows(
    film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(movies)
    predict_audiences(film, movies, ("region",), output)
    table = pyarrow.parquet.read_table(output)
    assert table.num_rows == 0
    assert table.schema.field("reach").type == pa.float64()
    assert table.schema.field("n_users").type == pa.int64()
    assert table.schema.field("is_target").type == pa.bool_()


def test_a_title_may_go_over_two_lines(
    film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(movies, 'a,"Two\nlines",1999,Drama', "b,B,none,Drama")
    with pytest.raises(BadRow, match="year is 'none'") as caught:
        predict_audiences(film, movies, ("gender",), output)
    assert caught.value.row == 3


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (",B,1999,Drama", "film_id", ""),
        ("a,B,1999,Drama", "film_id", "a"),
        ("b,B,soon,Drama", "year", "soon"),
        ("b,B,1999.5,Drama", "year", "1999.5"),
        ("b,B,999,Drama", "year", "999"),
        ("b,B,1999,Drama|Polka", "genres", "Polka"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(  # noqa: PLR0917 - fixtures
    row: str,
    column: str,
    value: str,
    film: AudiencePredictor,
    movies: Path,
    output: Path,
) -> None:
    write(movies, "a,A,1999,Drama", row)
    with pytest.raises(BadRow) as caught:
        predict_audiences(film, movies, ("gender",), output)
    error = caught.value
    assert (error.row, error.column, error.value) == (3, column, value)
    assert not list(output.parent.iterdir())


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_raters_that_are_no_number_are_named(
    value: str, film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(movies, f"a,A,1999,Drama,{value}", header=f"{HEADER},n_raters")
    with pytest.raises(BadRow, match="n_raters is") as caught:
        predict_audiences(film, movies, ("gender",), output)
    assert caught.value.row == 2


def test_other_columns_are_refused(
    film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(movies, header=f"{HEADER},director")
    with pytest.raises(FileError, match="'director', which would be ignored"):
        predict_audiences(film, movies, ("gender",), output)


@pytest.mark.parametrize("by", [(), ("gender", "gender"), ("shoe_size",)])
def test_other_dimensions_are_refused(
    by: tuple[str, ...], film: AudiencePredictor, movies: Path, output: Path
) -> None:
    write(movies)
    with pytest.raises(InvalidFields, match="age_group"):
        predict_audiences(film, movies, by, output)
