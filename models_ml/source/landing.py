"""A file of the source becomes Parquet parts of bounded size."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from models_ml.source.disk import require_free
from models_ml.source.files import DataUnavailable, SourceFile
from models_ml.source.lines import SCHEMA, LineTooLong, line_batches
from models_ml.source.record import LandedFile, digest_of

#: A part is closed once it holds as many: some 30 MB, so that engines with
#: many workers share them out.
MAX_LINES: Final = 1 << 22


def land_file(file: SourceFile, folder: Path, number: int) -> LandedFile:
    """Write the lines of `file`, the source's `number`th, below `folder`.

    Memory is bounded whatever the file's size. Raises DataUnavailable with
    the reason for which the file was refused.
    """
    try:
        require_free(folder, file.n_bytes or 0)
        counted = _Counted(file)
        parts = _write_parts(counted.chunks(), file, folder, number)
    except LineTooLong as error:
        raise DataUnavailable(
            f"{file.named} is no list of {file.kind} ({error})"
        ) from error
    except OSError as error:
        raise DataUnavailable(
            f"{file.named} could not be landed ({error.strerror or error})"
        ) from error
    if not counted.n_bytes:
        raise DataUnavailable(f"{file.named} is empty")
    return LandedFile(
        kind=file.kind,
        name=file.name,
        stamp=list(file.stamp),
        sha256=counted.sha256,
        n_bytes=counted.n_bytes,
        n_lines=counted.n_lines,
        parts={
            part.relative_to(folder).as_posix(): digest_of(part)
            for part in parts
        },
    )


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
    chunks: Iterator[bytes], file: SourceFile, folder: Path, number: int
) -> list[Path]:
    (folder / file.kind).mkdir(exist_ok=True)
    parts: list[Path] = []
    writer: pq.ParquetWriter | None = None
    n_lines = 0
    try:
        for batch in line_batches(chunks, file.name):
            if writer is None:
                require_free(folder)
                path = part_path(folder, file.kind, number, len(parts))
                parts.append(path)
                writer, n_lines = _writer(path), 0
            writer.write_table(batch, row_group_size=len(batch))
            n_lines += len(batch)
            if n_lines >= MAX_LINES:
                _close(writer, parts[-1])
                writer = None
    finally:
        if writer is not None:
            _close(writer, parts[-1])
    return parts


def part_path(folder: Path, kind: str, number: int, part: int) -> Path:
    """Where a part of the source's `number`th file lies."""
    return folder / kind / f"{number:05d}-{part:05d}.parquet"


def _writer(path: Path) -> pq.ParquetWriter:
    """Encodings that both engines read without a detour."""
    return pq.ParquetWriter(
        path,
        SCHEMA,
        compression="zstd",
        use_dictionary=["file"],
        column_encoding={"line_number": "DELTA_BINARY_PACKED"},
        write_statistics=["line_number"],
    )


def _close(writer: pq.ParquetWriter, path: Path) -> None:
    writer.close()
    with path.open("rb") as written:
        os.fsync(written.fileno())
