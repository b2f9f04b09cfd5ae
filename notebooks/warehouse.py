"""What a notebook reads: the warehouse and the saved runs, read-only."""

from pathlib import Path

import duckdb
from IPython.display import Markdown, display

from models_ml.data_kind import DataKind
from models_ml.settings import Settings, load_settings
from models_ml.sql import sql_literal
from models_ml.warehouse.provenance import WarehouseUnusable, read_provenance

#: What a notebook says that its numbers come from; None: not on record.
_SOURCE = {
    DataKind.ML_1M: "**Fonte:** MovieLens 1M (GroupLens), lido do armazém.",
    DataKind.ML_100K: (
        "**Fonte:** MovieLens 100K (GroupLens), lido do armazém."
    ),
    DataKind.OWN_TABLES: "**Fonte:** tabelas próprias, lidas do armazém.",
    DataKind.GENERATED: (
        "> ⚠️ **Dados gerados.** Este armazém veio do gerador de amostras, não "
        "do MovieLens: os números abaixo mostram que o código funciona e nada "
        "dizem de pessoas reais."
    ),
    None: "**Fonte:** desconhecida (o armazém não registra a origem).",
}


class WarehouseMissing(RuntimeError):  # noqa: N818 - named as in models_ml
    """There is no warehouse to read."""


def data_kind(settings: Settings) -> DataKind | None:
    """What the warehouse was built from; None where it is unusable."""
    try:
        return read_provenance(settings.warehouse).data_kind
    except WarehouseUnusable:
        return None


def connect() -> duckdb.DuckDBPyConnection:
    """The warehouse of PLATEIA_HOME, read-only.

    The SQL variable `home` names PLATEIA_HOME. Raises WarehouseMissing where
    nothing has been built.
    """
    settings = load_settings()
    if not settings.warehouse.is_file():
        raise WarehouseMissing(
            f"no warehouse at {settings.warehouse}: run `make build` first"
        )
    con = duckdb.connect(settings.warehouse, read_only=True)
    con.execute(naming_home(settings.home))
    return con


def naming_home(home: Path) -> str:
    """The statement after which SQL knows PLATEIA_HOME as `home`."""
    return f"set variable home = {sql_literal(home)}"


def open_warehouse() -> duckdb.DuckDBPyConnection:
    """As `connect`, and show in the notebook where the data came from."""
    con = connect()
    display(Markdown(_SOURCE[data_kind(load_settings())]))
    return con


def open_runs() -> duckdb.DuckDBPyConnection:
    """The warehouse, with the saved experiments as the table `runs`.

    It holds a row for each task, stage and candidate (the latest run of it),
    but for stage `search` every run; `metrics`, `intervals`, `params` and
    `details` are JSON. Raises WarehouseMissing where nothing was evaluated.
    """
    settings = load_settings()
    if not any(settings.runs.glob("few_ratings-test-*.json")):
        raise WarehouseMissing(
            f"no saved runs of the test folds in {settings.runs}: run `make "
            "build` and `make evaluate` first"
        )
    con = open_warehouse()
    con.execute("""
        create temp table runs as
        from read_json(
            getvariable('home') || '/runs/*.json',
            columns = {
                run_id: 'varchar',
                task: 'varchar',
                stage: 'varchar',
                candidate: 'varchar',
                params: 'json',
                metrics: 'json',
                intervals: 'json',
                details: 'json',
                seconds: 'double',
                peak_memory_mib: 'double',
                train_folds: 'int[]',
                test_folds: 'int[]',
                started_at: 'varchar',
            },
            maximum_object_size = 268435456
        )
        qualify
            stage = 'search'
            or row_number() over (
                partition by task, stage, candidate
                order by started_at desc, run_id
            ) = 1
    """)
    return con
