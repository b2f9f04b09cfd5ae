"""What `train` leaves in `$PLATEIA_HOME/trained`, and whether it is valid."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models_ml.atomic import write_text
from models_ml.experiments.runs import LIBRARIES
from models_ml.release.manifest import TRAINING_RECORD
from models_ml.settings import PROJECT, Settings
from models_ml.training.imports import imported_modules


def is_trained(settings: Settings) -> bool:
    """Whether the trained models are of this warehouse and this code."""
    try:
        record = json.loads(
            (settings.trained / TRAINING_RECORD).read_text("utf-8")
        )
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return bool(record.get("inputs") == inputs_digest(settings))


def write_record(settings: Settings, record: Mapping[str, Any]) -> None:
    """Write `training.json`: the folder is now whole."""
    text = json.dumps(dict(record), indent=1, sort_keys=True, allow_nan=False)
    write_text(settings.trained / TRAINING_RECORD, text + "\n")


def inputs_digest(settings: Settings) -> str:
    """SHA-256 over the warehouse's record, the code and the libraries.

    A warehouse from dbt's own command has no record: what is trained on it
    is valid for `publish`, and trained anew by the next `build`.
    """
    digest = hashlib.sha256(f"{settings.parquet_tables}\n".encode())
    for library in LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    record = settings.warehouse.with_suffix(".json")
    for path in (*([record] if record.exists() else []), *_code()):
        digest.update(f"{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code() -> list[Path]:
    """Every module of `models_ml` that `train` imports, at any depth."""
    return imported_modules(PROJECT / "models_ml" / "training" / "train.py")
