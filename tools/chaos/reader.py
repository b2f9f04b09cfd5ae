"""Corrupt files for the reader: each line lands, or the file is refused."""

import io
import random
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from models_ml.errors import PlateiaError
from models_ml.settings import Settings, load_settings
from models_ml.source.formats import DataUnavailable
from models_ml.source.movielens import fetch
from models_ml.source.record import read_source
from tools.chaos.raw import BYTE_CHANGES
from tools.chaos.tally import Tally

#: What changes are made of.
_SOUND: Final = {
    "users": b"1::F::25::1::02139\n2::M::35::7::94110\n3::M::18::4::55105\n",
    "movies": b"1::Caf\xe9 (1990)::Drama\n2::Deux: Vies (1999)::Comedy|War\n",
    "ratings": b"1::1::5::978300760\n2::1::3::978300761\n" * 20,
}


def corrupt_files(home: Path, tries: int, seed: int) -> Tally:
    """Files and archives, changed at random."""
    del home
    started = time.monotonic()
    failures, n_refused = [], 0
    for k in range(tries):
        drawn = random.Random(f"{seed}/{k}")  # noqa: S311
        with tempfile.TemporaryDirectory() as made:
            try:
                told = _landed(Path(made), drawn, is_zip=k % 3 == 0)
            except DataUnavailable as error:
                n_refused += 1
                told = "" if "\n" not in str(error) else "no one sentence"
            except PlateiaError as error:
                told = f"{error!r}"
            except Exception as error:
                told = f"not foreseen: {error!r}"
        if told:
            failures.append(f"input {k}: {told}")
    return Tally(
        "reader",
        f"files and archives are changed at random and fetched; every line"
        f" lands, with its bytes if they are text, or all is refused in a"
        f" sentence ({n_refused:,} were)",
        tries,
        tuple(failures),
        time.monotonic() - started,
        seed,
    )


def _changed(drawn: random.Random, data: bytes) -> bytes:
    for _ in range(drawn.randrange(1, 4)):
        data = drawn.choice(BYTE_CHANGES)(drawn, data)
    return data


def _landed(folder: Path, drawn: random.Random, *, is_zip: bool) -> str:
    """What did not hold, in words; raises DataUnavailable if refused."""
    files = dict(_SOUND)
    kind = drawn.choice(list(files))
    source = folder / "source"
    if is_zip:
        source.write_bytes(_changed(drawn, _archive(files)))
    else:
        files[kind] = _changed(drawn, files[kind])
        source.mkdir()
        for name, data in files.items():
            (source / f"{name}.dat").write_bytes(data)
    settings = load_settings(
        {"PLATEIA_HOME": str(folder), "MOVIELENS_SOURCE": str(source)}
    )
    fetch(settings, progress=False)
    if is_zip:  # which has a checksum for each file
        return "" if read_source(settings) else "what landed has no record"
    return next(
        (told for name in files if (told := _lost(settings, name, files))), ""
    )


def _archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.dat", data)
    return packed.getvalue()


def _lost(settings: Settings, name: str, files: dict[str, bytes]) -> str:
    """The first line that did not land as it was."""
    table = pq.read_table(settings.data / name)
    lines = files[name].removesuffix(b"\n").split(b"\n") if files[name] else []
    if table["line_number"].to_pylist() != list(range(1, len(lines) + 1)):
        return f"{name}: {table.num_rows} of {len(lines)} lines landed"
    for line, text, is_readable in zip(
        lines,
        table["text"].to_pylist(),
        table["is_readable"].to_pylist(),
        strict=True,
    ):
        forms = {text.encode("utf-8"), text.encode("latin-1", "replace")}
        if is_readable and line.removesuffix(b"\r") not in forms:
            return f"{name}: {line!r} landed as {text!r}"
    return ""
