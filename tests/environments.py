"""Environments of their own, for what the project's own must not hold."""

import fcntl
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
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        # Tests run on several workers, and one of them makes it.
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (environment / "complete").exists():
            _make(environment, lock)
    return python


def _make(environment: Path, lock: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "venv", "--clear", environment], check=True
    )
    python = environment / "bin" / "python"
    install = ["-m", "pip", "install", "--quiet", "--require-hashes"]
    subprocess.run(
        [python, *install, "--requirement", lock],
        check=True,
    )
    (environment / "complete").touch()
