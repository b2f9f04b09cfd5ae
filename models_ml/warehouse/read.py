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
from models_ml.sql import sql_literal
from models_ml.vocabulary import RATING_CLASSES, Vocabulary
from models_ml.warehouse.dataset import (
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
    """All rows of `relation` (`schema.name`) of the warehouse file `path`."""
    with duckdb.connect(path, read_only=True) as connection:
        return connection.table(relation).to_arrow_table()


def read_dataset(tables: Path | str) -> Dataset:
    """The facts of the warehouse whose tables are at `tables` as arrays.

    Users and films are in order of their ids, ratings in order of user and
    film, counts in order of their keys; integers are int32, `rated_at` int64.
    Raises TablesMissing where there is no table.
    """
    with open_tables(tables) as connection:
        vocabulary = _vocabulary(connection)
        columns = {
            "profile": _profile_columns(connection, vocabulary),
            "dimensions": ", ".join(
                f"'{name}'" for name in vocabulary.dimensions
            ),
            "steps": _STEPS,
        }

        def fetch(query: str) -> pa.Table:
            return _fetch(connection, query.format_map(columns))

        users = _users(fetch(_USERS), vocabulary)
        movies = _movies(fetch(_MOVIES), vocabulary)
        ratings = _ratings(fetch(_RATINGS), users, movies)
        counts = Counts(
            _profiles(fetch(_PROFILES), vocabulary),
            _stars(fetch(_MOVIE_STARS), movies),
            _segments(fetch(_MOVIE_SEGMENTS), movies, vocabulary),
            _movie_profiles(fetch(_MOVIE_PROFILES), movies, vocabulary),
            _genre_segments(fetch(_GENRE_SEGMENTS), vocabulary),
        )
    digest = _digest(users, movies, ratings, counts)
    return Dataset(vocabulary, users, movies, ratings, counts, digest)


def read_vocabulary(tables: Path | str) -> Vocabulary:
    """The vocabulary of the warehouse whose tables are at `tables`.

    Raises TablesMissing where there is no table.
    """
    with open_tables(tables) as connection:
        return _vocabulary(connection)


def _vocabulary(connection: duckdb.DuckDBPyConnection) -> Vocabulary:
    levels = _fetch(connection, "from marts.dim_levels")
    return Vocabulary.from_rows(levels.to_pylist())


def _profile_columns(
    connection: duckdb.DuckDBPyConnection, vocabulary: Vocabulary
) -> str:
    """The levels of a profile as SQL that gives their rows in the vocabulary.

    Numbers are grouped, sorted and handed over in less than half of the time
    of their texts. A level that is not in the vocabulary is an error.
    """
    columns = []
    for name, levels in vocabulary.dimensions.items():
        allowed = ", ".join(sql_literal(level) for level in levels)
        kind = f"{_OWN_SCHEMA}.{name}_level"
        connection.execute(f"create type {kind} as enum ({allowed})")
        columns.append(f"enum_code({name}::{kind})::integer as {name}")
    return ", ".join(columns)


#: The warehouse is read-only: what is made for a reading lies beside it.
_OWN_SCHEMA: Final = "memory.main"
#: `{profile}` are the columns of the vocabulary's dimensions, as codes.
_USERS: Final = """
    select user_id, {profile}, user_fold
    from features.feat_sampled_users
    order by user_id
"""
_MOVIES: Final = """
    select movie_id, title, coalesce(year, 0) as year, genres, movie_fold
    from marts.dim_movies
    order by movie_id
"""
#: Stars are read as steps of the data's scale, the first is 1: the stars
#: themselves in MovieLens 1M.
_STEPS: Final = """
    inner join marts.dim_levels as steps
        on steps.dimension = 'star' and steps.lowest = 2 * stars
"""
_RATINGS: Final = """
    select
        user_id,
        movie_id,
        steps.position + 1 as stars,
        coalesce(epoch(rated_at), 0)::bigint as rated_at
    from features.feat_sampled_ratings
    {steps}
    order by user_id, movie_id
"""
_PROFILES: Final = """
    select {profile}, user_fold, sum(n_users)::bigint as n_users
    from features.feat_profiles
    group by all
    order by all
"""
_MOVIE_STARS: Final = """
    select movie_id, user_fold, steps.position + 1 as stars, n_ratings
    from features.feat_movie_stars
    {steps}
    order by all
"""
_MOVIE_SEGMENTS: Final = """
    select
        movie_id,
        dimension || '|' || level as level,
        user_fold,
        n_hated,
        n_disliked,
        n_liked,
        n_loved
    from features.feat_movie_segments
    where dimension in ({dimensions})
    order by all
"""
_MOVIE_PROFILES: Final = """
    select
        movie_id,
        {profile},
        user_fold,
        steps.position + 1 as stars,
        sum(n_ratings)::bigint as n_ratings
    from features.feat_movie_profiles
    semi join features.feat_sampled_movies using (movie_id)
    {steps}
    group by all
    order by all
"""
_GENRE_SEGMENTS: Final = """
    select genre, level, movie_fold, n_ratings
    from features.feat_genre_segments
    where dimension = 'gender_age_group'
    order by all
"""


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    try:
        return connection.sql(query).to_arrow_table()
    except duckdb.ConversionException as error:
        raise ValueError(
            f"the warehouse holds a level that is not in the vocabulary:"
            f" {error}"
        ) from error


def _integers(table: pa.Table, column: str) -> IntArray:
    result: IntArray = table[column].to_numpy().astype(np.int32)
    return result


def _users(table: pa.Table, vocabulary: Vocabulary) -> Users:
    gender, age_group, occupation, place = (
        _integers(table, name) for name in vocabulary.dimensions
    )
    return Users(
        user_id=_integers(table, "user_id"),
        gender=gender,
        age_group=age_group,
        occupation=occupation,
        place=place,
        fold=_integers(table, "user_fold"),
    )


def _profile_codes(table: pa.Table, vocabulary: Vocabulary) -> IntArray:
    return np.column_stack(
        [_integers(table, name) for name in vocabulary.dimensions]
    )


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


def _movies(table: pa.Table, vocabulary: Vocabulary) -> Movies:
    names = vocabulary.genres
    genres = np.zeros((len(table), len(names)), dtype=np.bool_)
    listed = table["genres"].combine_chunks()
    columns = _index_in(pa.chunked_array([listed.flatten()]), names)
    genres[pc.list_parent_indices(listed), columns] = True
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


def _profiles(table: pa.Table, vocabulary: Vocabulary) -> Profiles:
    return Profiles(
        codes=_profile_codes(table, vocabulary),
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


def _segments(
    table: pa.Table, movies: Movies, vocabulary: Vocabulary
) -> MovieSegments:
    levels = [
        f"{dimension}|{level}" for dimension, level in vocabulary.all_levels
    ]
    return MovieSegments(
        movie=_movie_rows(table, movies),
        level=_index_in(table["level"], levels),
        user_fold=_integers(table, "user_fold"),
        of_class=np.column_stack(
            [_integers(table, f"n_{label}") for label in RATING_CLASSES]
        ),
    )


def _movie_profiles(
    table: pa.Table, movies: Movies, vocabulary: Vocabulary
) -> MovieProfiles:
    return MovieProfiles(
        movie=_movie_rows(table, movies),
        codes=_profile_codes(table, vocabulary),
        user_fold=_integers(table, "user_fold"),
        stars=_integers(table, "stars"),
        n_ratings=_integers(table, "n_ratings"),
    )


def _genre_segments(table: pa.Table, vocabulary: Vocabulary) -> GenreSegments:
    segments = [
        f"{gender}|{age}"
        for gender in vocabulary.genders
        for age in vocabulary.age_groups
    ]
    return GenreSegments(
        genre=_index_in(table["genre"], vocabulary.genres),
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
        *(getattr(counts, field.name) for field in fields(counts)),
    )
    for table in tables:
        for field in fields(table):
            values = getattr(table, field.name)
            if isinstance(values, np.ndarray):
                little_endian = values.astype(values.dtype.newbyteorder("<"))
                digest.update(np.ascontiguousarray(little_endian).data)
    digest.update("\n".join(movies.title).encode())
    return digest.hexdigest()
