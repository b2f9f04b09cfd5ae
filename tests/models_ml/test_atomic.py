import os
from pathlib import Path

import pytest

from models_ml.atomic import replacing, write_text


def test_a_file_appears_when_the_block_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a[1].txt"
    with replacing(path) as part:
        part.write_text("half")
        assert not path.exists()
    assert path.read_text() == "half"
    assert list(path.parent.iterdir()) == [path]


def test_after_an_error_the_last_file_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "last")

    def fail() -> None:
        with replacing(path) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "last"
    assert list(tmp_path.iterdir()) == [path]


def test_parts_of_killed_processes_go_and_those_of_running_ones_stay(
    tmp_path: Path,
) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    of_killed = tmp_path / f".a.txt.{pid}.part"
    of_running = tmp_path / f".a.txt.{os.getppid()}.part"
    of_other_file = tmp_path / f".b.txt.{pid}.part"
    for part in (of_killed, of_running, of_other_file):
        part.touch()
    write_text(tmp_path / "a.txt", "x")
    assert not of_killed.exists()
    assert of_running.exists()
    assert of_other_file.exists()
