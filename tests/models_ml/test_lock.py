import subprocess
import sys
from pathlib import Path

import pytest

from models_ml.lock import exclusive
from models_ml.settings import environment

HOLD = """
import sys
from pathlib import Path
from models_ml.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_who_waits_is_told_for_whom(tmp_path: Path) -> None:
    path = tmp_path / "home" / "models.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        told: list[str] = []
        release = holder.stdin.close

        def say(text: str) -> None:
            told.append(text)
            release()  # the holder ends, and the lock with it

        with exclusive(path, say):
            pass
    (text,) = told
    assert f"waiting for process {holder.pid} (" in text
    assert sys.executable in text
    assert str(path) in text


def test_who_need_not_wait_is_told_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        with exclusive(tmp_path / "a.lock", told.append):
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
    assert f"waiting for process {holder.pid} (" in waiting
    assert second.returncode != 0, "there is nothing to train on, or publish"
