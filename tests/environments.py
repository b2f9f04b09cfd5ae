"""Environments of their own, for what the project's own must not hold."""

import hashlib
import subprocess
import sys
from pathlib import Path


def locked_python(lock: Path, folder: Path) -> Path:
    """The interpreter of an environment with what `lock` names, made once.

    The lock file names versions and hashes; `folder` keeps the environment
    for later runs.
    """
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    environment = folder / f"environment-{digest}"
    python = environment / "bin" / "python"
    if not (environment / "complete").exists():
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", environment], check=True
        )
        command = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run(
            [*command, "--require-hashes", "--requirement", lock], check=True
        )
        (environment / "complete").touch()
    return python
