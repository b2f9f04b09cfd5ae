"""The reader of a source, fuzzed for minutes: what it makes of any bytes.

In memory, or of one small file, so that hundreds of inputs are read a second;
`reader` sends fewer through the whole of `fetch`.
"""

import io
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from models_ml.source.files import SourceFile
from models_ml.source.formats import CSV, PARQUET, TablesUnusable
from models_ml.source.lines import decode, line_batches
from models_ml.source.tables import row_batches
from tools.chaos.raw import BYTE_CHANGES
from tools.chaos.tally import Tally

#: Inputs that are read however long they take.
_LEAST: Final = 30
_MARK: Final = b"\xef\xbb\xbf"
_LINES: Final = (
    "1::Café (1990)::Drama\r\n2::Deux: Vies (1999)::Comedy|War\n".encode()
    + b"3::Caf\xe9 (1991)::Drama\n\n1::1::5::978300760\r\n" * 3
)
#: By kind: the bytes of a table.
_TABLES: Final = {
    "users": b"user_id,gender,age,nationality\na,F,25,BR\nb,M,,Alemanha\n",
    "movies": b"movie_id;title;genres\n1;Caf\xe9;Drama|War\n2;Deux, Vies;\n",
    "ratings": b"user_id\tmovie_id\tscore\n" + b"a\t1\t4.5\nb\t2\t\n" * 4,
}


def fuzz(home: Path, minutes: float, seed: int) -> Tally:
    """Lines, CSV and Parquet in turn, until the time is over."""
    del home
    started = time.monotonic()
    failures: list[str] = []
    outcomes: Counter[str] = Counter()
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        while n < _LEAST or time.monotonic() < started + minutes * 60:
            drawn = random.Random(f"{seed}/{n}")  # noqa: S311
            try:
                told = _KINDS[n % len(_KINDS)](drawn, path)
            except TablesUnusable as error:
                outcomes["refused"] += 1
                told = "" if "\n" not in str(error) else "no one sentence"
            except Exception as error:
                told = f"not foreseen: {error!r}"
            if told:
                failures.append(f"input {n}: {told}")
            n += 1
    return Tally(
        "fuzz",
        f"the readers of lines, CSV and Parquet are fuzzed for {minutes:g}"
        " minutes; every line and row is read once, lines as a plain reading"
        f" of theirs has them, or the file is refused in a sentence"
        f" ({outcomes['refused']:,} were)",
        n,
        tuple(failures),
        time.monotonic() - started,
        seed,
        repeat=int(minutes),
    )


def _changed(drawn: random.Random, data: bytes) -> bytes:
    for _ in range(drawn.randrange(1, 5)):
        data = drawn.choice(BYTE_CHANGES)(drawn, data)
    return data


def _lines(drawn: random.Random, path: Path) -> str:
    """Lines that are not read as the rule of `line_batches` has it."""
    del path
    data = _changed(drawn, drawn.choice([b"", _MARK]) + _LINES)
    read = [
        (row["line_number"], row["text"], row["is_readable"])
        for batch in line_batches(_chunks(drawn, data), "ratings.dat")
        for row in batch.to_pylist()
    ]
    lines = data.removeprefix(_MARK).split(b"\n")
    if not lines[-1]:
        lines.pop()
    expected = [
        (number, *decode(line.removesuffix(b"\r")))
        for number, line in enumerate(lines, 1)
    ]
    if read == expected:
        return ""
    return f"{data!r} is read as {read}"


def _chunks(drawn: random.Random, data: bytes) -> Iterator[bytes]:
    while data:
        size = drawn.randrange(1, 80)
        yield data[:size]
        data = data[size:]


def _csv(drawn: random.Random, path: Path) -> str:
    data, numbers = _read_changed(drawn, path, CSV, _TABLES)
    if numbers != list(range(2, 2 + len(numbers))):
        return f"{data!r} has the rows {numbers}"
    # Quotes join lines, and a return alone ends one: elsewhere it is plain.
    if b'"' in data or b"\r" in data:
        return ""
    n_rows = data.count(b"\n") - data.endswith(b"\n")
    return "" if len(numbers) == n_rows else f"{data!r}: rows {numbers}"


def _parquet(drawn: random.Random, path: Path) -> str:
    data, numbers = _read_changed(drawn, path, PARQUET, _AS_PARQUET)
    if numbers != list(range(1, 1 + len(numbers))):
        return f"{data!r} has the rows {numbers}"
    return ""


def _read_changed(
    drawn: random.Random, path: Path, form: str, tables: Mapping[str, bytes]
) -> tuple[bytes, list[int]]:
    """One of the tables, changed, and the numbers of the rows read of it."""
    kind = drawn.choice(list(tables))
    data = _changed(drawn, tables[kind])
    path.write_bytes(data)
    return data, _numbers_of(kind, form, path)


def _numbers_of(kind: str, form: str, path: Path) -> list[int]:
    """The numbers of the rows that are read, in order."""
    file = SourceFile(
        kind, f"{kind}.{form}", kind, (), None, lambda: iter(()), form
    )
    return sorted(
        number
        for batch in row_batches(file, path)
        for number in batch["line_number"].to_pylist()
    )


def _as_parquet(data: bytes) -> bytes:
    header = data.split(b"\n")[0]
    delimiter = next(sign for sign in ",;\t" if sign.encode() in header)
    table = pyarrow.csv.read_csv(
        io.BytesIO(data),
        pyarrow.csv.ReadOptions(encoding="latin-1"),
        pyarrow.csv.ParseOptions(delimiter=delimiter),
    )
    written = pa.BufferOutputStream()
    pq.write_table(table, written)
    return bytes(written.getvalue())


_AS_PARQUET: Final = {
    kind: _as_parquet(data) for kind, data in _TABLES.items()
}
_KINDS: Final = (_lines, _csv, _parquet)
