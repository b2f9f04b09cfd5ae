"""Stamps: which content a build step was made from, so as not to redo it."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def digest_of_files(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents, in order of the names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.name} {content}\n".encode())
    return digest.hexdigest()


def read_stamp(path: Path) -> dict[str, Any]:
    """What the step left; empty when it never ended well."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}
