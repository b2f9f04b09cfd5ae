"""Runs by_hand.sql: `python -m benchmarks.scale.by_hand FOLDER DATABASE`."""

import sys
from pathlib import Path

import duckdb

from models_ml.profile.zip_prefixes import ZIP_PREFIXES


def main() -> None:
    """Build the tables of by_hand.sql from FOLDER in a new DATABASE."""
    folder, database = sys.argv[1:]
    script = Path(__file__).with_name("by_hand.sql").read_text("utf-8")
    script = script.replace("{folder}", folder)
    with duckdb.connect(database) as connection:
        connection.execute("set threads = 2; set memory_limit = '3GB'")
        connection.execute(script.replace("{prefixes}", str(ZIP_PREFIXES)))


if __name__ == "__main__":
    main()
