"""The words of MovieLens 1M, for generated data in its shape.

They are read from the table that dbt reads. Nothing that learns or answers
asks here: it takes the words of its own data, from the warehouse or the
release.
"""

import csv
from collections.abc import Mapping
from typing import Any, Final

from models_ml.vocabulary import Vocabulary
from models_ml.words import REFERENCE_LEVELS


def _movielens_1m() -> Vocabulary:
    with REFERENCE_LEVELS.open(encoding="utf-8", newline="") as lines:
        rows: list[Mapping[str, Any]] = list(csv.DictReader(lines))
    stars = [
        {
            "dimension": "star",
            "position": k,
            "name": str(k + 1),
            "name_pt": str(k + 1),
            "code": None,
            "lowest": 2 * (k + 1),
        }
        for k in range(5)
    ]
    return Vocabulary.from_rows([*rows, *stars])


MOVIELENS_1M: Final = _movielens_1m()

GENDERS: Final = MOVIELENS_1M.genders
AGE_GROUPS: Final = MOVIELENS_1M.age_groups
AGE_CODES: Final = MOVIELENS_1M.lowest_ages
OCCUPATIONS: Final = MOVIELENS_1M.occupations
REGIONS: Final = MOVIELENS_1M.regions
GENRES: Final = MOVIELENS_1M.genres
DIMENSIONS: Final = MOVIELENS_1M.dimensions
