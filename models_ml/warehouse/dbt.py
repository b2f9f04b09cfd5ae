"""dbt, run as a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from models_ml.settings import PROJECT, Settings, environment

_STDERR: Final = 2  # dbt's lines are progress, not a result
#: What stands before a sentence that a test of ours stops with.
_OF_A_TEST: Final = re.compile(
    r"^Runtime Error in test \S+ \(\S+\) Invalid Input Error: "
)


def run_dbt(
    settings: Settings,
    warehouse: Path,
    *arguments: str,
    pass_fds: Sequence[int] = (),
    quiet: bool = False,
) -> dict[str, str] | None:
    """Run `dbt build` into `warehouse`, from the data of `settings`.

    Returns None where all went well, else what dbt says of each model or test
    that failed; nothing of any where it did not start. It is a process of its
    own: its connection to the file ends with it, and it ends with this one.
    """
    target = settings.home / "dbt"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    completed = subprocess.run(
        [
            sys.executable,
            "-m",
            "models_ml.warehouse.dbt_process",
            str(target),
            # They test the models, not the data: `make test` runs them.
            "--exclude-resource-type=unit_test",
            *arguments,
            "--use-colors" if sys.stderr.isatty() else "--no-use-colors",
        ],
        cwd=PROJECT,
        env=environment(
            PLATEIA_HOME=str(settings.home),
            PLATEIA_WAREHOUSE=str(warehouse),
            PLATEIA_AGE_EDGES=",".join(map(str, settings.age_edges)),
        ),
        stdout=subprocess.DEVNULL if quiet else _STDERR,
        pass_fds=pass_fds,
        check=False,
    )
    return _failed_nodes(results) if completed.returncode else None


def _failed_nodes(results: Path) -> dict[str, str]:
    try:
        nodes = json.loads(results.read_text())["results"]
    except (FileNotFoundError, ValueError, KeyError):
        return {}
    return {
        node["unique_id"].split(".")[2]: _OF_A_TEST.sub(
            "", " ".join((node["message"] or node["status"]).split())
        )
        for node in nodes
        if node["status"] in ("error", "fail", "runtime error")
    }
