"""A file's people: one profile_id is one person, wherever it stands."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models_ml.batch.files import Column, FileError

_MEMORY: Final = "256MB"
_FIELDS: Final = ("gender", "age", "occupation", "nationality or zip_code")
#: Codes go from -2; shifted, each fits a byte.
_SHIFT: Final = 2


class PeopleSeen:
    """Who was seen with which profile; on disk beyond a bounded memory."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        connection.execute(
            "create table seen (profile_id varchar, packed bigint, row bigint)"
        )

    def add(
        self, ids: Column, codes: NDArray[np.int32], first_row: int
    ) -> None:
        """Remember the rows' people; blank ids are nobody in particular."""
        packed = _pack(codes)
        _, first = np.unique(
            ids.index.astype(np.int64) << 32 | packed, return_index=True
        )
        batch = pa.table(
            {
                "profile_id": pa.array(ids.values).take(ids.index[first]),
                "packed": packed[first],
                "row": first + first_row,
            }
        )
        self._connection.register("batch", batch)
        self._connection.execute(
            "insert into seen from batch where profile_id != ''"
        )
        self._connection.unregister("batch")

    def check(self, path: Path) -> None:
        """Raises FileError if one profile_id had two profiles."""
        divided = self._connection.execute(
            """
            select profile_id
            from seen
            group by profile_id
            having min(packed) != max(packed)
            order by min(row)
            limit 1
            """
        ).fetchone()
        if divided is None:
            return
        one, other = self._connection.execute(
            """
            select packed, min(row)
            from seen
            where profile_id = ?
            group by packed
            order by min(row)
            limit 2
            """,
            divided,
        ).fetchall()
        differing = [
            name
            for k, name in enumerate(_FIELDS)
            if one[0] >> 8 * k & 255 != other[0] >> 8 * k & 255
        ]
        raise FileError(
            f"{path}: profile_id {divided[0]!r} is one person in row"
            f" {one[1]} and another in row {other[1]}: they differ in"
            f" {' and '.join(differing)}"
        )


@contextmanager
def people_seen() -> Iterator[PeopleSeen]:
    """A PeopleSeen that leaves nothing behind."""
    with (
        tempfile.TemporaryDirectory(prefix="plateia-") as folder,
        duckdb.connect(
            Path(folder) / "people.duckdb",
            config={"memory_limit": _MEMORY, "threads": 1},
        ) as connection,
    ):
        yield PeopleSeen(connection)


def _pack(codes: NDArray[np.int32]) -> NDArray[np.int64]:
    """Four codes as the bytes of one number."""
    places = 8 * np.arange(len(_FIELDS), dtype=np.int64)
    return np.asarray(
        ((codes.astype(np.int64) + _SHIFT) << places).sum(axis=1)
    )
