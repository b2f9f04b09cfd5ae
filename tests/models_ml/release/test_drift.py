"""A release that is worse, or rests on less, is published only by force."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models_ml.release.folder import FolderStore
from models_ml.release.pointer import read_pointer
from models_ml.release.publish import PublishError, publish
from tests.models_ml.release.conftest import KEY, KEYS


def with_record(trained: Path, copy: Path, **changes: Any) -> Path:
    shutil.copytree(trained, copy)
    path = copy / "training.json"
    record = json.loads(path.read_text()) | changes
    path.write_text(json.dumps(record))
    return copy


def with_loss(trained: Path, copy: Path, log_loss: float) -> Path:
    """What `train` leaves after measuring such a loss, give or take .01."""
    interval = [log_loss - 0.01, log_loss + 0.01]
    validation = {"log_loss": log_loss, "interval": interval}
    metrics = {"new_person": {"validation": validation}}
    return with_record(trained, copy, metrics=metrics)


def current(store: FolderStore) -> str | None:
    return read_pointer(store, KEYS).version


@pytest.fixture
def first(trained: Path, folder_store: FolderStore, tmp_path: Path) -> str:
    folder = with_loss(trained, tmp_path / "first", 0.91)
    return publish(folder, folder_store, KEY).version


def test_a_loss_above_the_interval_is_refused_and_can_be_forced(
    first: str, trained: Path, folder_store: FolderStore, tmp_path: Path
) -> None:
    worse = with_loss(trained, tmp_path / "worse", 0.9201)
    told = (
        r"loss for new_person is 0\.9201, .* 0\.9100 \(0\.9000 to 0\.9200\);"
        r" .* --force-worse"
    )
    with pytest.raises(PublishError, match=told):
        publish(worse, folder_store, KEY, force_smaller=True)
    assert current(folder_store) == first
    assert len(list((folder_store.folder / "releases").iterdir())) == 1
    done = publish(worse, folder_store, KEY, force_worse=True)
    assert current(folder_store) == done.version


@pytest.mark.parametrize("log_loss", [0.9199, 0.8])
def test_a_loss_within_the_interval_or_below_is_published(
    log_loss: float,
    first: str,
    trained: Path,
    folder_store: FolderStore,
    tmp_path: Path,
) -> None:
    folder = with_loss(trained, tmp_path / "new", log_loss)
    done = publish(folder, folder_store, KEY)
    assert done.replaced == first


def fewer(trained: Path, copy: Path, statement: str) -> Path:
    shutil.copytree(trained, copy)
    with duckdb.connect(str(copy / "serving.duckdb")) as connection:
        connection.execute(statement)
    return copy


def test_fewer_ratings_are_refused_and_can_be_forced(
    trained: Path, folder_store: FolderStore, tmp_path: Path
) -> None:
    publish(trained, folder_store, KEY)
    less = fewer(
        trained,
        tmp_path / "less",
        "update movies set n_ratings = n_ratings - 1 where movie_id = 3",
    )
    with pytest.raises(PublishError, match=r"rests on .* --force-smaller"):
        publish(less, folder_store, KEY, force_worse=True)
    assert publish(less, folder_store, KEY, force_smaller=True)


def test_generated_data_do_not_replace_real_ones(
    trained: Path, folder_store: FolderStore, tmp_path: Path
) -> None:
    real = with_record(trained, tmp_path / "real", data_generated=False)
    publish(real, folder_store, KEY)
    with pytest.raises(PublishError, match="on generated data"):
        publish(trained, folder_store, KEY)


def test_real_data_replace_generated_ones_whatever_the_loss(
    first: str, trained: Path, folder_store: FolderStore, tmp_path: Path
) -> None:
    folder = with_loss(trained, tmp_path / "real", 2.0)
    record = json.loads((folder / "training.json").read_text())
    record["data_generated"] = False
    (folder / "training.json").write_text(json.dumps(record))
    assert publish(folder, folder_store, KEY).replaced == first


def test_a_current_release_that_is_damaged_can_be_replaced(
    first: str, trained: Path, folder_store: FolderStore, tmp_path: Path
) -> None:
    releases = folder_store.folder / "releases"
    (releases / first / "manifest.json").write_bytes(b"\xff")
    worse = with_loss(trained, tmp_path / "worse", 2.0)
    assert publish(worse, folder_store, KEY).replaced == first
