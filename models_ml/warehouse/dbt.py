"""dbt, run as a process of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from models_ml.settings import PROJECT, Settings, environment

_STDERR: Final = 2  # dbt's lines are progress, not a result

#: dbt, which ends with the process that started it. It leaves few cycles
#: behind, and looking for them takes a tenth of its time.
_DBT: Final = """
import gc
from models_ml.lock import end_with_parent
gc.disable()
end_with_parent()
from dbt.cli.main import cli
cli()
"""


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
    own: its connection to the file ends with it.

    Its parsed project is kept below `home`: dbt parses anew whenever the path
    of the warehouse changes, as it does between this and a plain `dbt build`.
    """
    target = settings.home / "dbt"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    completed = subprocess.run(
        [
            sys.executable,
            "-c",
            _DBT,
            "build",
            # They test the models, not the data: `make test` runs them.
            "--exclude-resource-type=unit_test",
            *arguments,
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={target}",
            f"--log-path={target}",
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
        node["unique_id"].split(".")[2]: " ".join(
            (node["message"] or node["status"]).split()
        )
        for node in nodes
        if node["status"] in ("error", "fail", "runtime error")
    }
