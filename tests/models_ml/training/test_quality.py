import json
from pathlib import Path
from typing import Any

import pytest

from models_ml.experiments.runs import Run, load_runs, save_run
from models_ml.release.quality import Quality, TaskQuality, read_quality
from models_ml.training.quality import (
    RECORDED_RUNS,
    quality_of,
    record_quality,
)
from tests.api.conftest import settings_of

PARAMS = {"new_person": {"rank": 4}, "new_film": {}}


def run(
    folder: Path,
    candidate: str,
    log_loss: float,
    *,
    task: str = "new_person",
    stage: str = "test",
    params: dict[str, Any] | None = None,
    digest: str = "ours",
    details: dict[str, Any] | None = None,
) -> None:
    saved = Run(
        task, stage, candidate, params or {}, 1, digest, False, [0], [4]
    )
    saved.metrics = {"log_loss": log_loss}
    saved.details = details or {}
    saved.started_at = "2026-11-01T00:00:00+00:00"
    save_run(folder, saved)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recorded"
    run(made, "factorisation", 0.9, params=PARAMS["new_person"])
    run(made, "film_mean", 1.0)
    return made


def person_of(folder: Path) -> TaskQuality | None:
    return quality_of(load_runs(folder), PARAMS).new_person


def test_the_kept_settings_count_and_no_others(folder: Path) -> None:
    run(folder, "factorisation", 0.5, params={"rank": 99})
    person = person_of(folder)
    assert person
    assert person.log_loss == 0.9
    assert [(r.name, r.log_loss) for r in person.references] == [
        ("film_mean", 1.0)
    ]
    assert person.placebo_log_loss is None
    assert not person.reliability


def test_a_placebo_and_tables_are_of_the_kept_settings_too(
    folder: Path,
) -> None:
    details = {
        "reliability": {"liked": {"bins": [[0.2, 0.3, 10.0]]}},
        "fairness": [
            {
                "dimension": "gender",
                "level": "F",
                "n_users": 3,
                "n_ratings": 30,
                "log_loss": 0.95,
                "mae": 0.7,
            }
        ],
    }
    kept = PARAMS["new_person"]
    run(folder, "factorisation", 1.1, stage="placebo", params={"rank": 1})
    run(folder, "factorisation", 0.99, stage="placebo", params=kept)
    run(
        folder,
        "factorisation",
        0.9,
        stage="tables",
        params=kept,
        details=details,
    )
    person = person_of(folder)
    assert person
    assert person.placebo_log_loss == 0.99
    assert [tuple(row.__struct_fields__) for row in person.reliability]
    assert (person.reliability[0].predicted, person.reliability[0].actual) == (
        0.2,
        0.3,
    )
    assert person.groups[0].level == "F"
    assert person.groups[0].reference_log_loss is None


def test_without_a_test_run_the_validation_is_told(tmp_path: Path) -> None:
    run(tmp_path, "factorisation", 0.9, stage="validation", params={"rank": 4})
    run(tmp_path, "film_mean", 1.0, stage="validation")
    person = person_of(tmp_path)
    assert person
    assert person.stage == "validation"
    assert quality_of([], PARAMS) == Quality()


def test_the_record_takes_up_runs_of_its_own_data(
    folder: Path, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path / "home", tmp_path / "store")
    assert record_quality(settings, folder) is None
    settings.trained.mkdir(parents=True)
    record = {
        "data_digest": "ours",
        "data_kind": "generated",
        "data_generated": True,
        "metrics": {"kept": 1},
        "libraries": {},
        "params": PARAMS,
    }
    path = settings.trained / "training.json"
    path.write_text(json.dumps(record))
    run(folder, "segments", 0.1, digest="another")
    quality = record_quality(settings, folder)
    written = json.loads(path.read_text())
    assert read_quality(written["metrics"]) == quality
    assert written["metrics"]["kept"] == 1
    assert quality
    assert quality.new_person
    assert [r.name for r in quality.new_person.references] == ["film_mean"]
    before = path.read_bytes()
    assert record_quality(settings, folder) == quality
    assert path.read_bytes() == before


def test_the_recorded_evaluation_tells_all_that_the_page_shows() -> None:
    """`docs/runs` has every stage that a release of MovieLens needs."""
    runs = load_runs(RECORDED_RUNS)
    quality = quality_of(runs, {})
    for task in (quality.new_person, quality.new_film):
        assert task
        assert task.stage == "test"
        assert task.placebo_log_loss
        assert all(r.log_loss > task.log_loss for r in task.references)
    assert quality.new_person
    assert quality.new_person.reliability
    assert quality.new_person.groups
    assert quality.new_film
    assert quality.new_film.coverage
