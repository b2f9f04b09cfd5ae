"""A file of the source becomes Parquet parts of bounded size."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from models_ml.source.columns import schema_of
from models_ml.source.disk import require_free
from models_ml.source.files import SourceFile
from models_ml.source.formats import (
    CSV,
    KINDS,
    ML_1M,
    PARQUET,
    DataUnavailable,
    TablesUnusable,
)
from models_ml.source.lines import SCHEMA, LineTooLong, line_batches
from models_ml.source.record import LandedFile, digest_of
from models_ml.source.tables import read_header, row_batches

#: A part is closed once it holds as many: some 30 MB, so that engines with
#: many workers share them out.
MAX_LINES: Final = 1 << 22
#: Below `data`: rows with their values; lines lie beside.
TABLES: Final = "tables"


def land_file(file: SourceFile, folder: Path, number: int) -> LandedFile:
    """Write the rows of `file`, the source's `number`th, below `folder`.

    Of MovieLens 1M's files a row is a line; of all others its values.

    Memory is bounded whatever the file's size. Raises DataUnavailable with
    the reason for which the file was refused.
    """
    try:
        require_free(folder, file.n_bytes or 0)
        counted = _Counted(file)
        land = _land_lines if file.format == ML_1M else _land_rows
        landed = land(counted, file, folder, number)
    except LineTooLong as error:
        raise DataUnavailable(
            f"{file.named} is no list of {file.kind} ({error})"
        ) from error
    except OSError as error:
        raise _unusable(file)(
            f"{file.named} could not be landed ({error.strerror or error})"
        ) from error
    if not counted.n_bytes:
        raise _unusable(file)(f"{file.named} is empty")
    return LandedFile(
        kind=file.kind,
        name=file.name,
        stamp=list(file.stamp),
        sha256=counted.sha256,
        n_bytes=counted.n_bytes,
        n_lines=landed.n_rows,
        parts={
            part.relative_to(folder).as_posix(): digest_of(part)
            for part in landed.parts
        },
        format=file.format,
        columns=list(landed.columns),
        left_out=list(landed.left_out),
    )


def _unusable(file: SourceFile) -> type[DataUnavailable]:
    """What is raised of a file: MovieLens can be had again, tables not."""
    is_own = file.format in (CSV, PARQUET)
    return TablesUnusable if is_own else DataUnavailable


@dataclass(frozen=True)
class _Landed:
    parts: list[Path]
    n_rows: int
    columns: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def _land_lines(
    counted: "_Counted", file: SourceFile, folder: Path, number: int
) -> _Landed:
    batches = line_batches(counted.chunks(), file.name)
    parts, _ = _write_parts(batches, file, folder, number)
    if counted.n_bytes and not parts:
        raise DataUnavailable(f"{file.named} holds no lines")
    return _Landed(parts, counted.n_lines)


def _land_rows(
    counted: "_Counted", file: SourceFile, folder: Path, number: int
) -> _Landed:
    """Copies the file first: Parquet is read from its end."""
    with tempfile.NamedTemporaryFile(dir=folder) as copy:
        for chunk in counted.chunks():
            copy.write(chunk)
        copy.flush()
        path = Path(copy.name)
        if not counted.n_bytes:
            return _Landed([], 0)
        header = read_header(file, path)
        batches = row_batches(file, path)
        parts, n_rows = _write_parts(batches, file, folder, number)
    if not n_rows:
        raise TablesUnusable(f"{file.named} holds no rows")
    return _Landed(parts, n_rows, tuple(header.understood), header.left_out)


class _Counted:
    """The bytes of a file, digested and counted as they pass.

    Lines are counted here and not where they are split, so that the two
    counts can be compared.
    """

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._ends_open = False
        self.n_bytes = 0
        self._n_ends = 0

    def chunks(self) -> Iterator[bytes]:
        for chunk in self._file.chunks():
            self._digest.update(chunk)
            self.n_bytes += len(chunk)
            self._n_ends += chunk.count(b"\n")
            self._ends_open = not chunk.endswith(b"\n")
            yield chunk

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @property
    def n_lines(self) -> int:
        return self._n_ends + self._ends_open


def _write_parts(
    batches: Iterable[pa.Table], file: SourceFile, folder: Path, number: int
) -> tuple[list[Path], int]:
    """The parts that hold the rows of `batches`, and how many rows."""
    parts: list[Path] = []
    writer: pq.ParquetWriter | None = None
    n_rows, n_of_part = 0, 0
    try:
        for batch in batches:
            if not len(batch):
                continue
            if writer is None:
                require_free(folder)
                path = part_path(folder, file, number, len(parts))
                path.parent.mkdir(parents=True, exist_ok=True)
                parts.append(path)
                writer, n_of_part = _writer(path, batch.schema), 0
            writer.write_table(batch, row_group_size=len(batch))
            n_rows += len(batch)
            n_of_part += len(batch)
            if n_of_part >= MAX_LINES:
                _close(writer, parts[-1])
                writer = None
    finally:
        if writer is not None:
            _close(writer, parts[-1])
    return parts, n_rows


def part_path(folder: Path, file: SourceFile, number: int, part: int) -> Path:
    """Where a part of `file`, the source's `number`th, lies."""
    place = folder if file.format == ML_1M else folder / TABLES
    return place / file.kind / f"{number:05d}-{part:05d}.parquet"


def fill_up(folder: Path) -> None:
    """Give each kind that has no rows an empty part, in both forms.

    So dbt reads lines and rows alike, whichever a source has.
    """
    for kind in KINDS:
        for place, schema in (
            (folder / kind, SCHEMA),
            (folder / TABLES / kind, schema_of(kind)),
        ):
            place.mkdir(parents=True, exist_ok=True)
            if not any(place.iterdir()):
                pq.write_table(schema.empty_table(), place / "empty.parquet")


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Encodings that both engines read without a detour."""
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=["file"],
        column_encoding={"line_number": "DELTA_BINARY_PACKED"},
        write_statistics=["line_number"],
    )


def _close(writer: pq.ParquetWriter, path: Path) -> None:
    writer.close()
    with path.open("rb") as written:
        os.fsync(written.fileno())
