"""What a warehouse was built from, as dbt wrote it into the warehouse."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from models_ml.errors import PlateiaError
from models_ml.warehouse.tables import open_tables


class WarehouseUnusable(PlateiaError):  # noqa: N818 - says what is wrong
    """There is no warehouse, or dbt left it half-built."""


@dataclass(frozen=True)
class Provenance:
    """Where the rows of a warehouse come from."""

    source: str
    """MOVIELENS_SOURCE as it was when the data landed."""
    is_generated: bool
    """The data are made up."""


def read_provenance(tables: Path | str) -> Provenance:
    """Provenance of the warehouse whose tables are at `tables`.

    Raises WarehouseUnusable where the last run of dbt on it did not end well:
    its tables need not belong together.
    """
    if isinstance(tables, Path) and not tables.exists():
        raise WarehouseUnusable(
            f"{tables} does not exist; run `python -m models_ml warehouse`"
        )
    try:
        with open_tables(tables) as connection:
            last = connection.execute(
                "select is_complete from main.last_run"
            ).fetchone()
            files = connection.execute(
                "select source, is_generated from marts.source_files"
            ).fetchall()
    except duckdb.CatalogException:
        last, files = None, []
    if last != (True,) or not files:
        raise WarehouseUnusable(
            f"the last run of dbt on {tables} did not end well, so that its "
            "tables need not belong together; run `python -m models_ml "
            "warehouse`"
        )
    return Provenance(files[0][0], any(generated for _, generated in files))
