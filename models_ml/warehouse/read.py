"""The warehouse's tables as arrays; opened read-only, and closed."""

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models_ml.arrays import IntArray
from models_ml.vocabulary import (
    AGE_GROUPS,
    DIMENSIONS,
    GENDERS,
    GENRES,
    RATING_CLASSES,
)
from models_ml.warehouse.dataset import (
    LEVELS,
    Counts,
    Dataset,
    GenreSegments,
    MovieProfiles,
    Movies,
    MovieSegments,
    MovieStars,
    Profiles,
    Ratings,
    Users,
)
from models_ml.warehouse.tables import open_tables


def read_table(path: Path, relation: str) -> pa.Table:
    """All of `relation` (`schema.name`) of the warehouse at `path`."""
    with duckdb.connect(path, read_only=True) as connection:
        return connection.table(relation).to_arrow_table()


def read_dataset(tables: Path | str) -> Dataset:
    """The facts of the warehouse whose tables are at `tables` as arrays.

    Users and films are in order of their ids, ratings in order of user and
    film, counts in order of their keys; integers are int32, `rated_at` int64.
    """
    with open_tables(tables) as connection:
        users = _users(_fetch(connection, _USERS))
        movies = _movies(_fetch(connection, _MOVIES))
        ratings = _ratings(_fetch(connection, _RATINGS), users, movies)
        counts = Counts(
            _profiles(_fetch(connection, _PROFILES)),
            _stars(_fetch(connection, _MOVIE_STARS), movies),
            _segments(_fetch(connection, _MOVIE_SEGMENTS), movies),
            _movie_profiles(_fetch(connection, _MOVIE_PROFILES), movies),
            _genre_segments(_fetch(connection, _GENRE_SEGMENTS)),
        )
    digest = _digest(users, movies, ratings, counts)
    return Dataset(users, movies, ratings, counts, digest)


_USERS: Final = """
    select user_id, gender, age_group, occupation, region, user_fold
    from features.feat_sampled_users
    order by user_id
"""
_MOVIES: Final = """
    select movie_id, title, coalesce(year, 0) as year, genres, movie_fold
    from marts.dim_movies
    order by movie_id
"""
_RATINGS: Final = """
    select user_id, movie_id, stars, epoch(rated_at)::bigint as rated_at
    from features.feat_sampled_ratings
    order by user_id, movie_id
"""
_PROFILES: Final = """
    select gender, age_group, occupation, region, user_fold, n_users
    from features.feat_profiles
    order by all
"""
_MOVIE_STARS: Final = """
    select movie_id, user_fold, stars, n_ratings
    from features.feat_movie_stars
    order by all
"""
_MOVIE_SEGMENTS: Final = f"""
    select
        movie_id,
        dimension || '|' || level as level,
        user_fold,
        {", ".join(f"n_{label}" for label in RATING_CLASSES)}
    from features.feat_movie_segments
    where dimension in {tuple(DIMENSIONS)}
    order by all
"""  # noqa: S608 - made of constants
_MOVIE_PROFILES: Final = """
    select
        movie_id,
        gender,
        age_group,
        occupation,
        region,
        user_fold,
        stars,
        n_ratings
    from features.feat_movie_profiles
    semi join features.feat_sampled_movies using (movie_id)
    order by all
"""

_GENRE_SEGMENTS: Final = """
    select genre, level, movie_fold, n_ratings
    from features.feat_genre_segments
    where dimension = 'gender_age_group'
    order by all
"""


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return connection.sql(query).to_arrow_table().combine_chunks()


def _integers(table: pa.Table, column: str) -> IntArray:
    result: IntArray = table[column].to_numpy().astype(np.int32)
    return result


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


def _profile_codes(table: pa.Table) -> IntArray:
    return np.column_stack([_codes(table, name) for name in DIMENSIONS])


def _index_in(values: pa.ChunkedArray, levels: Sequence[str]) -> IntArray:
    codes = pc.index_in(values, pa.array(levels, type=values.type))
    if codes.null_count:
        unknown = pc.unique(values.filter(pc.is_null(codes))).to_pylist()
        raise ValueError(
            f"the warehouse holds levels that are not in the vocabulary: "
            f"{unknown}; allowed are {list(levels)}"
        )
    result: IntArray = codes.to_numpy().astype(np.int32)
    return result


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
        movie=_movie_rows(table, movies),
        stars=_integers(table, "stars"),
        rated_at=table["rated_at"].to_numpy().astype(np.int64),
    )


def _profiles(table: pa.Table) -> Profiles:
    return Profiles(
        codes=_profile_codes(table),
        user_fold=_integers(table, "user_fold"),
        n_users=_integers(table, "n_users"),
    )


def _stars(table: pa.Table, movies: Movies) -> MovieStars:
    return MovieStars(
        movie=_movie_rows(table, movies),
        user_fold=_integers(table, "user_fold"),
        stars=_integers(table, "stars"),
        n_ratings=_integers(table, "n_ratings"),
    )


def _segments(table: pa.Table, movies: Movies) -> MovieSegments:
    levels = [f"{dimension}|{level}" for dimension, level in LEVELS]
    return MovieSegments(
        movie=_movie_rows(table, movies),
        level=_index_in(table["level"], levels),
        user_fold=_integers(table, "user_fold"),
        of_class=np.column_stack(
            [_integers(table, f"n_{label}") for label in RATING_CLASSES]
        ),
    )


def _movie_profiles(table: pa.Table, movies: Movies) -> MovieProfiles:
    return MovieProfiles(
        movie=_movie_rows(table, movies),
        codes=_profile_codes(table),
        user_fold=_integers(table, "user_fold"),
        stars=_integers(table, "stars"),
        n_ratings=_integers(table, "n_ratings"),
    )


def _genre_segments(table: pa.Table) -> GenreSegments:
    segments = [f"{gender}|{age}" for gender in GENDERS for age in AGE_GROUPS]
    return GenreSegments(
        genre=_index_in(table["genre"], GENRES),
        segment=_index_in(table["level"], segments),
        movie_fold=_integers(table, "movie_fold"),
        n_ratings=_integers(table, "n_ratings"),
    )


def _movie_rows(table: pa.Table, movies: Movies) -> IntArray:
    return _rows(movies.movie_id, _integers(table, "movie_id"))


def _rows(ids: IntArray, wanted: IntArray) -> IntArray:
    return np.searchsorted(ids, wanted).astype(np.int32)


def _digest(
    users: Users, movies: Movies, ratings: Ratings, counts: Counts
) -> str:
    """SHA-256 of the facts: equal facts, equal digest, in any file order."""
    digest = hashlib.sha256()
    tables: tuple[Any, ...] = (
        users,
        movies,
        ratings,
        counts.profiles,
        counts.movie_stars,
        counts.movie_segments,
        counts.movie_profiles,
        counts.genre_segments,
    )
    for table in tables:
        for field in fields(table):
            values = getattr(table, field.name)
            if isinstance(values, np.ndarray):
                little_endian = values.astype(values.dtype.newbyteorder("<"))
                digest.update(np.ascontiguousarray(little_endian).data)
    digest.update("\n".join(movies.title).encode())
    return digest.hexdigest()
