"""Settings: the only place that reads environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent
MOVIELENS_URL: Final = (
    "https://files.grouplens.org/datasets/movielens/ml-1m.zip"
)
#: Of the archive at MOVIELENS_URL; other sources have no published digest.
MOVIELENS_MD5: Final = "c4d9eecfca2ab87c1945afe126590906"
SAMPLE: Final = "sample"


class SettingError(ValueError):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """What can be set from outside; see the table in the README."""

    movielens_source: str
    """URL, zip, folder, or `sample` for generated data."""
    home: Path
    """Data, warehouse, caches and the local store."""
    store: str
    """`s3://bucket/prefix`, or a folder."""
    signing_key: str | None
    """Signs and verifies releases; None: kept in a file below `home`."""
    host: str
    port: int

    @property
    def data(self) -> Path:
        """Where the three MovieLens files lie once fetched."""
        return self.home / "data"

    @property
    def warehouse(self) -> Path:
        """The last warehouse that was built and passed its tests."""
        return self.home / "warehouse.duckdb"

    @property
    def runs(self) -> Path:
        """One JSON file for each experiment run."""
        return self.home / "runs"

    @property
    def trained(self) -> Path:
        """What `train` leaves for `publish`, `predict` and `audience`."""
        return self.home / "trained"

    @property
    def cache(self) -> Path:
        """Releases that were fetched from the store and verified."""
        return self.home / "cache"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (default: the process's environment).

    Raises SettingError for a PORT that is no port number.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("PLATEIA_HOME") or PROJECT / "var").absolute()
    return Settings(
        movielens_source=env.get("MOVIELENS_SOURCE") or MOVIELENS_URL,
        home=home,
        store=env.get("PLATEIA_STORE") or str(home / "store"),
        signing_key=env.get("PLATEIA_SIGNING_KEY") or None,
        host=env.get("HOST") or "127.0.0.1",
        port=_port(env.get("PORT") or "8000"),
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise SettingError(
            f"PORT is {text!r}: it must be a whole number from 0 to 65535"
        )
    return int(text)
