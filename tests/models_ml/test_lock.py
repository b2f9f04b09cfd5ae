import logging
import subprocess
import sys
from pathlib import Path

import pytest

from models_ml.lock import exclusive
from models_ml.log import LOGGER
from models_ml.settings import environment
from tests.models_ml.logged import logged

HOLD = """
import sys
from pathlib import Path
from models_ml.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_whom_it_waits_for_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "home" / "models.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        release = holder.stdin.close

        def let_go(record: logging.LogRecord) -> bool:
            del record
            release()  # the holder ends, and the lock with it
            return True

        monkeypatch.setattr(LOGGER, "filters", [let_go])
        with logged() as told, exclusive(path):
            pass
    (text,) = told
    assert f"waiting for process {holder.pid} (" in text
    assert sys.executable in text
    assert str(path) in text


def test_nothing_is_logged_without_a_wait(tmp_path: Path) -> None:
    with logged() as told:
        for _ in range(2):
            with exclusive(tmp_path / "a.lock"):
                pass
    assert told == []


@pytest.mark.parametrize("command", ["train", "evaluate", "publish"])
def test_commands_that_write_models_wait_for_each_other(
    tmp_path: Path, command: str
) -> None:
    path = tmp_path / "models.lock"
    waiting = ""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        holder.stdout.readline()
        with subprocess.Popen(
            [sys.executable, "-m", "models_ml", command],
            stderr=subprocess.PIPE,
            env=environment(PLATEIA_HOME=str(tmp_path)),
            text=True,
        ) as second:
            assert second.stderr
            waiting = second.stderr.readline()
            holder.stdin.close()
            second.communicate()
    assert waiting.startswith(f"plateia: waiting for process {holder.pid} (")
    assert second.returncode != 0, "there is nothing to train on, or publish"
