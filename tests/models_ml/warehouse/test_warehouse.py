"""The readers, on a warehouse small enough to write by hand."""

import re
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from models_ml.profile.zip_prefixes import read_zip_prefixes
from models_ml.settings import PROJECT
from models_ml.source.movielens_levels import GENRES, MOVIELENS_1M
from models_ml.warehouse import export
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.export import export_serving
from models_ml.warehouse.read import read_dataset, read_table
from models_ml.warehouse.tables import TablesMissing

TABLES = {
    "features.feat_sampled_users": """
        select * from (values
            (7, 'M', '56+', 'writer', 'unknown', 4),
            (2, 'F', 'under 18', 'K-12 student', 'Pacific', 0)
        ) as rows (
            user_id, gender, age_group, occupation, region, user_fold
        )
    """,
    "marts.dim_movies": """
        select * from (values
            (30, 'c', 'Été, L''', 1990, ['Drama', 'Romance'], 1, 1),
            (10, 'a', 'Alien', 1979, ['Horror', 'Sci-Fi'], 2, 2),
            (20, 'b', 'No Year', null, ['Action'], 3, 0)
        ) as rows (
            movie_id, source_id, title, year, genres, movie_fold, n_ratings
        )
    """,
    "features.feat_sampled_ratings": """
        select * from (values
            (7, 10, 5, timestamp '2000-12-31 22:12:40'),
            (2, 10, 3, timestamp '1970-01-01 00:00:01'),
            (7, 30, 1, timestamp '2000-12-31 22:12:41')
        ) as rows (user_id, movie_id, stars, rated_at)
    """,
    "features.feat_movie_segments": """
        select * from (values
            (10, 'everyone', 'everyone', 4, 1, 0, 0, 0, 1),
            (10, 'everyone', 'everyone', 0, 1, 0, 0, 1, 0),
            (30, 'everyone', 'everyone', 4, 1, 1, 0, 0, 0),
            (10, 'gender', 'M', 4, 1, 0, 0, 0, 1)
        ) as rows (
            movie_id, dimension, level, user_fold,
            n_ratings, n_hated, n_disliked, n_liked, n_loved
        )
    """,
    "features.feat_movie_stars": """
        select * from (values
            (30, 4, 1, 1),
            (10, 4, 5, 1)
        ) as rows (movie_id, user_fold, stars, n_ratings)
    """,
    "features.feat_genre_segments": """
        select * from (values
            ('Sci-Fi', 'gender_age_group', 'M|56+', 2, 4),
            ('Horror', 'gender_age_group', 'F|18-24', 1, 3),
            ('Horror', 'gender', 'F', 1, 3)
        ) as rows (genre, dimension, level, movie_fold, n_ratings)
    """,
    "features.feat_sampled_movies": """
        select * from (values (10), (20)) as rows (movie_id)
    """,
    "features.feat_genre_tastes": """
        select * from (values
            ('gender', 'M', 'Horror', 'liking', true),
            ('gender', 'F', 'Horror', 'liking', false)
        ) as rows (dimension, level, genre, measure, is_supported)
    """,
    "features.feat_movie_tastes": """
        select * from (values
            ('gender', 'M', 10, 'liking', true),
            ('gender', 'F', 10, 'liking', false)
        ) as rows (dimension, level, movie_id, measure, is_supported)
    """,
    "features.feat_profiles": """
        select *, 'unknown' as nationality from (values
            ('M', '56+', 'writer', 'unknown', 4, 1),
            ('M', '56+', 'writer', 'unknown', 3, 2),
            ('F', 'under 18', 'K-12 student', 'Pacific', 0, 1)
        ) as rows (
            gender, age_group, occupation, region, user_fold, n_users
        )
    """,
    "features.feat_movie_profiles": """
        select *, 'unknown' as nationality from (values
            (30, 'M', '56+', 'writer', 'unknown', 4, 1, 1, 1),
            (10, 'M', '56+', 'writer', 'unknown', 4, 5, 1, 4),
            (10, 'M', '56+', 'writer', 'unknown', 3, 4, 2, 3),
            (10, 'M', '56+', 'writer', 'unknown', 3, 3, 1, 3),
            (10, 'M', '56+', 'writer', 'unknown', 3, 2, 1, 2)
        ) as rows (
            movie_id, gender, age_group, occupation, region, user_fold,
            stars, n_ratings, rating_class
        )
    """,
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "it's a warehouse.duckdb"
    with duckdb.connect(path) as connection:
        for schema in ("marts", "features"):
            connection.execute(f"create schema {schema}")
        for name, query in TABLES.items():
            connection.execute(f"create table {name} as {query}")
        levels = pa.Table.from_pylist(MOVIELENS_1M.to_rows())
        connection.register("levels", levels)
        connection.execute("create table marts.dim_levels as from levels")
    return path


def test_a_dataset_is_in_order_of_ids(warehouse: Path) -> None:
    dataset = read_dataset(warehouse)
    users, movies, ratings = dataset.users, dataset.movies, dataset.ratings
    assert users.user_id.tolist() == [2, 7]
    assert users.codes().tolist() == [[0, 0, 10, 8], [1, 6, 20, 11]]
    assert users.fold.tolist() == [0, 4]
    assert movies.movie_id.tolist() == [10, 20, 30]
    assert movies.title == ["Alien", "No Year", "Été, L'"]
    assert movies.year.tolist() == [1979, 0, 1990]
    assert movies.fold.tolist() == [2, 3, 1]
    assert [np.flatnonzero(row).tolist() for row in movies.genres] == [
        [10, 14],
        [0],
        [7, 13],
    ]
    assert ratings.user.tolist() == [0, 1, 1]
    assert ratings.movie.tolist() == [0, 0, 2]
    assert ratings.stars.tolist() == [3, 5, 1]
    assert ratings.rated_at.tolist() == [1, 978300760, 978300761]


def test_counts_are_those_of_the_feature_tables(warehouse: Path) -> None:
    counts = read_dataset(warehouse).counts
    assert counts.profiles.codes.tolist() == [
        [0, 0, 10, 8],
        [1, 6, 20, 11],
        [1, 6, 20, 11],
    ]
    assert counts.profiles.n_users.tolist() == [1, 2, 1]
    assert counts.movie_stars.movie.tolist() == [0, 2]
    assert counts.movie_stars.stars.tolist() == [5, 1]
    segments = counts.movie_segments
    assert segments.movie.tolist() == [0]
    assert MOVIELENS_1M.all_levels[segments.level[0]] == ("gender", "M")
    assert segments.of_class.tolist() == [[0, 0, 0, 1]]
    profiles = counts.movie_profiles
    assert profiles.movie.tolist() == [0] * 4, "a film outside the sample"
    assert profiles.user_fold.tolist() == [3, 3, 3, 4]
    assert profiles.stars.tolist() == [2, 3, 4, 5]
    assert profiles.n_ratings.tolist() == [1, 1, 2, 1]
    genres = counts.genre_segments
    assert genres is not None
    assert [GENRES[code] for code in genres.genre] == ["Horror", "Sci-Fi"]
    assert genres.segment.tolist() == [1, 13]
    assert genres.n_ratings.tolist() == [3, 4]


def test_folds_of_people_select_people_and_counts(warehouse: Path) -> None:
    dataset = read_dataset(warehouse).of_user_folds((3,))
    assert len(dataset.ratings) == 0
    assert dataset.counts.profiles.n_users.tolist() == [2]
    assert dataset.counts.movie_profiles.stars.tolist() == [2, 3, 4]
    assert len(dataset.counts.movie_stars.movie) == 0


def test_folds_of_films_select_their_counts(warehouse: Path) -> None:
    dataset = read_dataset(warehouse).of_movie_folds((1,))
    assert dataset.ratings.movie.tolist() == [2]
    assert dataset.counts.movie_stars.movie.tolist() == [2]
    assert len(dataset.counts.movie_segments.movie) == 0
    assert len(dataset.counts.movie_profiles.movie) == 0
    assert dataset.counts.profiles.n_users.sum() == 4
    genres = dataset.counts.genre_segments
    assert genres is not None
    assert genres.n_ratings.tolist() == [3]


def test_people_and_other_films_have_no_counts_by_genre(
    warehouse: Path,
) -> None:
    """They are of everybody's ratings of whole folds of films."""
    dataset = read_dataset(warehouse)
    some = np.array([True, False, True])
    for part in (dataset.of_user_folds((3,)), dataset.of_movies(some)):
        assert part.counts.genre_segments is None
        assert part.of_movie_folds((1,)).counts.genre_segments is None


def test_counts_made_in_memory_are_those_of_the_warehouse(
    warehouse: Path,
) -> None:
    """The feature tables of the sample's own ratings, by hand."""
    dataset = read_dataset(warehouse)
    made = count_dataset(
        MOVIELENS_1M, dataset.users, dataset.movies, dataset.ratings, "made"
    ).counts
    assert made.profiles.n_users.tolist() == [1, 1]
    assert made.movie_stars.movie.tolist() == [0, 0, 2]
    assert made.movie_stars.user_fold.tolist() == [0, 4, 4]
    assert made.movie_profiles.codes.tolist() == [
        [0, 0, 10, 8],
        [1, 6, 20, 11],
        [1, 6, 20, 11],
    ]
    segments = made.movie_segments
    women = segments.level == MOVIELENS_1M.all_levels.index(("gender", "F"))
    assert segments.movie[women].tolist() == [0]
    assert segments.of_class[women].tolist() == [[0, 0, 1, 0]]
    assert len(segments.movie) == 4 * 3
    genres = made.genre_segments
    assert genres is not None
    assert sorted(
        (GENRES[code], int(segment), int(n))
        for code, segment, n in zip(
            genres.genre, genres.segment, genres.n_ratings, strict=True
        )
    ) == [
        ("Drama", 13, 1),
        ("Horror", 0, 1),
        ("Horror", 13, 1),
        ("Romance", 13, 1),
        ("Sci-Fi", 0, 1),
        ("Sci-Fi", 13, 1),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "update features.feat_sampled_ratings set stars = 4 where stars = 5",
        "update features.feat_sampled_users set region = 'Pacific'",
        "update features.feat_profiles set n_users = 9",
        "update features.feat_movie_stars set stars = 4 where stars = 5",
        "update features.feat_movie_segments set n_loved = 9",
        "update features.feat_genre_segments set n_ratings = 9",
        "update features.feat_movie_profiles set n_ratings = 9",
        "update marts.dim_movies set title = 'Aliens' where movie_id = 10",
        "update marts.dim_movies set genres = ['War'] where movie_id = 10",
        "delete from features.feat_sampled_ratings where stars = 1",
        "delete from features.feat_sampled_movies where movie_id = 10",
    ],
)
def test_the_digest_follows_the_facts(warehouse: Path, change: str) -> None:
    before = read_dataset(warehouse).digest
    with duckdb.connect(warehouse) as connection:
        connection.execute(
            "create or replace table features.feat_sampled_ratings as"
            " from features.feat_sampled_ratings order by stars"
        )
    assert read_dataset(warehouse).digest == before
    with duckdb.connect(warehouse) as connection:
        connection.execute(change)
    assert read_dataset(warehouse).digest != before


