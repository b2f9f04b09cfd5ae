"""The warehouse is built by dbt in a file beside, which takes its place.

Only dbt writes `warehouse.duckdb`; all that reads it opens it read-only and
closes it, since an open connection would keep dbt from building.
"""

import hashlib
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import duckdb

from models_ml.errors import PlateiaError
from models_ml.lock import exclusive
from models_ml.settings import PROJECT, Settings
from models_ml.source.disk import require_free
from models_ml.source.formats import DataUnavailable
from models_ml.source.record import RECORD, digest_of, read_source
from models_ml.warehouse.dbt import run_dbt


class BuildFailed(PlateiaError):  # noqa: N818 - the interface's name
    """dbt did not finish; the last good warehouse stands as it was."""

    def __init__(self, failed: dict[str, str]) -> None:
        """`failed`: what dbt says of each model or test that failed."""
        nodes = "; ".join(f"{node} ({said})" for node, said in failed.items())
        super().__init__(
            "dbt build failed, and the last warehouse was left as it is: "
            f"{nodes or 'it did not start, see what it printed'}"
        )
        self.failed = failed


def build(settings: Settings, *, force: bool = False) -> bool:
    """Build `settings.warehouse` with dbt; whether it had to be built.

    dbt builds and tests a file beside it, which takes its place once every
    model and test has passed. Nothing is done while the data, the dbt project
    and the versions are those of the last build, unless `force`. Raises
    DataUnavailable where nothing was fetched, DiskTooSmall and BuildFailed.
    """
    if read_source(settings) is None:
        raise DataUnavailable(f"{settings.data} holds no {RECORD}")
    with (
        exclusive(settings.home / "warehouse.lock") as lock,
        exclusive(settings.home / "fetch.lock"),
    ):
        inputs = _inputs_digest(settings)
        if not force and _is_valid(settings, inputs):
            return False
        building = settings.warehouse.with_suffix(".building.duckdb")
        _remove(building)
        # dbt fills the terminal with tracebacks once it cannot log.
        require_free(settings.home)
        _run_dbt(settings, building, lock)
        _move(building, settings.warehouse)
        state = {"inputs": inputs, **_state_of(settings.warehouse)}
        _record(settings).write_text(json.dumps(state, indent=2) + "\n")
        return True


def _record(settings: Settings) -> Path:
    return settings.warehouse.with_suffix(".json")


def _is_valid(settings: Settings, inputs: str) -> bool:
    """Whether the file is the one that was built.

    dbt can be run on it by hand, and leaves it half-built where that fails.
    Where it was killed, what it had written lies in a log beside the file.
    """
    if _log(settings.warehouse).exists():
        return False
    try:
        recorded = json.loads(_record(settings).read_text())
        return bool(
            recorded == {"inputs": inputs, **_state_of(settings.warehouse)}
        )
    except (FileNotFoundError, ValueError):
        return False


def _state_of(warehouse: Path) -> dict[str, int]:
    status = warehouse.stat()
    return {"size": status.st_size, "changed": status.st_mtime_ns}


def _inputs_digest(settings: Settings) -> str:
    """SHA-256 of all that decides what the warehouse holds."""
    digest = hashlib.sha256(f"{settings.age_edges}\n".encode())
    for package in ("dbt-core", "dbt-duckdb", "duckdb"):
        digest.update(f"{package}=={version(package)}\n".encode())
    project = [PROJECT / "dbt_project.yml", PROJECT / "profiles.yml"]
    project += sorted((PROJECT / "dbt_project").rglob("*"))
    for path in [*project, *sorted(settings.data.rglob("*"))]:
        if path.is_file():
            digest.update(f"{path.name}={digest_of(path)}\n".encode())
    return digest.hexdigest()


def _run_dbt(settings: Settings, building: Path, lock: int) -> None:
    """Build all models and run their tests.

    dbt inherits the lock, so that nothing else writes `building` while it
    lives, should it outlive this process.
    """
    failed = run_dbt(settings, building, pass_fds=(lock,))
    if failed is not None:
        raise BuildFailed(failed)


def _move(building: Path, warehouse: Path) -> None:
    """A log beside either file would be replayed into the wrong one."""
    if _log(building).exists():
        with duckdb.connect(building) as connection:
            connection.execute("checkpoint")
    _log(warehouse).unlink(missing_ok=True)
    building.replace(warehouse)


def _remove(building: Path) -> None:
    """Also what a query had spilled when it was killed."""
    spilled = building.with_name(f"{building.name}.tmp")
    shutil.rmtree(spilled, ignore_errors=True)
    building.unlink(missing_ok=True)
    _log(building).unlink(missing_ok=True)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
