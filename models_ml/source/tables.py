"""Rows of CSV and Parquet files, and of MovieLens 100K's, as Arrow batches.

Every value becomes text: what it means is told in SQL. A row that has not as
many values as the header has columns becomes a row with a fault and no values.
"""

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from models_ml.arrays import BoolArray
from models_ml.profile.nationality import country_names, country_of
from models_ml.source.columns import (
    Header,
    schema_of,
    understand,
)
from models_ml.source.files import GENRE_FLAG, RELEASE_DATE, SourceFile
from models_ml.source.formats import ML_100K, PARQUET, TablesUnusable
from models_ml.source.lines import decode

_BLOCK: Final = 4 << 20
_BATCH_ROWS: Final = 1 << 16
_MAX_HEADER_BYTES: Final = 1 << 20
#: What may part the values of a CSV file; the header tells which does.
_DELIMITERS: Final = (",", ";", "\t")
_CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_NOT_ASCII: Final = r"[^\x00-\x7f]"
_DATED: Final = re.compile(r"\([0-9]{4}\) *$")


def read_header(file: SourceFile, path: Path) -> Header:
    """The columns of `file`, which lies at `path`; raises TablesUnusable."""
    if file.columns:
        also = [
            name
            for name in file.columns
            if name == RELEASE_DATE or name.startswith(GENRE_FLAG)
        ]
        return understand(file.kind, file.columns, file.named, also)
    if file.format == PARQUET:
        with _readable(file), pq.ParquetFile(path) as parquet:
            return understand(
                file.kind, parquet.schema_arrow.names, file.named
            )
    return understand(file.kind, _csv_header(path, file.named)[1], file.named)


def row_batches(file: SourceFile, path: Path) -> Iterator[pa.Table]:
    """The rows of `file`, which lies at `path`, as tables of its schema.

    Memory is bounded whatever the file's size. Raises TablesUnusable.
    """
    header = read_header(file, path)
    read = _parquet_batches if file.format == PARQUET else _csv_batches
    with _readable(file):
        for numbers, values, faulty in read(file, path, header):
            yield pa.concat_tables(
                [
                    _landed(file, numbers, values),
                    _faulty_rows(file, faulty),
                ]
            )