def test_a_level_that_is_not_in_the_vocabulary_is_named(
    warehouse: Path,
) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.execute(
            "update features.feat_sampled_users set occupation = 'astronaut'"
            " where user_id = 7"
        )
    with pytest.raises(ValueError, match=r"'astronaut'.*'writer'"):
        read_dataset(warehouse)


def test_readers_leave_the_warehouse_free_for_dbt(warehouse: Path) -> None:
    read_dataset(warehouse)
    table = read_table(warehouse, "marts.dim_movies")
    export_serving(warehouse, warehouse.parent / "serving.duckdb")
    with duckdb.connect(warehouse) as connection:
        connection.execute("create table free as select 1")
    assert sorted(table["movie_id"].to_pylist()) == [10, 20, 30]


@pytest.mark.parametrize("part_rows", [1, 3, 10_000_000])
def test_serving_holds_what_the_api_asks(
    warehouse: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    part_rows: int,
) -> None:
    monkeypatch.setattr(export, "_PART_ROWS", part_rows)
    target = tmp_path / "trained" / "serving.duckdb"
    export_serving(warehouse, target)
    alien, no_year, ete = read_table(target, "movies").to_pylist()
    assert alien == {
        "movie_id": 10, "source_id": "a", "title": "Alien", "year": 1979,
        "genres": ["Horror", "Sci-Fi"], "n_ratings": 2, "n_hated": 0,
        "n_disliked": 0, "n_liked": 1, "n_loved": 1,
    }  # fmt: skip
    assert (no_year["movie_id"], no_year["year"]) == (20, None)
    assert (no_year["n_hated"], no_year["n_loved"]) == (0, 0)
    assert ete["n_hated"] == 1
    segments = read_table(target, "movie_segments").to_pylist()
    assert [tuple(row.values()) for row in segments] == [
        (10, "everyone", "everyone", 2, 0, 0, 1, 1),
        (10, "gender", "M", 1, 0, 0, 0, 1),
        (30, "everyone", "everyone", 1, 1, 0, 0, 0),
    ]
    profiles = read_table(target, "profiles").to_pylist()
    assert [tuple(row.values()) for row in profiles] == [
        ("F", "under 18", "K-12 student", "Pacific", "unknown", 1),
        ("M", "56+", "writer", "unknown", "unknown", 3),
    ]
    tastes = read_table(target, "genre_tastes").to_pylist()
    assert [row["level"] for row in tastes] == ["F", "M"]
    tastes = read_table(target, "movie_tastes").to_pylist()
    assert [row["level"] for row in tastes] == ["M"]
    movie_profiles = read_table(target, "movie_profiles").to_pylist()
    assert [tuple(row.values()) for row in movie_profiles] == [
        (10, "M", "56+", "writer", "unknown", "unknown", 0, 1, 3, 1),
        (30, "M", "56+", "writer", "unknown", "unknown", 1, 0, 0, 0),
    ]


