"""`serving.duckdb`: what the API asks of the warehouse."""

from pathlib import Path
from typing import Final

import duckdb

from models_ml.atomic import replacing
from models_ml.vocabulary import RATING_CLASSES
from models_ml.warehouse.tables import (
    MEMORY_LIMIT,
    attach_tables,
    local_tables,
)


def export_serving(tables: Path | str, target: Path) -> None:
    """Write `target` (serving.duckdb): what the API asks of the warehouse.

    Rows are sorted by their keys, so that a film's rows lie together and the
    same facts give the same content. `target` appears whole or not at all.
    """
    # One thread writes rows in their order, and a tenth less of a file.
    with (
        local_tables(tables) as path,
        replacing(target) as part,
        duckdb.connect(
            part, config={"threads": 1, "memory_limit": MEMORY_LIMIT}
        ) as connection,
    ):
        attach_tables(connection, path)
        for dimension in _DIMENSIONS:
            connection.execute(
                f"create type {dimension}_level as enum (select distinct"  # noqa: S608
                f" {dimension} from warehouse.features.feat_profiles"
                " order by 1)"
            )
        for table, query in _SERVING.items():
            connection.execute(f"create table {table} as {query}")
        _insert_movie_profiles(connection)
        connection.execute("detach warehouse")


def _insert_movie_profiles(connection: duckdb.DuckDBPyConnection) -> None:
    """The profiles of some films after the other, in order.

    All at once they would be grouped and sorted in memory that grows with
    the films, beside what training itself holds.
    """
    none = _MOVIE_PROFILES.format(above=0, last=0)
    connection.execute(f"create table movie_profiles as {none}")
    above = 0
    parts = connection.execute(_LAST_OF_PARTS.format(rows=_PART_ROWS))
    for (last,) in parts.fetchall():
        part = _MOVIE_PROFILES.format(above=above, last=last)
        connection.execute(f"insert into movie_profiles {part}")
        above = last


_CLASS_SUMS: Final = ", ".join(
    f"sum(n_{label})::integer as n_{label}" for label in RATING_CLASSES
)
_CLASS_COUNTS: Final = ", ".join(
    f"coalesce(sum(n_ratings) filter (where rating_class = {number}), 0)"
    f"::integer as n_{label}"
    for number, label in enumerate(RATING_CLASSES, 1)
)
_DIMENSIONS: Final = (
    "gender",
    "age_group",
    "occupation",
    "region",
    "nationality",
)
_PROFILE: Final = ", ".join(_DIMENSIONS)
#: The words of a profile as numbers, which are grouped and sorted in two
#: thirds of the time and half of the memory of their texts. They are read as
#: the texts that they are.
_LEVELS: Final = ", ".join(
    f"{name}::{name}_level as {name}" for name in _DIMENSIONS
)
#: A profile's place is its nationality where the data have it, as in
#: `Vocabulary.dimensions`: nothing is then told by region.
_HAS_PLACE: Final = """(
    dimension != 'region'
    or not exists (
        from warehouse.marts.dim_levels as levels
        where levels.dimension = 'nationality'
    )
)"""
_SERVING: Final = {
    "movie_segments": f"""
        select
            movie_id,
            dimension,
            level,
            sum(n_ratings)::integer as n_ratings,
            {_CLASS_SUMS}
        from warehouse.features.feat_movie_segments
        where {_HAS_PLACE}
        group by movie_id, dimension, level
        order by movie_id, dimension, level
    """,  # noqa: S608 - made of the constants above
    "movies": """
        select
            movies.movie_id,
            movies.source_id,
            movies.title,
            movies.year,
            movies.genres,
            movies.n_ratings::integer as n_ratings,
            coalesce(everyone.n_hated, 0) as n_hated,
            coalesce(everyone.n_disliked, 0) as n_disliked,
            coalesce(everyone.n_liked, 0) as n_liked,
            coalesce(everyone.n_loved, 0) as n_loved
        from warehouse.marts.dim_movies as movies
        left join movie_segments as everyone
            on movies.movie_id = everyone.movie_id
            and everyone.dimension = 'everyone'
        order by movies.movie_id
    """,
    "profiles": f"""
        select
            {_PROFILE},
            sum(n_users)::integer as n_users
        from warehouse.features.feat_profiles
        group by {_PROFILE}
        order by {_PROFILE}
    """,  # noqa: S608 - made of the constants above
    "genre_tastes": f"""
        select * from warehouse.features.feat_genre_tastes
        where {_HAS_PLACE}
        order by dimension, level, genre, measure
    """,  # noqa: S608 - made of the constants above
    "movie_tastes": f"""
        select * from warehouse.features.feat_movie_tastes
        where is_supported and {_HAS_PLACE}
        order by dimension, level, measure, movie_id
    """,  # noqa: S608 - made of the constants above
}
#: Rows of `feat_movie_profiles` that are grouped at a time, or one film's.
_PART_ROWS: Final = 10_000_000
_LAST_OF_PARTS: Final = """
    with counted as (
        select movie_id, count(*) as n_rows
        from warehouse.features.feat_movie_profiles
        group by movie_id
    ), parts as (
        select
            movie_id,
            sum(n_rows) over (order by movie_id) // {rows} as part
        from counted
    )
    select max(movie_id) from parts group by part order by part
"""
_MOVIE_PROFILES: Final = f"""
    select
        movie_id,
        {_LEVELS},
        {_CLASS_COUNTS}
    from warehouse.features.feat_movie_profiles
    where movie_id > {{above}} and movie_id <= {{last}}
    group by all
    order by all
"""  # noqa: S608 - made of the constants above
