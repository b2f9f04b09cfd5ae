"""Files in and out: CSV read in pieces, Parquet or CSV written whole or not.

Rows in messages are counted from the header, row 1, without empty lines.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray
from tqdm import tqdm

from models_ml.atomic import replacing
from models_ml.errors import InvalidField, PlateiaError

#: Bytes of CSV that are read at a time: some 50,000 rows.
BLOCK_SIZE: Final = 2 << 20
#: Bytes of a first line that are looked at for what parts its columns.
_LONGEST_HEADER: Final = 1 << 16
#: Seconds between two lines of progress where no one watches a terminal.
_LOG_INTERVAL: Final = 15.0


class FileError(PlateiaError):
    """A file cannot be read or written as it was asked for."""


class MissingColumnsError(FileError):
    """A file lacks columns that it must have."""

    def __init__(self, path: Path, missing: Sequence[str], of: str) -> None:
        """`missing`: their names; `of`: all that the header must have."""
        self.missing = tuple(missing)
        super().__init__(
            f"{path} lacks the column {', '.join(missing)}: its header must"
            f" have {of}"
        )


class UnknownColumnError(FileError):
    """A file has a column that would be ignored."""

    def __init__(
        self, path: Path, column: str, allowed: Sequence[str]
    ) -> None:
        self.column = column
        self.allowed = tuple(allowed)
        super().__init__(
            f"{path} has the column {column!r}, which would be ignored:"
            f" allowed are {', '.join(allowed)}"
        )


class RepeatedColumnError(FileError):
    """A file names a column twice."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """`columns`: all of the header."""
        self.columns = tuple(columns)
        super().__init__(f"{path} names a column twice: {', '.join(columns)}")


class NotUtf8Error(FileError):
    """A file is text of another encoding, or none at all."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be read: it is no UTF-8")


class RowLengthError(FileError):
    """A row has more fields than the header, or fewer."""

    def __init__(
        self, path: Path, row: int, n_fields: int, n_columns: int
    ) -> None:
        self.row = row
        self.n_fields = n_fields
        self.n_columns = n_columns
        super().__init__(
            f"{path}, row {row}: {n_fields} fields, where the header has"
            f" {n_columns}"
        )


class BadRow(FileError):  # noqa: N818 - a finding in the caller's data
    """A value in a file has no meaning we know."""

    def __init__(self, path: Path, row: int, error: InvalidField) -> None:
        super().__init__(f"{path}, row {row}: {error}")
        self.path = path
        self.row = row
        self.column = error.field
        self.value = error.value
        self.allowed = error.allowed


@dataclass(frozen=True)
class Column:
    """A column of text, each distinct value once."""

    values: list[str]
    """The distinct values."""
    index: NDArray[np.integer]
    """For each row, its value's place in `values`."""


class Piece:
    """Some consecutive rows of a CSV file, all columns as text."""

    def __init__(
        self, path: Path, batch: pa.RecordBatch, first_row: int
    ) -> None:
        self.path = path
        self.batch = batch
        self.first_row = first_row

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def __contains__(self, name: str) -> bool:
        return name in self.batch.schema.names

    def column(self, name: str) -> Column:
        """A column by its distinct values, stripped of outer spaces."""
        coded = self.batch.column(name).dictionary_encode()
        return Column(
            [value.strip() for value in coded.dictionary.to_pylist()],
            np.asarray(coded.indices),
        )

    def bad(self, offset: int, error: InvalidField) -> BadRow:
        """The error for the row at `offset` in this piece."""
        return BadRow(self.path, self.first_row + offset, error)

    def parsed(
        self, name: str, parse: Callable[[str], int]
    ) -> NDArray[np.int32]:
        """What `parse` makes of each row, called once for each value.

        An InvalidField that it raises becomes a BadRow.
        """
        column = self.column(name)
        results = np.empty(len(column.values), dtype=np.int32)
        for place, value in enumerate(column.values):
            try:
                results[place] = parse(value)
            except InvalidField as error:
                offset = int(np.argmax(column.index == place))
                raise self.bad(offset, error) from error
        result: NDArray[np.int32] = results[column.index]
        return result


