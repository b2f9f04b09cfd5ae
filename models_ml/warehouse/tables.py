"""The warehouse's tables, wherever they stand.

They are in the DuckDB file that dbt builds, or, where another engine built
them, in Parquet files: a folder or `s3://bucket/prefix` with a folder for each
schema (`features`, or Spark's `features.db`) and in it one for each table.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import boto3
import duckdb

from models_ml.errors import PlateiaError
from models_ml.sql import sql_literal

SCHEMAS: Final = ("marts", "features")
#: Of DuckDB, where training reads and exports the tables: what is sorted
#: beyond it is spilled, so that it does not grow with the ratings. With 1 GB
#: the profiles of 100 M ratings' films cannot be grouped.
MEMORY_LIMIT: Final = "3GB"


class TablesMissing(PlateiaError):  # noqa: N818 - says what is wrong
    """There are no tables where they should be."""


@contextmanager
def open_tables(location: Path | str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows the tables at `location` as `schema.name`.

    Raises TablesMissing where there are none.
    """
    with (
        local_tables(location) as path,
        tempfile.TemporaryDirectory() as spilled,
        duckdb.connect(
            config={"memory_limit": MEMORY_LIMIT, "temp_directory": spilled}
        ) as connection,
    ):
        attach_tables(connection, path)
        connection.execute("use warehouse")
        yield connection


@contextmanager
def local_tables(location: Path | str) -> Iterator[Path]:
    """The DuckDB file or folder at `location`.

    Tables in S3 are copied to a folder that ends with the context.
    """
    if not str(location).startswith("s3://"):
        yield Path(location)
        return
    with tempfile.TemporaryDirectory() as folder:
        _download(str(location), Path(folder))
        yield Path(folder)


def attach_tables(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The tables at `path` as `warehouse.schema.name`, read-only."""
    # Its bar would stand between the lines that training says; in a notebook
    # it has none, and DuckDB refuses to change that without ipywidgets.
    with suppress(duckdb.InvalidInputException):
        connection.execute("set enable_progress_bar = false")
    if path.is_dir():
        connection.execute("attach ':memory:' as warehouse")
        _create_views(connection, path)
    else:
        connection.execute(
            f"attach {sql_literal(path)} as warehouse (read_only)"
        )


def _create_views(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    files: dict[tuple[str, str], list[Path]] = {}
    for file in sorted(path.rglob("*.parquet")):
        schema, name = file.relative_to(path).parts[:2]
        key = schema.removesuffix(".db"), name.removesuffix(".parquet")
        files.setdefault(key, []).append(file)
    if not {schema for schema, _ in files} >= set(SCHEMAS):
        raise TablesMissing(
            f"{path} holds no Parquet files of the schemas"
            f" {' and '.join(SCHEMAS)}"
        )
    for schema in sorted({schema for schema, _ in files}):
        connection.execute(f'create schema if not exists warehouse."{schema}"')
    for (schema, name), parts in files.items():
        listed = ", ".join(sql_literal(part) for part in parts)
        parquet = f"read_parquet([{listed}])"
        connection.execute(
            f'create view warehouse."{schema}"."{name}" as from {parquet}'
        )


def _download(location: str, folder: Path) -> None:
    """The Parquet files below an `s3://` address; boto3's settings apply."""
    parts = urlsplit(location)
    prefix = parts.path.strip("/")
    client = boto3.client("s3")
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=parts.netloc, Prefix=f"{prefix}/" if prefix else ""
    )
    for page in pages:
        for each in page.get("Contents", []):
            name = each["Key"].removeprefix(prefix).lstrip("/")
            target = (folder / name).resolve()
            if not name.endswith(".parquet"):
                continue
            if not target.is_relative_to(folder.resolve()):
                raise TablesMissing(f"{location} holds {name!r}: no table")
            target.parent.mkdir(parents=True, exist_ok=True)
            client.download_file(parts.netloc, each["Key"], str(target))
