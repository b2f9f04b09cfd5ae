"""A short form of `make chaos`, and that its experiments can fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models_ml.settings import PROJECT
from tools.chaos.tally import Tally, write_table

PAGE = "<!-- chaos: written by `make chaos` -->\n<!-- chaos: end -->\n"


def chaos(
    tmp_path: Path, sample_home: Path, *arguments: str, code: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run experiments on the build that the tests share."""
    (tmp_path / "chaos").symlink_to(sample_home)
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    start = f"{code}\nimport sys\nfrom tools.chaos.__main__ import main\n"
    return subprocess.run(
        [
            *(sys.executable, "-c", f"{start}sys.exit(main())"),
            *arguments,
            *("--output", str(page)),
        ],
        cwd=PROJECT,
        env=os.environ | {"PLATEIA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "tries"),
    [
        ("fetch", 2),
        ("warehouse", 4),
        ("dbt", 1),
        ("train", 1),
        ("publish", 4),
        ("cache", 4),
        ("store", 2),
        ("races", 1),
        ("bits", 40),
        ("attacks", 1),
    ],
)
def test_the_experiment_holds(
    name: str, tries: int, tmp_path: Path, sample_home: Path
) -> None:
    done = chaos(tmp_path, sample_home, name, "--tries", str(tries))
    assert done.returncode == 0, done.stdout + done.stderr
    row = (tmp_path / "page.md").read_text().splitlines()[-3]
    assert f"`python -m tools.chaos {name} --tries" in row
    assert f"{name}: " in done.stdout


REMOVES_THE_OLD_RELEASE = """
from tools.chaos import kills
publish = kills.publish
def removing(trained, store, key):
    for path in store.folder.glob("releases/*/model.pkl"):
        path.unlink()
    return publish(trained, store, key)
kills.publish = removing
"""


REMOVES_THE_OLD_WAREHOUSE = """
from models_ml.warehouse import build
move = build._move
def removing(building, warehouse):
    warehouse.unlink()
    move(building, warehouse)
build._move = removing
"""


@pytest.mark.parametrize(
    ("experiment", "code", "told"),
    [
        ("warehouse 20", REMOVES_THE_OLD_WAREHOUSE, "warehouse/build.py"),
        ("publish 2", REMOVES_THE_OLD_RELEASE, "publish: 0 of 2 held"),
    ],
)
def test_a_step_that_removes_the_old_state_first_is_found(
    experiment: str, code: str, told: str, tmp_path: Path, sample_home: Path
) -> None:
    name, tries = experiment.split()
    done = chaos(tmp_path, sample_home, name, "--tries", tries, code=code)
    assert done.returncode == 1, done.stdout + done.stderr
    assert told in done.stdout


def test_rows_that_were_not_run_stay(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n" + PAGE + "after\n")
    write_table(page, [Tally("bits", "flips", 10), Tally("fetch", "kills", 5)])
    write_table(page, [Tally("bits", "flips", 2000, ("one",))])
    lines = page.read_text().splitlines()
    assert lines[0] == "before"
    assert lines[-1] == "after"
    rows = [line for line in lines if "tools.chaos" in line]
    assert rows[0].startswith("| flips | 2,000 | 1,999 |")
    assert rows[1].startswith("| kills | 5 | 5 |")


def test_a_page_without_markers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("nothing")
    with pytest.raises(ValueError, match="has no line"):
        write_table(tmp_path / "page.md", [])
