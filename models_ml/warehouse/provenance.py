"""What a warehouse was built from, as dbt wrote it into the warehouse."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from models_ml.errors import PlateiaError


class WarehouseUnusable(PlateiaError):  # noqa: N818 - says what is wrong
    """There is no warehouse, or dbt left it half-built."""


@dataclass(frozen=True)
class Provenance:
    """Where the rows of a warehouse come from."""

    source: str
    """MOVIELENS_SOURCE as it was when the data landed."""
    is_generated: bool
    """The data are made up."""


def read_provenance(path: Path) -> Provenance:
    """Provenance of the warehouse at `path`.

    Raises WarehouseUnusable where the last run of dbt on it did not end well:
    its tables need not belong together.
    """
    if not path.exists():
        raise WarehouseUnusable(
            f"{path} does not exist; run `python -m models_ml warehouse`"
        )
    try:
        with duckdb.connect(path, read_only=True) as connection:
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
            f"the last run of dbt on {path} did not end well, so that its "
            "tables need not belong together; run `python -m models_ml "
            "warehouse`"
        )
    return Provenance(files[0][0], any(generated for _, generated in files))
