"""What a build keeps, rejects, refuses and leaves alone."""

import hashlib
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from models_ml.data_kind import DataKind
from models_ml.profile.parse import region_of_zip
from models_ml.profile.zip_prefixes import read_zip_prefixes
from models_ml.scale import RatingScale
from models_ml.settings import Settings
from models_ml.source.formats import DataUnavailable
from models_ml.source.movielens import fetch
from models_ml.vocabulary import RATING_CLASSES
from models_ml.warehouse.build import BuildFailed, build
from models_ml.warehouse.provenance import (
    Provenance,
    WarehouseUnusable,
    read_provenance,
)
from models_ml.warehouse.read import read_dataset
from tests.dbt.conftest import BAD_LINES, N_REPLACED, Built, settings_for

#: One worker builds for all.
pytestmark = pytest.mark.xdist_group("dbt")

_EPOCH = datetime(1970, 1, 1)
_FILES = {"users.dat": "dim_users", "movies.dat": "dim_movies",
          "ratings.dat": "fct_ratings"}  # fmt: skip


def _source(settings: Settings) -> Path:
    return Path(settings.movielens_source)


def test_bad_lines_are_rejected_with_their_reason(built: Built) -> None:
    rejected = {
        (row["file"], row["text"]): row["reason"]
        for row in built.rows("marts.rejected_lines")
    }
    for file, lines in BAD_LINES.items():
        for line, reason in lines:
            text = re.sub(
                rb"[\x00\x80\x92]",
                lambda byte: rb"\x%02X" % byte[0][0],
                line,
            ).decode()
            assert rejected.pop((file, text)) == reason
    assert Counter(rejected.values()) == {
        "duplicate (user, movie)": 1,
        "replaced by a later rating": N_REPLACED,
    }


def test_rejected_lines_have_their_number(built: Built) -> None:
    for row in built.rows("marts.rejected_lines"):
        file = _source(built.settings) / row["file"]
        line = re.split(rb"\r?\n", file.read_bytes())[row["line_number"] - 1]
        assert line[:4].decode() == row["text"][:4]


def test_every_line_is_a_row_or_rejected(built: Built) -> None:
    rejected = [row["file"] for row in built.rows("marts.rejected_lines")]
    for file, relation in _FILES.items():
        lines = (_source(built.settings) / file).read_bytes().split(b"\n")
        n_rows = len(built.rows(f"marts.{relation}"))
        assert len(lines) == n_rows + rejected.count(file)


def test_titles_of_both_encodings_read_the_same(built: Built) -> None:
    movies = {row["movie_id"]: row for row in built.rows("marts.dim_movies")}
    assert movies[8001]["title"] == "Déjà: Vu, Le"
    assert movies[8001]["year"] is None
    assert movies[8001]["decade"] is None
    assert movies[8002]["title"] == "Été"
    assert movies[8002]["year"] == 1950
    assert movies[8002]["n_ratings"] == 0


def test_places_are_those_that_python_finds(built: Built) -> None:
    states = read_zip_prefixes()
    prefixes = {prefix: region for prefix, (_, region) in states.items()}
    users = built.rows("marts.dim_users")
    assert {user["region"] for user in users} >= {"outside the US", "unknown"}
    for user in users:
        expected = region_of_zip(user["zip_code"], prefixes)
        assert (user["zip_code"], user["region"]) == (
            user["zip_code"],
            expected,
        )


def test_folds_are_those_that_python_finds(built: Built) -> None:
    for entity, relation in (("user", "dim_users"), ("movie", "dim_movies")):
        for row in built.rows(f"marts.{relation}"):
            name = f"{entity}:{row[f'{entity}_id']}".encode()
            digest = hashlib.md5(name, usedforsecurity=False).hexdigest()
            assert row[f"{entity}_fold"] == int(digest[:8], 16) % 5


def test_classes_are_those_that_python_finds(built: Built) -> None:
    scale = RatingScale((1, 2, 3, 4, 5))
    for row in built.rows("marts.fct_ratings"):
        code = scale.classes[int(row["stars"]) - 1]
        assert row["rating_class"] == code + 1
        assert row["rating_label"] == RATING_CLASSES[code]


def test_the_dataset_holds_the_facts(built: Built) -> None:
    dataset = read_dataset(built.settings.warehouse)
    facts = built.rows("marts.fct_ratings")
    assert len(dataset.ratings) == len(facts)
    users, movies = dataset.users, dataset.movies
    assert {
        (
            int(users.user_id[user]),
            int(movies.movie_id[movie]),
            int(stars),
            int(second),
        )
        for user, movie, stars, second in zip(
            dataset.ratings.user,
            dataset.ratings.movie,
            dataset.ratings.stars,
            dataset.ratings.rated_at,
            strict=True,
        )
    } == {
        (
            fact["user_id"],
            fact["movie_id"],
            fact["stars"],
            int((fact["rated_at"] - _EPOCH).total_seconds()),
        )
        for fact in facts
    }


