"""What training counts in memory is what the feature tables hold."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Counts, Dataset
from models_ml.warehouse.read import read_dataset
from tests.dbt.conftest import Built

#: One worker builds for all.
pytestmark = pytest.mark.xdist_group("dbt")

TABLES = [field.name for field in fields(Counts)]


@pytest.fixture(scope="module")
def dataset(built: Built) -> Dataset:
    """Of data so few that everyone, and every film, is in the sample."""
    return read_dataset(built.settings.warehouse)


def columns_of(table: Any) -> dict[str, Any]:
    return {field.name: getattr(table, field.name) for field in fields(table)}


def rows_of(table: Any) -> list[tuple[int, ...]]:
    """Rows of all columns, sorted: SQL sorts by words, Python by codes."""
    columns = np.column_stack(list(columns_of(table).values()))
    return sorted(map(tuple, columns.tolist()))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_counted_in_memory_as_in_sql(
    dataset: Dataset, name: str
) -> None:
    made = count_dataset(
        dataset.vocabulary,
        dataset.users,
        dataset.movies,
        dataset.ratings,
        "made",
    )
    of_sql, of_python = (
        rows_of(getattr(each.counts, name)) for each in (dataset, made)
    )
    assert of_sql
    assert of_python == of_sql, (
        f"counting.py and the SQL that read.py reads count {name} differently"
    )


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_folds_of_people_has_no_others(
    dataset: Dataset, name: str
) -> None:
    """Or is not there: else a model learns from those it is judged on."""
    table = getattr(dataset.of_user_folds((1, 3)).counts, name)
    if table is not None:
        assert set(table.user_fold) == {1, 3}


@pytest.mark.parametrize(
    "name", [name for name in TABLES if name != "profiles"]
)
def test_a_table_of_folds_of_films_has_no_others(
    dataset: Dataset, name: str
) -> None:
    """People alone are in all of them; of ratings, those of other films."""
    table = getattr(dataset.of_movie_folds((1, 3)).counts, name)
    if table is not None:
        columns = columns_of(table)
        folds = (
            columns["movie_fold"]
            if "movie_fold" in columns
            else dataset.movies.fold[columns["movie"]]
        )
        assert set(folds) == {1, 3}
