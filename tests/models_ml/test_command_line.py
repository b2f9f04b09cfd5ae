"""What goes wrong is told in one sentence, whichever command it meets."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
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
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "refresh", fail)
    assert command_line.main(["refresh"]) == 1
    assert capsys.readouterr().err == told


def test_a_database_that_cannot_be_written_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> None:
        raise duckdb.IOException("IO Error: No space left\nand more")

    monkeypatch.setattr(pipeline, "refresh", fail)
    assert command_line.main(["refresh"]) == 1
    assert capsys.readouterr().err == "plateia: IO Error: No space left\n"


def test_a_fault_of_ours_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object) -> None:
        raise duckdb.BinderException("no such column")

    monkeypatch.setattr(pipeline, "refresh", fail)
    with pytest.raises(duckdb.BinderException):
        command_line.main(["refresh"])


def test_a_disk_too_small_for_a_build_is_told_before_dbt_starts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PLATEIA_HOME", str(tmp_path))
    monkeypatch.setenv("MOVIELENS_SOURCE", "sample:10000")
    assert command_line.main(["fetch"]) == 0
    capsys.readouterr()
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert command_line.main(["warehouse"]) == 1
    assert capsys.readouterr().err == (
        "plateia: fewer than 268,435,456 bytes are free\n"
    )


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
) -> None:
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
