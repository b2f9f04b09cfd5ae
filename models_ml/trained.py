"""What `train` leaves in `$PLATEIA_HOME/trained`, and whether it is valid."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from models_ml.settings import PROJECT, Settings

RECORD: Final = "training.json"

#: Versions that decide the numbers, for runs, releases and validity.
LIBRARIES: Final = (
    "duckdb",
    "lightgbm",
    "numpy",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "scipy",
)
#: The code that decides what is trained.
_CODE: Final = (
    "dataset.py",
    "evaluation",
    "film",
    "person",
    "training.py",
    "vocabulary.py",
    "warehouse.py",
)


def is_trained(settings: Settings) -> bool:
    """Whether the trained models are of this warehouse and this code."""
    try:
        record = json.loads((settings.trained / RECORD).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return bool(record.get("inputs") == inputs_digest(settings))


def write_record(settings: Settings, record: Mapping[str, Any]) -> None:
    """Write `training.json`: the folder is now whole."""
    text = json.dumps(dict(record), indent=1, sort_keys=True)
    part = settings.trained / f".{RECORD}.part"
    part.write_text(text + "\n", "utf-8")
    part.replace(settings.trained / RECORD)


def inputs_digest(settings: Settings) -> str:
    """SHA-256 over the warehouse's record, the code and the libraries.

    A warehouse from dbt's own command has no record: what is trained on it
    is valid for `publish`, and trained anew by the next `build`.
    """
    digest = hashlib.sha256()
    for library in LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    record = settings.warehouse.with_suffix(".json")
    for path in (*([record] if record.exists() else []), *_code()):
        digest.update(f"{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code() -> list[Path]:
    package = PROJECT / "models_ml"
    found: list[Path] = []
    for name in _CODE:
        path = package / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return found
