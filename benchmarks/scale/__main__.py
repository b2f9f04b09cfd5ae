"""What grows with the data, and how: `make bench-scale`.

For each number of ratings MovieLens-shaped files are generated, then landed,
built, trained on and released from nothing, each step in a process of its own,
in a folder that is removed afterwards. The warehouse is built once more in
little memory, so that it spills, and the SQL of the models is measured apart
(`dbt run`, a model at a time) beside by_hand.sql, which does the same joins
and counts. The page is written after each size: what was measured, and beside
it what is wanted.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.command import measure_command
from benchmarks.scale.measured import (
    BY_HAND,
    SQL,
    TRAIN,
    WAREHOUSE,
    Measured,
    measured_table,
)
from benchmarks.scale.wanted import wanted_table
from models_ml.report.markdown import replace_block
from models_ml.settings import PROJECT
from models_ml.source.generated import generated_files

PAGE: Final = PROJECT / "docs/scaling.md"
SIZES: Final = (1_000_000, 10_000_000, 50_000_000, 100_000_000)
LITTLE_MEMORY: Final = "2GB"
LAYERS: Final = ("staging", "intermediate", "marts", "features")
_MODELS_ML: Final = ("-m", "models_ml")
_DBT: Final = ("-c", "from dbt.cli.main import cli; cli()")


def main() -> None:
    """Measure every size and write the tables into docs/scaling.md."""
    options = _options()
    measured: dict[int, list[Measured]] = {}
    for n_ratings in options.ratings:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            measured[n_ratings] = _measure_size(Path(folder), n_ratings)
        for block, text in (
            ("scale", measured_table(measured)),
            ("scale wanted", wanted_table(measured)),
        ):
            print(text)
            replace_block(PAGE, block, text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.scale", description=__doc__
    )
    parser.add_argument("--ratings", type=int, nargs="+", default=SIZES)
    parser.add_argument(
        "--folder", type=Path, help="for the files; 100 M ratings take 20 GB"
    )
    return parser.parse_args()


def _measure_size(folder: Path, n_ratings: int) -> list[Measured]:
    source, home = folder / "source", folder / "home"
    write_source(source, n_ratings)
    environment = {"MOVIELENS_SOURCE": str(source), "PLATEIA_HOME": str(home)}
    by_hand = ("-m", "benchmarks.scale.by_hand", source, folder / "by-hand")
    return [
        _measure("fetch", environment, *_MODELS_ML, "fetch"),
        _measure(WAREHOUSE, environment, *_MODELS_ML, "warehouse"),
        _measure_little_memory(home, environment),
        *_measure_layers(folder, environment),
        _measure(BY_HAND, environment, *by_hand),
        _measure(TRAIN, environment, *_MODELS_ML, "train"),
        _measure("publish", environment, *_MODELS_ML, "publish"),
    ]


def write_source(folder: Path, n_ratings: int) -> None:
    """The files of `sample:RATINGS`, as MovieLens would ship them."""
    folder.mkdir()
    for file in generated_files(f"sample:{n_ratings}"):
        with (folder / file.name).open("wb") as out:
            out.writelines(file.chunks())


def _measure(
    step: str, environment: dict[str, str], *command: str | Path
) -> Measured:
    usage = measure_command(command, environment)
    return Measured(step, usage.seconds, usage.cpu_seconds, usage.peak_mib)


def _measure_little_memory(
    home: Path, environment: dict[str, str]
) -> Measured:
    """The whole command once more, with a memory limit that makes it spill."""
    (home / "warehouse.json").unlink()  # what is on record is not built anew
    return _measure(
        f"warehouse, memory_limit {LITTLE_MEMORY}",
        environment | {"PLATEIA_MEMORY": LITTLE_MEMORY},
        *(*_MODELS_ML, "warehouse"),
    )


def _measure_layers(
    folder: Path, environment: dict[str, str]
) -> list[Measured]:
    """Seconds of each layer's models, and of all; memory of the process."""
    target = folder / "layers"
    warehouse = {"PLATEIA_WAREHOUSE": str(folder / "layers.duckdb")}
    whole = _measure(
        "SQL",
        environment | warehouse,
        *(*_DBT, "run", "--threads=1", f"--target-path={target}"),
        f"--log-path={target}",
    )
    results = json.loads((target / "run_results.json").read_text("utf-8"))
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    seconds = dict.fromkeys(LAYERS, 0.0)
    for result in results["results"]:
        node = manifest["nodes"][result["unique_id"]]
        if node["resource_type"] == "model":
            seconds[node["schema"]] += result["execution_time"]
    Path(warehouse["PLATEIA_WAREHOUSE"]).unlink()
    return [
        *(Measured(f"SQL of {layer}", seconds[layer]) for layer in LAYERS),
        Measured(SQL, sum(seconds.values()), None, whole.peak_mib),
    ]


if __name__ == "__main__":
    main()
