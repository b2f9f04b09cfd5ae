from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from models_ml.experiments.runs import (
    Run,
    load_losses,
    load_runs,
    measured,
    save_run,
)


def a_run(**changes: Any) -> Run:
    fields: dict[str, Any] = {
        "task": "new_person",
        "stage": "validation",
        "candidate": "film_mean",
        "params": {"shrinkage": 20},
        "seed": 1,
        "data_digest": "abc",
        "data_generated": True,
        "train_folds": [0, 1, 2],
        "test_folds": [3],
    }
    return Run(**fields | changes)


def test_a_run_is_named_by_what_decides_it_and_not_by_its_result() -> None:
    assert a_run(metrics={"log_loss": 0.9}).run_id == a_run().run_id
    assert a_run(seed=2).run_id != a_run().run_id
    assert a_run(params={"shrinkage": 5}).run_id != a_run().run_id
    assert a_run(data_digest="abd").run_id != a_run().run_id


def test_a_run_is_kept_with_its_losses_and_can_be_queried(
    tmp_path: Path,
) -> None:
    run = a_run()
    with measured(run):
        run.metrics["log_loss"] = np.float64(0.9125)
    save_run(tmp_path, run, {"user_id": np.arange(3), "loss": np.ones(3)})

    (record,) = load_runs(tmp_path)
    assert record["metrics"] == {"log_loss": 0.9125}
    assert record["peak_memory_mib"] > 10
    assert load_losses(tmp_path, run.run_id)["loss"].sum() == 3
    row = (
        duckdb.connect()
        .execute(
            "select candidate, metrics.log_loss from read_json(?)",
            [f"{tmp_path}/*.json"],
        )
        .fetchone()
    )
    assert row == ("film_mean", 0.9125)


def test_the_same_experiment_again_replaces_its_record(tmp_path: Path) -> None:
    save_run(tmp_path, a_run())
    save_run(tmp_path, a_run(metrics={"log_loss": 1.0}))
    (record,) = load_runs(tmp_path)
    assert record["metrics"] == {"log_loss": 1.0}


def test_a_value_that_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="object"):
        save_run(tmp_path, a_run(params={"model": object()}))
