"""What a warehouse was built from, as dbt wrote it into the warehouse."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from models_ml.data_kind import DataKind
from models_ml.errors import PlateiaError
from models_ml.source.formats import ML_1M, ML_100K
from models_ml.warehouse.tables import open_tables


class WarehouseUnusable(PlateiaError):  # noqa: N818 - says what is wrong
    """There is no warehouse, or dbt left it half-built."""


@dataclass(frozen=True)
class Provenance:
    """Where the rows of a warehouse come from."""

    source: str
    """MOVIELENS_SOURCE as it was when the data landed."""
    data_kind: DataKind

    @property
    def is_generated(self) -> bool:
        """Whether the data are made up."""
        return self.data_kind.is_generated


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
                "select source, is_generated, format from marts.source_files"
            ).fetchall()
    except duckdb.CatalogException:
        last, files = None, []
    if last != (True,) or not files:
        raise WarehouseUnusable(
            f"the last run of dbt on {tables} did not end well, so that its "
            "tables need not belong together; run `python -m models_ml "
            "warehouse`"
        )
    is_generated = any(generated for _, generated, _ in files)
    kind = _kind_of({form for *_, form in files}, is_generated)
    return Provenance(files[0][0], kind)


def _kind_of(formats: Collection[str], is_generated: bool) -> DataKind:
    """The kind of data that files of these formats hold."""
    if is_generated:
        return DataKind.GENERATED
    kinds = {ML_1M: DataKind.ML_1M, ML_100K: DataKind.ML_100K}
    # A source has files of one of MovieLens' formats, or only of others.
    (kind,) = {kinds.get(form, DataKind.OWN_TABLES) for form in formats}
    return kind
