"""Some corrupt files, and that a lost line would be found."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models_ml.settings import load_settings
from tools.chaos import reader


def test_some_corrupt_files_land_whole_or_are_refused(tmp_path: Path) -> None:
    tally = reader.corrupt_files(tmp_path, 20, 1)
    assert tally.tried == 20
    assert not tally.failures


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1", "caf\xe9"], ""),
        (["1"], "1 of 2 lines landed"),
        (["1", "cafe"], "landed as 'cafe'"),
    ],
)
def test_a_lost_or_changed_line_is_found(
    texts: list[str], told: str, tmp_path: Path
) -> None:
    settings = load_settings({"PLATEIA_HOME": str(tmp_path)})
    (settings.data / "users").mkdir(parents=True)
    table = pa.table(
        {
            "line_number": range(1, len(texts) + 1),
            "text": texts,
            "is_readable": [True] * len(texts),
        }
    )
    pq.write_table(table, settings.data / "users" / "1.parquet")
    problem = reader._lost(settings, "users", {"users": b"1\ncaf\xe9\r\n"})
    assert told in problem
    assert bool(problem) == bool(told)
