"""Titles that the best-known films have in Brazil.

Written for this project, not learnt from data: `titles_pt.csv`, with titles
as MovieLens has them. A film whose title is the same there has no row.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Final

from models_ml.titles import display_title

_FILE: Final = Path(__file__).with_name("titles_pt.csv")


@cache
def _titles() -> dict[tuple[str, int], str]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            (display_title(row["title"]), int(row["year"])): row["title_pt"]
            for row in csv.DictReader(file)
        }


def brazilian_title(title: str, year: int | None) -> str | None:
    """A film's title in Brazil, if it has one of its own there."""
    return _titles().get((display_title(title), year or 0))
