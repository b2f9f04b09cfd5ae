"""The figures that MovieLens publishes, and those it does not."""

from pathlib import Path

import duckdb
import pytest

from models_ml.warehouse.read import read_dataset

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def warehouse(real_home: Path) -> Path:
    return real_home / "warehouse.duckdb"


def _ask(warehouse: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_line_became_a_row(warehouse: Path) -> None:
    assert _ask(
        warehouse,
        """
        select
            (select count(*) from marts.dim_users),
            (select count(*) from marts.dim_movies),
            (select count(*) from marts.fct_ratings),
            (select count(*) from marts.rejected_lines)
        """,
    ) == [(6_040, 3_883, 1_000_209, 0)]


def test_classes_have_their_counts(warehouse: Path) -> None:
    assert _ask(
        warehouse,
        """
        select rating_class, rating_label, count(*)
        from marts.fct_ratings
        group by rating_class, rating_label
        order by rating_class
        """,
    ) == [
        (1, "hated", 56_174),
        (2, "disliked", 107_557),
        (3, "liked", 610_168),
        (4, "loved", 226_310),
    ]


def test_people_are_those_of_the_files(warehouse: Path) -> None:
    assert _ask(
        warehouse,
        "select gender, count(*) from marts.dim_users group by 1 order by 1",
    ) == [("F", 1_709), ("M", 4_331)]
    assert _ask(
        warehouse,
        "select country, count(*) from marts.dim_users group by 1 order by 1",
    ) == [("US", 6_021), ("unknown", 19)]


def test_titles_are_read_in_their_encoding(warehouse: Path) -> None:
    assert _ask(
        warehouse,
        """
        select title, year from marts.dim_movies
        where movie_id in (1, 73, 260, 2571) order by movie_id
        """,
    ) == [
        ("Toy Story", 1995),
        ("Misérables, Les", 1995),
        ("Star Wars: Episode IV - A New Hope", 1977),
        ("Matrix, The", 1999),
    ]
    assert _ask(
        warehouse, "select count(*) from marts.dim_movies where year is null"
    ) == [(0,)]


def test_the_dataset_is_the_same_on_every_machine(warehouse: Path) -> None:
    dataset = read_dataset(warehouse)
    assert len(dataset.ratings) == 1_000_209
    assert dataset.digest == (
        "9a8528671d2cd2a50d3b5749b77c79c4"
        "4d6c9317dece8c4c63ee59b4dbed9670"
    )  # fmt: skip
