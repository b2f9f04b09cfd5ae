"""The warehouse: built by dbt, read here, exported for serving.

Only dbt writes `warehouse.duckdb`. Every function here opens it read-only and
closes it, since an open connection would keep dbt from building.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models_ml.dataset import Dataset, IntArray, Movies, Ratings, Users
from models_ml.errors import PlateiaError
from models_ml.lock import exclusive
from models_ml.movielens import FILES, DataUnavailable
from models_ml.settings import PROJECT, Settings
from models_ml.vocabulary import (
    CLASS_OF_STARS,
    DIMENSIONS,
    GENRES,
    RATING_CLASSES,
)
from models_ml.zip_prefixes import read_zip_prefixes

__all__ = [
    "BuildFailed",
    "build",
    "export_serving",
    "read_dataset",
    "read_table",
    "read_zip_prefixes",
]


class BuildFailed(PlateiaError):  # noqa: N818 - the interface's name
    """dbt did not finish; the last good warehouse stands as it was."""

    def __init__(self, failed: dict[str, str]) -> None:
        """`failed`: what dbt says of each model or test that failed."""
        nodes = "; ".join(f"{node} ({said})" for node, said in failed.items())
        super().__init__(
            "dbt build failed, and the last warehouse was left as it is: "
            f"{nodes or 'it did not start, see what it printed'}"
        )
        self.failed = failed


def build(settings: Settings, *, force: bool = False) -> bool:
    """Build `settings.warehouse` with dbt; whether it had to be built.

    dbt builds and tests a file beside it, which takes its place once every
    model and test has passed. Nothing is done while the data, the dbt project
    and the versions are those of the last build, unless `force`. Raises
    DataUnavailable where nothing was fetched, and BuildFailed.
    """
    missing = [name for name in FILES if not (settings.data / name).is_file()]
    if missing:
        raise DataUnavailable(f"{settings.data} holds no {missing[0]}")
    with exclusive(settings.home / "warehouse.lock"):
        inputs = _inputs_digest(settings.data)
        if not force and _is_valid(settings, inputs):
            return False
        building = settings.warehouse.with_suffix(".building.duckdb")
        _remove(building)
        _run_dbt(settings, building)
        _move(building, settings.warehouse)
        state = {"inputs": inputs, **_state_of(settings.warehouse)}
        _record(settings).write_text(json.dumps(state, indent=2) + "\n")
        return True


def _record(settings: Settings) -> Path:
    return settings.warehouse.with_suffix(".json")


def _is_valid(settings: Settings, inputs: str) -> bool:
    """The file must be the one that was built: dbt can be run on it by hand,
    and leaves it half-built where that fails."""
    try:
        recorded = json.loads(_record(settings).read_text())
        return bool(
            recorded == {"inputs": inputs, **_state_of(settings.warehouse)}
        )
    except (FileNotFoundError, ValueError):
        return False


def _state_of(warehouse: Path) -> dict[str, int]:
    status = warehouse.stat()
    return {"size": status.st_size, "changed": status.st_mtime_ns}


def _inputs_digest(data: Path) -> str:
    """SHA-256 of all that decides what the warehouse holds."""
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb", "duckdb"):
        digest.update(f"{package}=={version(package)}\n".encode())
    project = [PROJECT / "dbt_project.yml", PROJECT / "profiles.yml"]
    project += sorted((PROJECT / "dbt_project").rglob("*"))
    for path in [*project, *(data / name for name in FILES)]:
        if path.is_file():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{path.name}={content}\n".encode())
    return digest.hexdigest()


_STDERR: Final = 2  # dbt's lines are progress, not a result


def _run_dbt(settings: Settings, building: Path) -> None:
    """A process of its own: its connection to `building` ends with it.

    Its parsed project is kept below `home`: dbt parses anew whenever the path
    of the warehouse changes, as it does between this and a plain `dbt build`.
    """
    target = settings.home / "dbt"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    completed = subprocess.run(
        [
            "env",
            f"PLATEIA_HOME={settings.home}",
            f"PLATEIA_WAREHOUSE={building}",
            sys.executable,
            "-c",
            "from dbt.cli.main import cli; cli()",
            "build",
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={target}",
            f"--log-path={target}",
            "--use-colors" if sys.stderr.isatty() else "--no-use-colors",
        ],
        cwd=PROJECT,
        stdout=_STDERR,
        check=False,
    )
    if completed.returncode:
        raise BuildFailed(_failed_nodes(results))


def _failed_nodes(results: Path) -> dict[str, str]:
    try:
        nodes = json.loads(results.read_text())["results"]
    except (FileNotFoundError, ValueError, KeyError):
        return {}
    return {
        node["unique_id"].split(".")[2]: " ".join(
            (node["message"] or node["status"]).split()
        )
        for node in nodes
        if node["status"] in ("error", "fail", "runtime error")
    }


def _move(building: Path, warehouse: Path) -> None:
    """A log beside either file would be replayed into the wrong one."""
    if _log(building).exists():
        with duckdb.connect(building) as connection:
            connection.execute("checkpoint")
    _log(warehouse).unlink(missing_ok=True)
    building.replace(warehouse)


def _remove(building: Path) -> None:
    building.unlink(missing_ok=True)
    _log(building).unlink(missing_ok=True)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


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


def export_serving(path: Path, target: Path) -> None:
    """Write `target` (serving.duckdb): what the API asks of the warehouse.

    Rows are sorted by their keys, so that a film's rows lie together and the
    same facts give the same content. `target` appears whole or not at all.
    """
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        # One thread writes rows in their order, and a tenth less of a file.
        with duckdb.connect(part, config={"threads": 1}) as connection:
            connection.execute(
                f"attach {_literal(path)} as warehouse (read_only)"
            )
            for table, query in _SERVING.items():
                connection.execute(f"create table {table} as {query}")
            connection.execute("detach warehouse")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _literal(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


_CLASS_SUMS: Final = ", ".join(
    f"sum(n_{label})::integer as n_{label}" for label in RATING_CLASSES
)
_CLASS_COUNTS: Final = ", ".join(
    "coalesce(sum(n_ratings) filter (where list_contains("
    f"{[star for star, code in enumerate(CLASS_OF_STARS, 1) if code == row]}"
    f", stars)), 0)::integer as n_{label}"
    for row, label in enumerate(RATING_CLASSES)
)
_SERVING: Final = {
    "movie_segments": f"""
        select
            movie_id,
            dimension,
            level,
            sum(n_ratings)::integer as n_ratings,
            {_CLASS_SUMS}
        from warehouse.features.feat_movie_segments
        group by movie_id, dimension, level
        order by movie_id, dimension, level
    """,  # noqa: S608 - made of the constants above
    "movies": """
        select
            movies.movie_id,
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
    "profiles": """
        select
            gender,
            age_group,
            occupation,
            region,
            sum(n_users)::integer as n_users
        from warehouse.features.feat_profiles
        group by gender, age_group, occupation, region
        order by gender, age_group, occupation, region
    """,
    "movie_profiles": f"""
        select
            movie_id,
            gender,
            age_group,
            occupation,
            region,
            {_CLASS_COUNTS}
        from warehouse.features.feat_movie_profiles
        group by movie_id, gender, age_group, occupation, region
        order by movie_id, gender, age_group, occupation, region
    """,  # noqa: S608 - made of the constants above
}
