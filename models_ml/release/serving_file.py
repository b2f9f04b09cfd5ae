"""The release's tables, `serving.duckdb`: opened read-only, and counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from models_ml.errors import PlateiaError

#: Tables that a release has, in the order in which they are counted.
TABLES: Final = (
    "movies",
    "movie_segments",
    "profiles",
    "movie_profiles",
    "genre_tastes",
    "movie_tastes",
)


class ServingError(PlateiaError):
    """The file is no serving database of ours."""


def serving_rows(path: Path) -> dict[str, int]:
    """Rows of each table; raises ServingError if one is not there."""
    with _connect(path) as connection:
        return {
            table: _one(connection, f"select count(*) from {table}")  # noqa: S608
            for table in TABLES
        }


def serving_ratings(path: Path) -> int:
    """Number of ratings in the table `movies`; raises ServingError."""
    with _connect(path) as connection:
        return _one(connection, "select sum(n_ratings) from movies")


def serving_movie_ids(path: Path) -> NDArray[np.integer]:
    """The films of the table `movies`, ascending; raises ServingError."""
    with _connect(path) as connection:
        query = "select movie_id from movies order by movie_id"
        return np.asarray(connection.execute(query).fetchnumpy()["movie_id"])


def serving_source_ids(path: Path) -> list[str]:
    """The source's ids of `serving_movie_ids`, in the same order.

    Raises ServingError.
    """
    with _connect(path) as connection:
        query = "select source_id from movies order by movie_id"
        return [row[0] for row in connection.execute(query).fetchall()]


@contextmanager
def _connect(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own, so that none outlives the check."""
    try:
        with duckdb.connect(
            str(path), read_only=True, config={"threads": 1}
        ) as connection:
            yield connection
    except duckdb.Error as error:
        raise ServingError(f"{path.name} cannot be read: {error}") from error


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
