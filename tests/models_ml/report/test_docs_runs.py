"""The committed run records hold aggregates only."""

import json
from typing import Any

import pytest

from models_ml.settings import PROJECT

RECORDS = sorted((PROJECT / "docs" / "runs").glob("*.json"))
#: Most items that a record's longest list may hold.
MOST = 400


def longest_list(value: object) -> int:
    if isinstance(value, dict):
        return max(map(longest_list, value.values()), default=0)
    if isinstance(value, list):
        return max(len(value), *map(longest_list, value), 0)
    return 0


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_holds_no_rows_of_films_or_people(path: Any) -> None:
    record = json.loads(path.read_text("utf-8"))
    assert longest_list(record) <= MOST
    assert not record["data_generated"]