def test_nothing_is_left_of_earlier_attempts(built: Built) -> None:
    names = {path.name for path in built.settings.home.glob("warehouse*")}
    assert names == {"warehouse.duckdb", "warehouse.json", "warehouse.lock"}


@pytest.fixture
def home(built: Built, tmp_path: Path) -> Settings:
    """A copy of the built home that a test may change."""
    copy, source = tmp_path / "home", tmp_path / "source"
    shutil.copytree(built.settings.home, copy, copy_function=shutil.copy2)
    shutil.copytree(_source(built.settings), source)
    return replace(built.settings, home=copy, movielens_source=str(source))


def test_nothing_is_built_again_while_it_is_valid(
    built: Built, home: Settings
) -> None:
    assert not build(home)


def test_a_part_that_arrives_twice_changes_no_fact(
    built: Built, tmp_path: Path
) -> None:
    """Its lines are counted, and are no fault of their file."""
    folder = tmp_path / "source"
    shutil.copytree(_source(built.settings), folder)
    lines = (folder / "ratings.dat").read_bytes().splitlines()[5_000:7_000]
    (folder / "ratings").mkdir()
    (folder / "ratings/again.dat").write_bytes(b"\n".join(lines))
    settings = settings_for(folder, tmp_path / "home")
    fetch(settings, progress=False)
    assert build(settings)
    again = replace(built, settings=settings)
    reasons = Counter(
        row["reason"]
        for row in again.rows("marts.rejected_lines")
        if row["file"] == "ratings/again.dat"
    )
    assert reasons == {"repeated in another file": len(lines)}
    for table in ("marts.fct_ratings", "features.feat_movie_profiles"):
        one, other = (
            Counter(tuple(row.values()) for row in each.rows(table))
            for each in (built, again)
        )
        assert one == other, table


def test_a_failed_build_leaves_the_last_good_warehouse(
    home: Settings,
) -> None:
    """More than one line in a hundred is bad: told with the numbers."""
    before = home.warehouse.read_bytes()
    ratings = _source(home) / "ratings.dat"
    n_lines = ratings.read_bytes().count(b"\n") + 1
    ratings.write_bytes(ratings.read_bytes() + b"\n1::1::9::1" * 1_000)
    fetch(home, progress=False)
    with pytest.raises(BuildFailed) as failure:
        build(home)
    assert set(failure.value.failed) == {"rejected_lines_are_few"}
    assert (
        f"ratings.dat: 1012 of {n_lines + 1_000} lines"
        in failure.value.failed["rejected_lines_are_few"]
    )
    assert "1002 rating outside 1 to 5, " in str(failure.value)
    assert home.warehouse.read_bytes() == before
    assert len(read_dataset(home.warehouse).users) > 1_000


def _refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """`build` fails where it finds anything to do."""

    def refuse(*_: object) -> None:
        raise BuildFailed({})

    monkeypatch.setattr("models_ml.warehouse.build._run_dbt", refuse)


def test_a_log_beside_the_warehouse_means_invalid(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed plain `dbt build` leaves one beside an unchanged file."""
    home.warehouse.with_name("warehouse.duckdb.wal").write_bytes(b"")
    _refuse(monkeypatch)
    with pytest.raises(BuildFailed, match="it did not start"):
        build(home)


def test_the_warehouse_says_what_it_was_built_from(
    built: Built, home: Settings
) -> None:
    """Not what has landed since."""
    assert read_provenance(home.warehouse) == Provenance(
        built.settings.movielens_source, DataKind.ML_1M
    )
    fetch(replace(home, movielens_source="sample"), progress=False)
    assert not read_provenance(home.warehouse).is_generated


@pytest.mark.parametrize(
    "spoil",
    [
        "update main.last_run set is_complete = false",
        "drop table main.last_run",
        "drop table marts.source_files",
        "delete from marts.source_files",
    ],
)
def test_a_warehouse_that_dbt_did_not_finish_is_unusable(
    home: Settings, spoil: str
) -> None:
    with duckdb.connect(home.warehouse) as connection:
        connection.execute(spoil)
    with pytest.raises(WarehouseUnusable, match="did not end well"):
        read_provenance(home.warehouse)


def test_a_warehouse_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnusable, match=r"a\.duckdb does not exist"):
        read_provenance(tmp_path / "a.duckdb")


def test_a_file_written_in_place_is_not_taken_for_a_good_one(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a plain `dbt build` that failed half-way."""
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("drop table marts.rejected_lines")
    _refuse(monkeypatch)
    with pytest.raises(BuildFailed, match="it did not start"):
        build(home)


def test_without_data_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match=r"holds no source\.json"):
        build(settings_for(tmp_path, tmp_path / "home"))
    assert not (tmp_path / "home").exists()
