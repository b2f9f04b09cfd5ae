"""dbt in a process of its own, which `run_dbt` starts.

The project is parsed first, apart from the build: parsing names the profile's
target `parse`, which tells neither where the data lie nor where the warehouse
goes. What dbt remembers of it thus holds for every home, and setting up can
leave it at `PARSED`, so that a first build finds the project parsed.
"""

import gc
import sys
from pathlib import Path
from typing import Final

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from models_ml.lock import end_with_parent
from models_ml.settings import PROJECT

_MEMORY: Final = "partial_parse.msgpack"
#: What dbt remembers of the project since it was set up (see the Makefile).
PARSED: Final = PROJECT / "target" / "parse" / _MEMORY


def main(folder: str, *arguments: str) -> int:
    """Parse the project and `dbt build` with `arguments`; the exit status.

    `folder` is dbt's own: its log, its results and what it remembers.
    """
    where = [
        f"--project-dir={PROJECT}",
        f"--profiles-dir={PROJECT}",
        f"--target-path={folder}",
        f"--log-path={folder}",
    ]
    remembered = []
    if PARSED.exists() and not (Path(folder) / _MEMORY).exists():
        remembered = [f"--partial-parse-file-path={PARSED}"]
    # What was parsed is written as JSON by the build alone.
    quick = ["--quiet", "--no-write-json", "--target=parse"]
    parsed = dbtRunner().invoke(["parse", *quick, *remembered, *where])
    if not isinstance(parsed.result, Manifest):
        return 1
    builder = dbtRunner(manifest=parsed.result)
    return 0 if builder.invoke(["build", *arguments, *where]).success else 1


if __name__ == "__main__":
    gc.disable()  # dbt leaves few cycles: looking takes a tenth of its time
    end_with_parent()
    sys.exit(main(*sys.argv[1:]))
