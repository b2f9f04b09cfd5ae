"""Settings: the only place that reads environment variables."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final

from models_ml.errors import PlateiaError

PROJECT: Final = Path(__file__).resolve().parent.parent
MOVIELENS_URL: Final = (
    "https://files.grouplens.org/datasets/movielens/ml-1m.zip"
)
#: Of the archive at MOVIELENS_URL; other sources have no published digest.
MOVIELENS_MD5: Final = "c4d9eecfca2ab87c1945afe126590906"
#: Ages in years at which MovieLens 1M's groups begin, beside the first.
MOVIELENS_AGE_EDGES: Final = (18, 25, 35, 45, 50, 56)
SAMPLE: Final = "sample"


class SettingError(PlateiaError, ValueError):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """What can be set from outside; see docs/commands.md."""

    movielens_source: str
    """URL, zip, folder, or `sample` or `sample:RATINGS` for made-up data."""
    home: Path
    """Data, warehouse, caches and the local store."""
    store: str
    """`s3://bucket/prefix`, or a folder."""
    signing_key: str | None = field(repr=False)
    """Signs releases; None: kept in a file below `home`."""
    host: str
    port: int
    verify_keys: tuple[str, ...] = ()
    """Public keys that verify releases; empty: that of `signing_key`."""
    expiry_days: int = 365
    """For which a pointer to a release is valid, from when it was signed."""
    workers: int = 1
    """Processes of the API."""
    parquet_tables: str | None = None
    """Tables that another engine built: a folder, or `s3://bucket/prefix`."""
    age_edges: tuple[int, ...] = MOVIELENS_AGE_EDGES
    """Ages in years at which a group begins, beside the first; of data that
    tell years of age. The default is MovieLens 1M's."""
    poll_seconds: float = 5.0
    """Between polls of the store's pointer for a new release."""
    look_seconds: float = 60.0
    """For one poll of the store, with the fetching of what is new."""
    scoring_threads: int = 1
    """Threads of a worker that score."""
    queue: int = 16
    """Questions of a worker that may wait; more are refused with 503."""
    cache_mib: int = 64
    """Size of a worker's response cache."""
    max_body_bytes: int = 65536
    """Of a request; larger ones are refused with 413."""
    header_seconds: int = 15
    """From a connection's start, or its last answer, to the next headers."""
    body_seconds: int = 20
    """That a request's body may take."""
    write_seconds: int = 30
    """That a client may leave what was sent to it unread."""
    connections: int = 512
    """Connections of a worker; more wait until one is closed."""
    rate_limit: int = 0
    """Requests a minute from one address to one worker; 0: no limit."""
    cors_origins: tuple[str, ...] = ()
    """Web origins whose pages may call the API; none by default."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Proxies whose `X-Forwarded-*` tell who asks for what address; none by
    default."""
    has_metrics: bool = True
    """Whether `/metrics` is answered."""
    has_schema: bool = True
    """Whether `/schema` is answered."""
    has_traces: bool = False
    """Whether requests are traced by OpenTelemetry, an extra."""
    log_level: str = "INFO"

    @property
    def data(self) -> Path:
        """Where the lines of MovieLens' files lie once fetched."""
        return self.home / "data"

    @property
    def warehouse(self) -> Path:
        """The last warehouse that was built and passed its tests."""
        return self.home / "warehouse.duckdb"

    @property
    def tables(self) -> Path | str:
        """What training reads: the warehouse, or `parquet_tables`."""
        return self.parquet_tables or self.warehouse

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

    Raises SettingError for a value that cannot be used.
    """
    env = os.environ if environ is None else environ
    home = _home(env.get("PLATEIA_HOME") or str(PROJECT / "var"))
    return Settings(
        movielens_source=env.get("MOVIELENS_SOURCE") or MOVIELENS_URL,
        home=home,
        store=env.get("PLATEIA_STORE") or str(home / "store"),
        parquet_tables=env.get("PLATEIA_TABLES") or None,
        age_edges=_ages(env.get("PLATEIA_AGE_EDGES")),
        signing_key=env.get("PLATEIA_SIGNING_KEY") or None,
        verify_keys=_listed(env.get("PLATEIA_VERIFY_KEYS") or ""),
        expiry_days=_whole(env, "PLATEIA_EXPIRY_DAYS", 365, 1, 36500),
        host=env.get("HOST") or "127.0.0.1",
        port=_whole(env, "PORT", 8000, 0, 65535),
        workers=_whole(env, "PLATEIA_WORKERS", n_cpus(), 1, 256),
        scoring_threads=_whole(env, "PLATEIA_SCORING_THREADS", 1, 1, 256),
        poll_seconds=_seconds(env, "PLATEIA_POLL_SECONDS", 5.0),
        look_seconds=_seconds(env, "PLATEIA_LOOK_SECONDS", 60.0),
        queue=_whole(env, "PLATEIA_QUEUE", 16, 0, 100_000),
        cache_mib=_whole(env, "PLATEIA_CACHE_MIB", 64, 0, 100_000),
        max_body_bytes=_whole(
            env, "PLATEIA_MAX_BODY_BYTES", 65536, 1024, 1 << 30
        ),
        header_seconds=_whole(env, "PLATEIA_HEADER_SECONDS", 15, 1, 3600),
        body_seconds=_whole(env, "PLATEIA_BODY_SECONDS", 20, 1, 3600),
        write_seconds=_whole(env, "PLATEIA_WRITE_SECONDS", 30, 1, 3600),
        connections=_whole(env, "PLATEIA_CONNECTIONS", 512, 1, 100_000),
        rate_limit=_whole(env, "PLATEIA_RATE_LIMIT", 0, 0, 10**9),
        cors_origins=_origins(env.get("PLATEIA_CORS_ORIGINS") or ""),
        proxies=_networks(env.get("PLATEIA_PROXIES") or ""),
        has_metrics=_switch(env, "PLATEIA_METRICS", "on"),
        has_schema=_switch(env, "PLATEIA_SCHEMA", "on"),
        has_traces=_switch(env, "PLATEIA_TRACES", "off"),
        log_level=_log_level(env.get("PLATEIA_LOG_LEVEL") or "INFO"),
    )


def environment(**changes: str) -> dict[str, str]:
    """The process's environment with `changes`, for a child process."""
    return {**os.environ, **changes}


