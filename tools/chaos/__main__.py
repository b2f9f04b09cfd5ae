"""`python -m tools.chaos`: what is done on purpose, and what held."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from models_ml.settings import PROJECT, load_settings
from tools.chaos import (
    faults,
    fuzz,
    kills,
    reader,
    releases,
    requests,
    soak,
)
from tools.chaos.tally import Tally, write_table

#: Name: the experiment, and how often it is repeated unless told otherwise.
EXPERIMENTS: Final[dict[str, tuple[Callable[..., Tally], int]]] = {
    "fetch": (kills.fetch_kills, 100),
    "warehouse": (kills.warehouse_kills, 100),
    "dbt": (kills.dbt_kills, 10),
    "train": (kills.train_kills, 100),
    "publish": (kills.publish_kills, 100),
    "cache": (kills.cache_kills, 100),
    "store": (faults.store_faults, 100),
    "races": (faults.publisher_races, 20),
    "pickles": (releases.hostile_pickle_loads, 1000),
    "bits": (releases.flipped_bits, 4000),
    "attacks": (releases.attacks, 1),
    "reader": (reader.corrupt_files, 300),
    "fuzz": (fuzz.fuzz, 10),
    "requests": (requests.requests, 100_000),
    "soak": (soak.soak, 30),
}


def main() -> int:
    """Run experiments and write docs/reliability.md; 1 if one failed."""
    options = _parser().parse_args()
    # Hours later would be late to find that the page is not there.
    write_table(options.output, [])
    home = kills.prepared(load_settings().home / "chaos")
    tallies = []
    for name in options.experiments or EXPERIMENTS:
        experiment, tries = EXPERIMENTS[name]
        tally = experiment(home, options.tries or tries, options.seed)
        print(f"{name}: {tally.held} of {tally.tried} held", flush=True)
        for failure in tally.failures:
            print(f"  {failure}", flush=True)
        tallies.append(tally)
        write_table(options.output, [tally])  # hours may be still to come
    return int(any(tally.failures for tally in tallies))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.chaos", description=__doc__
    )
    parser.add_argument(
        "experiments",
        nargs="*",
        choices=[[], *EXPERIMENTS],
        metavar="experiment",
        help=f"any of {', '.join(EXPERIMENTS)} (default: all)",
    )
    parser.add_argument(
        "--tries", type=int, help="of each, in place of its own number"
    )
    parser.add_argument("--seed", type=int, default=1, help="repeats a run")
    parser.add_argument(
        "--output", type=Path, default=PROJECT / "docs" / "reliability.md"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
