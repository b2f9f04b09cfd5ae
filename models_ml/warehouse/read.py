"""The warehouse's tables as arrays; opened read-only, and closed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models_ml.arrays import IntArray
from models_ml.vocabulary import DIMENSIONS, GENRES
from models_ml.warehouse.dataset import Dataset, Movies, Ratings, Users


def read_table(path: Path, relation: str) -> pa.Table:
    """All of `relation` (`schema.name`) of the warehouse at `path`."""
    with duckdb.connect(path, read_only=True) as connection:
        return connection.table(relation).to_arrow_table()


def read_dataset(path: Path) -> Dataset:
    """The facts of the warehouse at `path` as arrays.

    Users and films are in order of their ids, ratings in order of user and
    film; integers are int32, `rated_at` int64.
    """
    with duckdb.connect(path, read_only=True) as connection:
        users = _users(_fetch(connection, _USERS))
        movies = _movies(_fetch(connection, _MOVIES))
        ratings = _ratings(_fetch(connection, _RATINGS), users, movies)
    return Dataset(users, movies, ratings, _digest(users, movies, ratings))


_USERS: Final = """
    select user_id, gender, age_group, occupation, region, user_fold
    from marts.dim_users
    order by user_id
"""
_MOVIES: Final = """
    select movie_id, title, coalesce(year, 0) as year, genres, movie_fold
    from marts.dim_movies
    order by movie_id
"""
_RATINGS: Final = """
    select user_id, movie_id, stars, epoch(rated_at)::bigint as rated_at
    from marts.fct_ratings
    order by user_id, movie_id
"""


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return connection.sql(query).to_arrow_table().combine_chunks()


def _integers(table: pa.Table, column: str) -> IntArray:
    return table[column].to_numpy().astype(np.int32)


def _users(table: pa.Table) -> Users:
    return Users(
        user_id=_integers(table, "user_id"),
        gender=_codes(table, "gender"),
        age_group=_codes(table, "age_group"),
        occupation=_codes(table, "occupation"),
        region=_codes(table, "region"),
        fold=_integers(table, "user_fold"),
    )


def _codes(table: pa.Table, dimension: str) -> IntArray:
    return _index_in(table[dimension], DIMENSIONS[dimension])


def _index_in(values: pa.ChunkedArray, levels: Sequence[str]) -> IntArray:
    codes = pc.index_in(values, pa.array(levels, type=values.type))
    if codes.null_count:
        unknown = pc.unique(values.filter(pc.is_null(codes))).to_pylist()
        raise ValueError(
            f"the warehouse holds levels that are not in the vocabulary: "
            f"{unknown}; allowed are {list(levels)}"
        )
    return codes.to_numpy().astype(np.int32)


def _movies(table: pa.Table) -> Movies:
    genres = np.zeros((len(table), len(GENRES)), dtype=np.bool_)
    listed = table["genres"].combine_chunks()
    names = pa.chunked_array([listed.flatten()])
    genres[pc.list_parent_indices(listed), _index_in(names, GENRES)] = True
    return Movies(
        movie_id=_integers(table, "movie_id"),
        title=table["title"].to_pylist(),
        year=_integers(table, "year"),
        genres=genres,
        fold=_integers(table, "movie_fold"),
    )


def _ratings(table: pa.Table, users: Users, movies: Movies) -> Ratings:
    return Ratings(
        user=_rows(users.user_id, _integers(table, "user_id")),
        movie=_rows(movies.movie_id, _integers(table, "movie_id")),
        stars=_integers(table, "stars"),
        rated_at=table["rated_at"].to_numpy().astype(np.int64),
    )


def _rows(ids: IntArray, wanted: IntArray) -> IntArray:
    return np.searchsorted(ids, wanted).astype(np.int32)


def _digest(users: Users, movies: Movies, ratings: Ratings) -> str:
    """SHA-256 of the facts: equal facts, equal digest, in any file order."""
    digest = hashlib.sha256()
    for array in (
        users.user_id,
        users.codes(),
        movies.movie_id,
        movies.year,
        movies.genres,
        ratings.user,
        ratings.movie,
        ratings.stars,
        ratings.rated_at,
    ):
        little_endian = array.astype(array.dtype.newbyteorder("<"))
        digest.update(np.ascontiguousarray(little_endian).tobytes())
    digest.update("\n".join(movies.title).encode())
    return digest.hexdigest()