def n_cpus() -> int:
    """CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _home(text: str) -> Path:
    home = Path(text).absolute()
    if "," in str(home):
        raise SettingError(
            f"PLATEIA_HOME is {text!r}: it must be a folder whose path has no"
            " comma, which would end it in the list of folders that DuckDB"
            " reads from"
        )
    return home


def _whole(
    env: Mapping[str, str], name: str, default: int, least: int, most: int
) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()) or not (
        least <= int(text) <= most
    ):
        raise SettingError(
            f"{name} is {text!r}: it must be a whole number from {least} to"
            f" {most}"
        )
    return int(text)


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 86_400:
        raise SettingError(
            f"{name} is {text!r}: it must be a number of seconds from 0.05 to"
            " 86400"
        )
    return seconds


def _ages(text: str | None) -> tuple[int, ...]:
    if not text:
        return MOVIELENS_AGE_EDGES
    parts = text.split(",")
    ages = [int(part) for part in parts if re.fullmatch(r"[0-9]{1,3}", part)]
    if len(ages) < len(parts) or ages != sorted(set(ages)) or ages[0] < 1:
        raise SettingError(
            f"PLATEIA_AGE_EDGES is {text!r}: it must be ages in ascending"
            " order, such as 18,30,60"
        )
    return tuple(ages)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _origins(text: str) -> tuple[str, ...]:
    origins = _listed(text)
    for origin in origins:
        if not origin.startswith(("http://", "https://")):
            raise SettingError(
                f"PLATEIA_CORS_ORIGINS holds {origin!r}: it must be a comma"
                "-separated list of origins such as https://example.org"
            )
    return origins


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tuple(ip_network(part) for part in parts)
    except ValueError as error:
        raise SettingError(
            f"PLATEIA_PROXIES is {text!r}: {error}; it must be a comma"
            "-separated list of addresses or networks such as 10.0.0.0/8"
        ) from error


def _switch(env: Mapping[str, str], name: str, default: str) -> bool:
    text = env.get(name) or default
    if text not in ("on", "off"):
        raise SettingError(f"{name} is {text!r}: it must be on or off")
    return text == "on"


def _log_level(text: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if text.upper() not in levels:
        raise SettingError(
            f"PLATEIA_LOG_LEVEL is {text!r}: it must be one of"
            f" {', '.join(levels)}"
        )
    return text.upper()
