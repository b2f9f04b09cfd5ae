"""Seconds of the fuzzing, and that a reader that loses a row is found."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.chaos import fuzz


def test_every_row_is_read_once_or_the_file_refused(tmp_path: Path) -> None:
    tally = fuzz.fuzz(tmp_path, 0.05, 1)
    assert tally.tried >= fuzz._LEAST
    assert not tally.failures


@pytest.mark.parametrize("name", ["line_batches", "row_batches"])
def test_a_reader_that_loses_a_row_is_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = getattr(fuzz, name)

    def losing(*arguments: Any) -> Iterator[Any]:
        for batch in read(*arguments):
            yield batch.slice(1)

    monkeypatch.setattr(fuzz, name, losing)
    tally = fuzz.fuzz(tmp_path, 0.05, 1)
    assert tally.failures
    assert all(told.startswith("input ") for told in tally.failures)
