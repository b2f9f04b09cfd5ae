"""No secret in what anyone reads: logs, answers, metrics, releases."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.runtime import releases
from models_ml.release.keys import SigningKey
from models_ml.settings import PROJECT, load_settings
from tests.api.conftest import publish_tiny

TEXT = "a text key that nobody may see"
AWS_SECRET = "an+aws/secret+that+nobody+may+see+at+all"


def secrets() -> list[str]:
    """The secrets, and the forms in which they could slip out."""
    key = SigningKey.from_text(TEXT)
    seed = key._private.private_bytes_raw()
    pem = key.to_pem().splitlines()[1]
    return [TEXT, AWS_SECRET, seed.hex(), str(seed), pem]


def test_a_service_in_trouble_tells_no_secret(
    tmp_path: Path,
    trained: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", AWS_SECRET)
    settings = load_settings(
        {
            "PLATEIA_HOME": str(tmp_path),
            "PLATEIA_SIGNING_KEY": TEXT,
            "PLATEIA_LOG_LEVEL": "DEBUG",
            "PLATEIA_POLL_SECONDS": "0.05",
        }
    )
    publish_tiny(settings, trained)

    def fail(*arguments: object) -> None:
        raise RuntimeError("with a traceback through all that holds a key")

    told = []
    with TestClient(create_app(settings)) as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.01)
        paths = ("/readyz", "/metrics", "/about", "/", "/nothing")
        told += [client.get(path).text for path in paths]
        monkeypatch.setattr(releases, "current_pointer", fail)
        while not client.get("/readyz").json()["refused"]:
            time.sleep(0.01)
        told += [client.get("/readyz").text]
    told += [
        path.read_bytes().decode("latin-1")
        for folder in (Path(settings.store), settings.cache)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    out, err = capfd.readouterr()
    assert "traceback through all" in err
    for secret in secrets():
        assert all(secret not in text for text in (*told, out, err))


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        ("publish", {}),
        ("releases", {"PLATEIA_STORE": "s3://bucket/prefix"}),
        ("releases", {"PLATEIA_VERIFY_KEYS": TEXT}),
        ("public-key", {}),
        ("public-key", {"PLATEIA_SIGNING_KEY": f"-----BEGIN {TEXT}"}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_command_tells_no_secret(
    command: str, changes: dict[str, str], tmp_path: Path
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PLATEIA_HOME": str(tmp_path),
        "PLATEIA_SIGNING_KEY": TEXT,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": AWS_SECRET,
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "models_ml", command],
        cwd=PROJECT,
        env=environment | changes,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout + done.stderr
    for secret in secrets():
        assert secret not in done.stdout + done.stderr