def test_the_docs_tell_the_tables_of_a_release(
    warehouse: Path, tmp_path: Path
) -> None:
    target = tmp_path / "serving.duckdb"
    export_serving(warehouse, target)
    with duckdb.connect(target, read_only=True) as connection:
        names = {name for (name,) in connection.sql("show tables").fetchall()}
    page = (PROJECT / "docs/architecture.md").read_text("utf-8")
    section = page.partition("\n## serving.duckdb")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    assert set(re.findall(r"\w+", " ".join(rows))) == names, (
        "left: docs/architecture.md; right: export.py"
    )


def test_a_failed_export_leaves_the_last_one(
    warehouse: Path, tmp_path: Path
) -> None:
    target = tmp_path / "serving.duckdb"
    export_serving(warehouse, target)
    before = target.read_bytes()
    with duckdb.connect(warehouse) as connection:
        connection.execute("drop table features.feat_movie_profiles")
    with pytest.raises(duckdb.CatalogException):
        export_serving(warehouse, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_zip_prefixes_give_state_and_region() -> None:
    assert read_zip_prefixes()["981"] == ("WA", "Pacific")


@pytest.fixture(params=["features/{}/part.parquet", "features.db/{}.parquet"])
def parquet(
    warehouse: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Path:
    """The same tables as another engine would leave them, in two layouts."""
    folder = tmp_path / "tables"
    with duckdb.connect(warehouse) as connection:
        for table in (*TABLES, "marts.dim_levels"):
            schema, name = table.split(".")
            layout = request.param.replace("features", schema)
            file = folder / layout.format(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"copy (from {table} order by random()) to '{file}'"
            )
    return folder


def test_tables_in_parquet_hold_the_same(
    warehouse: Path, parquet: Path, tmp_path: Path
) -> None:
    assert read_dataset(parquet).digest == read_dataset(warehouse).digest
    of_file, of_folder = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    export_serving(warehouse, of_file)
    export_serving(parquet, of_folder)
    for name in ("movies", "movie_segments", "profiles", "movie_profiles"):
        assert read_table(of_folder, name) == read_table(of_file, name)


def test_tables_in_s3_are_copied_and_read(
    parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(parquet.rglob("*.parquet"))
    keys = [f"lake/v1/{file.relative_to(parquet)}" for file in files]

    class Client:
        def get_paginator(self, name: str) -> "Client":
            assert name == "list_objects_v2"
            return self

        def paginate(self, **asked: str) -> list[dict[str, list[object]]]:
            assert asked == {"Bucket": "bucket", "Prefix": "lake/v1/"}
            pages = [[*keys[:3], "lake/v1/_SUCCESS"], keys[3:]]
            return [{"Contents": [{"Key": k} for k in p]} for p in pages]

        def download_file(self, bucket: str, key: str, path: str) -> None:
            shutil.copy(files[keys.index(key)], path)

    monkeypatch.setattr("boto3.client", lambda name: Client())
    digest = read_dataset("s3://bucket/lake/v1/").digest
    assert digest == read_dataset(parquet).digest


def test_a_folder_without_tables_is_named(tmp_path: Path) -> None:
    with pytest.raises(TablesMissing, match=r"holds no Parquet .* features"):
        read_dataset(tmp_path)
