"""Spark builds the same tables as DuckDB, from the same landing."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models_ml.settings import PROJECT
from models_ml.warehouse.provenance import read_provenance
from models_ml.warehouse.read import read_dataset
from tests.dbt.conftest import Built
from tests.environments import locked_python

pytestmark = [
    pytest.mark.xdist_group("dbt"),
    # The environment is made once, and Spark takes a second for a model.
    pytest.mark.timeout(2_400),
]

LOCK = PROJECT / "requirements-spark.lock"
#: Sums of floats depend on their order; counts are exact.
TOLERANCE = 1e-9


@pytest.fixture(scope="session")
def spark_python(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Path:
    """An interpreter with the extra `spark`, kept for later runs."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    cache = pytestconfig.cache
    folder = (
        cache.mkdir("spark") if cache else tmp_path_factory.mktemp("spark")
    )
    return locked_python(LOCK, folder)


@pytest.fixture(scope="session")
def spark_tables(
    built: Built, spark_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of the tables that `dbt build --target spark` leaves."""
    target = tmp_path_factory.mktemp("spark-target")
    done = subprocess.run(
        [
            spark_python,
            "-c",
            "from dbt.cli.main import cli; cli()",
            "build",
            "--target=spark",
            f"--target-path={target}",
            f"--log-path={target}",
        ],
        cwd=PROJECT,
        env=os.environ | {"PLATEIA_HOME": str(built.settings.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    results = json.loads((target / "run_results.json").read_text())["results"]
    assert len(results) > len(built.nodes("model"))
    return built.settings.home / "spark"


def test_spark_and_duckdb_build_the_same_rows(
    built: Built, spark_tables: Path
) -> None:
    with duckdb.connect(built.settings.warehouse, read_only=True) as opened:
        opened.execute("set timezone = 'UTC'")
        for model in _tables(built):
            table = f"{model['schema']}.{model['name']}"
            files = (
                spark_tables
                / f"{model['schema']}.db"
                / model["name"]
                / "*.parquet"
            )
            _assert_same_rows(opened, table, f"read_parquet('{files}')")


def _tables(built: Built) -> list[dict[str, Any]]:
    models = [
        model
        for model in built.nodes("model")
        if model["schema"] in ("marts", "features")
    ]
    assert len(models) > 10
    return models


def _assert_same_rows(
    opened: duckdb.DuckDBPyConnection, table: str, spark: str
) -> None:
    """Exact columns as a multiset, then floats beside equal exact columns."""
    types = {
        name: kind
        for name, kind, *_ in opened.execute(f"describe {table}").fetchall()
    }
    cast = ", ".join(
        f"{name}::{kind} as {name}" for name, kind in types.items()
    )
    # ruff: noqa: S608 - names of this project's own tables
    opened.execute(
        "create or replace temp table from_spark as"
        f" select {cast} from {spark}"
    )
    exact = [name for name, kind in types.items() if kind != "DOUBLE"]
    columns = ", ".join(exact)
    for first, second in ((table, "from_spark"), ("from_spark", table)):
        differing = opened.execute(
            f"select {columns} from {first}"
            f" except all select {columns} from {second} limit 5"
        ).fetchall()
        assert not differing, (table, f"only in {first}", differing)
    same = " and ".join(
        f"a.{key} is not distinct from b.{key}" for key in exact
    )
    for name in (name for name in types if name not in exact):
        differing = opened.execute(
            f"select a.{name}, b.{name}"
            f" from {table} as a join from_spark as b on {same}"
            f" where (a.{name} is null) != (b.{name} is null)"
            f" or abs(a.{name} - b.{name})"
            f" > {TOLERANCE} * greatest(1, abs(a.{name})) limit 5"
        ).fetchall()
        assert not differing, (table, name, differing)


def test_training_reads_the_same_from_spark(
    built: Built, spark_tables: Path
) -> None:
    """Equal digests of all that is read: the same model comes of it."""
    warehouse = built.settings.warehouse
    assert read_dataset(spark_tables).digest == read_dataset(warehouse).digest
    assert read_provenance(spark_tables) == read_provenance(warehouse)