class _readable:  # noqa: N801 - reads as a statement
    """Tells what Arrow could not read as TablesUnusable."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        # Arrow's own OSError, of damaged Parquet, has no number of the system.
        is_damage = isinstance(error, OSError) and error.errno is None
        # Names of columns that are no UTF-8 are Python's to tell.
        if is_damage or isinstance(
            error, pa.ArrowException | UnicodeDecodeError
        ):
            said = str(error).splitlines()[0]
            raise TablesUnusable(
                f"{self._file.named} cannot be read as {self._file.format} "
                f"({said})"
            ) from error


_Batch = tuple[np.ndarray, dict[str, pa.Array], list[tuple[int, str]]]


# --- CSV --------------------------------------------------------------------


def _csv_header(path: Path, named: str) -> tuple[str, list[str]]:
    """What parts the values, and the names of the columns."""
    with path.open("rb") as opened:
        line = opened.readline(_MAX_HEADER_BYTES)
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TablesUnusable(
            f"{named} is UTF-16: a CSV file is UTF-8 or latin-1"
        )
    text = decode(line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n"))[0]
    delimiter = max(_DELIMITERS, key=text.count)
    names = next(csv.reader([text], delimiter=delimiter), [])
    return delimiter, names


def _csv_batches(
    file: SourceFile, path: Path, header: Header
) -> Iterator[_Batch]:
    faults: list[tuple[int, str]] = []

    def skip(row: Any) -> str:
        faults.append((row.number, row.text))
        return "skip"

    n_columns = len(header.names)
    names = [str(number) for number in range(n_columns)]
    options: dict[str, Any] = {"delimiter": "|", "quote_char": False}
    if not file.columns:
        options = {"delimiter": _csv_header(path, file.named)[0]}
    elif file.kind == "ratings":
        options["delimiter"] = "\t"
    first = 1 if file.columns else 2
    reader = pyarrow.csv.open_csv(
        path,
        pyarrow.csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK,
            skip_rows=first - 1,
            column_names=names,
            # Every byte is a letter of latin-1: `_decoded` makes UTF-8 of
            # what was UTF-8, value by value.
            encoding="latin-1",
        ),
        pyarrow.csv.ParseOptions(
            **options,
            newlines_in_values=not file.columns,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            include_columns=[
                names[number] for number in header.understood.values()
            ],
        ),
    )
    n_read, n_faults = 0, 0
    for batch in reader:
        known = sorted(number for number, _ in faults)
        numbers = _row_numbers(n_read, len(batch), first, known)
        n_read += len(batch)
        values = dict(zip(header.understood, batch.columns, strict=True))
        yield numbers, values, faults[n_faults:]
        n_faults = len(faults)
    if n_faults < len(faults):
        empty = {name: pa.array([], pa.string()) for name in header.understood}
        yield np.zeros(0, np.int64), empty, faults[n_faults:]


def _row_numbers(
    start: int, n: int, first: int, faults: list[int]
) -> np.ndarray:
    """Numbers in the file of the `start`th good row and the `n - 1` next.

    Rows are numbered from `first`; those in `faults` are not good.
    """
    # The number of the k-th good row: k, and the faults before it.
    ahead = np.array(faults, np.int64) - first - np.arange(len(faults))
    good = np.arange(start, start + n, dtype=np.int64)
    return good + first + np.searchsorted(ahead, good, side="right")


# --- Parquet ----------------------------------------------------------------


def _parquet_batches(
    file: SourceFile, path: Path, header: Header
) -> Iterator[_Batch]:
    with pq.ParquetFile(path) as parquet:
        names = [header.names[k] for k in header.understood.values()]
        number = 1
        for batch in parquet.iter_batches(_BATCH_ROWS, columns=names):
            numbers = np.arange(number, number + len(batch), dtype=np.int64)
            number += len(batch)
            values = {
                column: _as_text(batch.column(name), file, name)
                for column, name in zip(header.understood, names, strict=True)
            }
            yield numbers, values, []


def _as_text(values: pa.Array, file: SourceFile, name: str) -> pa.Array:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_floating(values.type):
        # What pandas and others write where a number is missing.
        values = pc.if_else(pc.is_nan(values), None, values)
        whole = pc.equal(pc.floor(values), values)
        if pc.all(whole, min_count=0).as_py():
            values = values.cast(pa.int64(), safe=False)
    try:
        if _is_list(values.type):
            return _joined(values.cast(pa.list_(pa.string())))
        return values.cast(pa.string())
    except pa.ArrowNotImplementedError as error:
        raise TablesUnusable(
            f"the column {name} of {file.named} holds {values.type}, not "
            "text, numbers or times"
        ) from error


def _is_list(of: pa.DataType) -> bool:
    return bool(
        pa.types.is_list(of)
        or pa.types.is_large_list(of)
        or pa.types.is_fixed_size_list(of)
    )


def _joined(lists: pa.Array) -> pa.Array:
    """The texts of each list with `|` between, without those missing."""
    texts = pc.list_flatten(lists)
    row = pc.list_parent_indices(lists)
    is_told = pc.is_valid(texts)
    counts = np.bincount(row.filter(is_told).to_numpy(), minlength=len(lists))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    told = pa.ListArray.from_arrays(pa.array(offsets), texts.filter(is_told))
    return pc.if_else(pc.is_valid(lists), pc.binary_join(told, "|"), None)


# --- landed rows ------------------------------------------------------------


def _landed(
    file: SourceFile, numbers: np.ndarray, values: dict[str, pa.Array]
) -> pa.Table:
    n = len(numbers)
    is_bad = np.zeros(n, np.bool_)
    decoded = _decoded_bytes if file.format == PARQUET else _decoded
    for name, column in values.items():
        values[name], is_undecodable = decoded(column)
        is_bad |= is_undecodable
    for column in values.values():
        matched = pc.match_substring_regex(column, _CONTROL).fill_null(False)
        is_bad |= matched.to_numpy(zero_copy_only=False)
    if file.format == ML_100K and file.kind == "movies":
        values = _of_ml_100k(values)
    if file.kind == "users" and "nationality" in values:
        values = values | _countries(values["nationality"])
    columns = {
        "file": pa.repeat(file.name, n),
        "line_number": pa.array(numbers),
        "fault": pc.if_else(
            pa.array(is_bad), "undecodable", pa.scalar(None, pa.string())
        ),
        **{name: values[name] for name in values if name in _kept(file.kind)},
    }
    schema = schema_of(file.kind)
    return pa.table(
        [columns.get(field.name, pa.nulls(n, field.type)) for field in schema],
        schema=schema,
    )


@lru_cache(maxsize=3)
def _kept(kind: str) -> frozenset[str]:
    return frozenset(schema_of(kind).names)


def _faulty_rows(file: SourceFile, faults: list[tuple[int, str]]) -> pa.Table:
    schema = schema_of(file.kind)
    return pa.Table.from_pylist(
        [
            {
                "file": file.name,
                "line_number": number,
                "fault": "wrong field count",
                "text": decode(text.encode("latin-1"))[0],
            }
            for number, text in faults
        ],
        schema=schema,
    )


def _decoded(values: pa.Array) -> tuple[pa.Array, BoolArray]:
    """Text that was read as latin-1 as what it is, and which is none."""
    is_odd = pc.match_substring_regex(values, _NOT_ASCII)
    is_bad = np.zeros(len(values), np.bool_)
    if not pc.any(is_odd, min_count=0).as_py():
        return values, is_bad
    decoded = [
        decode(text.encode("latin-1"))
        for text in values.filter(is_odd).to_pylist()
    ]
    is_bad[is_odd.to_numpy(zero_copy_only=False)] = [
        not is_readable for _, is_readable in decoded
    ]
    texts = pa.array([text for text, _ in decoded], pa.string())
    return pc.replace_with_mask(values, is_odd, texts), is_bad


def _decoded_bytes(values: pa.Array) -> tuple[pa.Array, BoolArray]:
    """The same of Parquet's text, of whose bytes nobody made sure."""
    try:
        values.validate(full=True)
    except pa.ArrowInvalid:
        decoded = [
            (None, True) if raw is None else decode(raw)
            for raw in values.view(pa.binary()).to_pylist()
        ]
        return (
            pa.array([text for text, _ in decoded], pa.string()),
            np.array([not is_readable for _, is_readable in decoded]),
        )
    return values, np.zeros(len(values), np.bool_)


