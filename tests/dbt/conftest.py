"""One warehouse, built by dbt from the sample and bad lines of every kind."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from models_ml.settings import Settings, load_settings
from models_ml.source.movielens import fetch
from models_ml.source.sample import SampleSize, write_sample
from models_ml.warehouse.build import build
from models_ml.warehouse.read import read_table

#: Few enough of each file's lines for the build to pass.
BAD_LINES = {
    "users.dat": [
        (b"", "blank line"),
        (b"9001::F::25", "wrong field count"),
        (b"x::F::25::1::02139", "non-numeric user id"),
        (b"9002::Q::25::1::02139", "unknown gender"),
        (b"9003::F::26::1::02139", "unknown age code"),
        (b"9004::F::25::21::02139", "unknown occupation code"),
        (b"1::F::25::1::02139", "duplicate user id"),
        (b"9005::F::25::1::\x80", "undecodable"),
    ],
    "movies.dat": [
        (b"9001::Two fields (1990)", "wrong field count"),
        (b"x::No number (1990)::Drama", "non-numeric movie id"),
        (b"9002:: (1990)::Drama", "no title"),
        (b"9005::%s (1990)::Drama" % (b"t" * 301), "title too long"),
        (b"9003::Soap (1990)::Telenovela", "unknown genre"),
        (b"1::Twice (1990)::Drama", "duplicate movie id"),
        (b"9004::Smart quote \x92 (1990)::Drama", "undecodable"),
    ],
    "ratings.dat": [
        (b"1::1::5", "wrong field count"),
        (b"one::1::5::978300760", "non-numeric user id"),
        (b"1::one::5::978300760", "non-numeric movie id"),
        (b"1::1::five::978300760", "non-numeric rating"),
        (b"1::1::5::noon", "non-numeric timestamp"),
        (b"1::1::6::978300760", "rating outside 1 to 5"),
        (b"1::1::0::978300760", "rating outside 1 to 5"),
        (b"9999::1::5::978300760", "unknown user"),
        (b"1::9999::5::978300760", "unknown movie"),
        (b"9002::1::5::978300760", "unknown user"),
        (b"1::1::5::978300760\x00", "undecodable"),
    ],
}
#: Rows, of every shape that a place can have.
ODD_USERS = [
    b"8001::F::25::1::02139-1234",
    b"8002::F::25::1::021391234",
    b"8003::F::25::1::98700",
    b"8004::F::25::1::021399",
    b"8005::F::25::1::",
    b"8006::F::25::1::M5V 2T6",
    b"8007::F::25::1::01310-100",
    b"8008::F::25::1:: 02139",
    b"8009::F::25::1::-----",
    b"8010::F::25::1::00901",
]
ODD_MOVIES = [
    "8001::Déjà: Vu, Le".encode("latin-1") + b"::Drama",
    "8002::Été (1950)::Drama".encode(),
]


#: Ratings of which an earlier one stands in the file as well.
N_REPLACED = 900


def _earlier(line: bytes) -> bytes:
    """Another rating of the same film by the same person, a day before."""
    user, movie, stars, seconds = line.split(b"::")
    other = b"1" if stars == b"5" else b"5"
    return b"::".join([user, movie, other, b"%d" % (int(seconds) - 86_400)])


@dataclass(frozen=True)
class Built:
    """A warehouse, with what dbt recorded of its project."""

    settings: Settings
    manifest: dict[str, Any]

    def rows(self, relation: str) -> list[dict[str, Any]]:
        return read_table(self.settings.warehouse, relation).to_pylist()

    def nodes(self, *kinds: str) -> list[dict[str, Any]]:
        return [
            node
            for node in self.manifest["nodes"].values()
            if node["resource_type"] in kinds
        ]


def settings_for(source: Path, home: Path) -> Settings:
    return replace(load_settings({}), movielens_source=str(source), home=home)


def write_files(folder: Path) -> None:
    """The sample, then the odd and the bad lines; one file has CRLF."""
    write_sample(folder, SampleSize(users=1_000, movies=700, ratings=60_000))
    for name, bad in BAD_LINES.items():
        file = folder / name
        lines = file.read_bytes().splitlines()
        lines += {"users.dat": ODD_USERS, "movies.dat": ODD_MOVIES}.get(
            name, []
        )
        if name == "ratings.dat":
            lines.append(lines[0])  # a duplicate (user, movie)
            lines[0:0] = [_earlier(line) for line in lines[:N_REPLACED]]
        lines += [line for line, _ in bad]
        end = b"\r\n" if name == "ratings.dat" else b"\n"
        file.write_bytes(end.join(lines))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("warehouse")
    write_files(folder / "source")
    settings = settings_for(folder / "source", folder / "home")
    fetch(settings, progress=False)
    for left in ("warehouse.building.duckdb", "warehouse.duckdb.wal"):
        (settings.home / left).write_text("left by a build that was killed")
    (settings.home / "warehouse.building.duckdb.tmp").mkdir()
    assert build(settings)
    manifest = json.loads((settings.home / "dbt/manifest.json").read_text())
    return Built(settings, manifest)
