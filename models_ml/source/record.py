"""`source.json`: what has landed, from where, with its digests."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from models_ml.settings import Settings

RECORD: Final = "source.json"
#: Below `data`: the record as a table, which dbt reads.
TABLE: Final = "files/part-00000.parquet"


@dataclass(frozen=True)
class LandedFile:
    """A file of the source, and the Parquet parts that hold its lines."""

    kind: str
    """users, movies or ratings."""
    name: str
    """`ratings.dat`, or `ratings/2000-12.dat` for a part."""
    stamp: list[int]
    """Tells whether the file is still the same, without reading it."""
    sha256: str
    n_bytes: int
    n_lines: int
    """Of ml-1m counted in the bytes: line feeds, and a last line that has
    none; of other formats rows."""
    parts: dict[str, str]
    """SHA-256 of each part, by its path below `data`."""
    format: str
    """How its rows are written: ml-1m, ml-100k, csv or parquet."""
    columns: list[str]
    """Names of columns that were read; none of ml-1m's lines."""
    left_out: list[str]
    """Names of columns that were not read."""


@dataclass(frozen=True)
class Source:
    """What `source.json` records."""

    source: str
    """MOVIELENS_SOURCE: a URL (without credentials), an absolute path,
    `sample` or `sample:RATINGS`."""
    generated: bool
    """The data are made up."""
    files: list[LandedFile]

    @property
    def digest(self) -> str:
        """SHA-256 over the files' digests."""
        names = "".join(f"{file.name}={file.sha256};" for file in self.files)
        return hashlib.sha256(names.encode()).hexdigest()


def read_source(settings: Settings) -> Source | None:
    """Where the landed files came from; None where none are recorded."""
    try:
        record = json.loads((settings.data / RECORD).read_text("utf-8"))
        files = [LandedFile(**file) for file in record["files"]]
        return Source(record["source"], record["generated"], files)
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def write_source(folder: Path, source: Source) -> None:
    """Write the record into `folder`, as JSON and as a table for dbt."""
    record = {**asdict(source), "digest": source.digest}
    (folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    table = pa.Table.from_pylist(
        [
            {
                "source": source.source,
                "is_generated": source.generated,
                "format": file.format,
                "kind": file.kind,
                "file": file.name,
                "sha256": file.sha256,
                "n_bytes": file.n_bytes,
                "n_lines": file.n_lines,
            }
            for file in source.files
        ]
    )
    path = folder / TABLE
    path.parent.mkdir()
    pq.write_table(table, path)


def are_whole(folder: Path, files: Sequence[LandedFile]) -> bool:
    """Whether the parts of `files` lie in `folder` as they were written."""
    parts = {
        name: sha256 for file in files for name, sha256 in file.parts.items()
    }
    return all(
        (folder / name).is_file() and digest_of(folder / name) == sha256
        for name, sha256 in parts.items()
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