def _countries(words: pa.Array) -> dict[str, pa.Array]:
    """The country that each word for a nationality means, and its names."""
    encoded = words.dictionary_encode()
    codes = [
        country_of(word) if word else None
        for word in encoded.dictionary.to_pylist()
    ]
    names = [country_names(code) if code else (None, None) for code in codes]
    english, portuguese = zip(*names, strict=True) if names else ((), ())
    columns = {
        "country_code": codes,
        "country_name": english,
        "country_name_pt": portuguese,
    }
    return {
        column: pa.array(texts, pa.string()).take(encoded.indices)
        for column, texts in columns.items()
    }


def _of_ml_100k(values: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Genres from their flags, and a year where the title has none."""
    flags = [name for name in values if name.startswith(GENRE_FLAG)]
    rows = zip(*(values[name].to_pylist() for name in flags), strict=True)
    genres = [
        "|".join(
            name.removeprefix(GENRE_FLAG)
            for name, flag in zip(flags, row, strict=True)
            if flag == "1"
        )
        for row in rows
    ]
    years = [
        None if _DATED.search(title) else date[-4:] or None
        for title, date in zip(
            values["title"].to_pylist(),
            values[RELEASE_DATE].to_pylist(),
            strict=True,
        )
    ]
    return {
        "movie_id": values["movie_id"],
        "title": values["title"],
        "year": pa.array(years, pa.string()),
        "genres": pa.array(genres, pa.string()),
    }