def read_header(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    either: Sequence[Sequence[str]] = (),
) -> list[str]:
    """The column names of a CSV file (UTF-8), in its order.

    Columns are parted by commas, or by semicolons: see `delimiter_of`.
    Of each of `either` a file has exactly one. Raises FileError for a file
    that lacks a column, has two of which one is allowed, or has one that is
    not named here: it would be ignored.
    """
    try:
        delimiter = delimiter_of(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            columns = next(csv.reader(file, delimiter=delimiter), [])
    except UnicodeDecodeError as error:
        raise NotUtf8Error(path) from error
    except (OSError, csv.Error) as error:
        raise FileError(f"{path} cannot be read: {error}") from error
    _check_either(path, columns, either)
    chosen = [
        next((name for name in names if name in columns), " or ".join(names))
        for names in either
    ]
    _check_columns(path, columns, (*required, *chosen), optional)
    return columns


def delimiter_of(path: Path) -> str:
    """What parts the columns of a CSV file: a comma or a semicolon.

    Excel writes semicolons where the comma is the decimal sign. They are
    taken for what they are where the first line has no comma.
    """
    with path.open("rb") as file:
        head = file.readline(_LONGEST_HEADER)
    return ";" if b";" in head and b"," not in head else ","


def read_pieces(
    path: Path,
    columns: Sequence[str],
    advance: Callable[[int], object] = lambda size: None,
    only: str | None = None,
) -> Iterator[Piece]:
    """The rows of a CSV file in pieces of bounded size.

    `columns` is the file's header; `advance` is told the bytes read since it
    was last told; pieces hold the column `only`, or all of them. Raises
    RowLengthError for a row with too few or many fields, NotUtf8Error for text
    that is not UTF-8, and FileError.
    """
    wrong: list[pyarrow.csv.InvalidRow] = []
    try:
        with path.open("rb") as file:
            yield from _pieces(path, file, columns, advance, only, wrong=wrong)
    except (pa.ArrowInvalid, OSError) as error:
        if wrong:
            (row,) = wrong
            raise RowLengthError(
                path, row.number, row.actual_columns, row.expected_columns
            ) from error
        if not _is_utf8(path):
            raise NotUtf8Error(path) from error
        raise FileError(f"{path} cannot be read: {error}") from error


def _is_utf8(path: Path) -> bool:
    """Whether all of a file can be decoded."""
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(BLOCK_SIZE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _pieces(
    path: Path,
    file: Any,
    columns: Sequence[str],
    advance: Callable[[int], object],
    only: str | None,
    *,
    wrong: list[pyarrow.csv.InvalidRow],
) -> Iterator[Piece]:
    """A row with too few or many fields ends them, and is put into `wrong`."""

    def refuse(row: pyarrow.csv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    reader = pyarrow.csv.open_csv(
        file,
        read_options=pyarrow.csv.ReadOptions(
            block_size=BLOCK_SIZE, use_threads=False
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter_of(path),
            newlines_in_values=True,
            invalid_row_handler=refuse,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            include_columns=[only] if only else None,
            strings_can_be_null=False,
        ),
    )
    row, position = 2, 0
    for batch in reader:
        if batch.num_rows:
            yield Piece(path, batch, row)
        row += batch.num_rows
        advance(file.tell() - position)
        position = file.tell()


def _check_either(
    path: Path, columns: Sequence[str], either: Sequence[Sequence[str]]
) -> None:
    """Raises FileError for two columns of which only one may be there."""
    for names in either:
        both = [name for name in names if name in columns]
        if len(both) > 1:
            raise FileError(
                f"{path} has the columns {' and '.join(both)}: allowed is one"
                " of them"
            )


def _check_columns(
    path: Path,
    columns: list[str],
    required: Sequence[str],
    optional: Sequence[str],
) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        raise MissingColumnsError(path, missing, ", ".join(required))
    unknown = [c for c in columns if c not in (*required, *optional)]
    if unknown:
        raise UnknownColumnError(path, unknown[0], (*required, *optional))
    if len(set(columns)) != len(columns):
        raise RepeatedColumnError(path, columns)


def check_output(output: Path, inputs: Sequence[Path]) -> None:
    """Raises FileError for a file that could not or should not be written."""
    if output.suffix.lower() not in _WRITERS:
        raise FileError(
            f"{output} must end in .parquet or .csv, which says its format"
        )
    if not output.parent.is_dir():
        raise FileError(f"{output}: there is no folder {output.parent}")
    if output.resolve() in {path.resolve() for path in inputs}:
        raise FileError(f"{output} is an input file as well")


@contextmanager
def new_table(output: Path, schema: pa.Schema) -> Iterator[Any]:
    """A writer of `output`, which appears when the block ends without error.

    Until then, and after an error, whatever was there stays as it was.
    """
    open_writer = _WRITERS[output.suffix.lower()]
    try:
        with replacing(output) as part, open_writer(part, schema) as writer:
            yield writer
    except OSError as error:
        raise FileError(f"{output} cannot be written: {error}") from error


def _parquet_writer(path: Path, schema: pa.Schema) -> Any:
    return pyarrow.parquet.ParquetWriter(path, schema, compression="zstd")


def _csv_writer(path: Path, schema: pa.Schema) -> Any:
    return pyarrow.csv.CSVWriter(path, schema)


_WRITERS: Final = {".parquet": _parquet_writer, ".csv": _csv_writer}


@contextmanager
def progress_bar(path: Path, shown: bool) -> Iterator[Callable[[int], object]]:
    """A bar over the bytes of `path` on stderr; gives its `advance`."""
    is_watched = sys.stderr.isatty()
    with tqdm(
        total=path.stat().st_size if path.is_file() else None,
        desc=path.name,
        unit="B",
        unit_scale=True,
        disable=not shown,
        mininterval=0.1 if is_watched else _LOG_INTERVAL,
    ) as bar:
        yield bar.update
