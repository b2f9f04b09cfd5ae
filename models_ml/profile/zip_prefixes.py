"""Where in the United States a ZIP code lies, by its first three digits."""

import csv
from pathlib import Path
from typing import Final

from models_ml.settings import PROJECT

#: dbt reads the same file.
ZIP_PREFIXES: Final = PROJECT / "dbt_project/reference/zip_prefixes.csv"


def read_zip_prefixes(
    path: Path = ZIP_PREFIXES,
) -> dict[str, tuple[str, str]]:
    """State (postal abbreviation) and region of each prefix in use."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["zip_prefix"]: (row["state"], row["division"])
            for row in csv.DictReader(lines)
        }
