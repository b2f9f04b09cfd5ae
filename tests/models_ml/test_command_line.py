"""What goes wrong is told in one sentence, whichever command it meets."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models_ml import __main__ as command_line
from models_ml import pipeline

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
            "plateia: No space left on device\n",
        ),
        (
            OSError(errno.EROFS, os.strerror(errno.EROFS), "/var/x"),
            "plateia: /var/x: Read-only file system\n",
        ),
        (OSError("from elsewhere"), "plateia: from elsewhere\n"),
    ],
    ids=["full", "read-only", "without a number"],
)
def test_a_disk_that_fails_is_told_in_a_sentence(
    error: OSError,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "refresh", fail)
    assert command_line.main(["refresh"]) == 1
    assert capsys.readouterr().err == told


SECRET = "a secret that is long enough"


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("publish", {"PLATEIA_SIGNING_KEY": "short"}),
        ("publish", {"PLATEIA_VERIFY_KEYS": SECRET}),
        ("publish", {"PLATEIA_STORE": "s3://"}),
        ("rollback 00000000000000000000", {}),
        ("rollback nothing", {}),
        ("refresh", {}),
        ("prune", {}),
        ("releases", {"PLATEIA_STORE": "ftp://host"}),
        ("refresh", {"PLATEIA_EXPIRY_DAYS": "0"}),
        ("public-key", {"PLATEIA_HOME": "/dev/null/home"}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_command_that_cannot_ends_with_one_line(
    command: str, settings: dict[str, str], tmp_path: Path
):
    environment = {"PATH": os.environ["PATH"], "PLATEIA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "models_ml", *command.split()],
        cwd=PROJECT,
        env=environment | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("plateia: ")
    assert done.stderr.count("\n") == 1
    assert SECRET not in done.stderr
