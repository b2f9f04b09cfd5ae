import shutil
from pathlib import Path

import pytest

from models_ml.settings import PROJECT, Settings, load_settings
from models_ml.training import imports, record
from models_ml.training.record import inputs_digest, is_trained, write_record


def settings_of(home: Path) -> Settings:
    return load_settings({"PLATEIA_HOME": str(home)})


def test_a_warehouse_from_dbt_alone_can_be_trained_on(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    settings.trained.mkdir()
    write_record(settings, {"inputs": inputs_digest(settings)})
    assert is_trained(settings)


def test_a_warehouse_built_anew_asks_for_training(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    settings.trained.mkdir()
    write_record(settings, {"inputs": inputs_digest(settings)})
    settings.warehouse.with_suffix(".json").write_text("{}")
    assert not is_trained(settings)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's code, which a test may change."""
    copy = tmp_path / "project"
    shutil.copytree(PROJECT / "models_ml", copy / "models_ml")
    monkeypatch.setattr(imports, "PROJECT", copy)
    monkeypatch.setattr(record, "PROJECT", copy)
    return copy


def trained(home: Path) -> Settings:
    settings = settings_of(home)
    write_record(settings, {"inputs": inputs_digest(settings)})
    return settings


DECIDES = {
    "the folds": ("experiments/runner.py", "test=(3,)", "test=(2,)"),
    "the seed": ("experiments/runner.py", "20_001", "20_002"),
    "what is served": ("experiments/comparison.py", "SERVED =", "SERVED  ="),
    "the payload": ("release/payload.py", '"format"', '"form"'),
    "a default": ("film/params.py", '"reach.rank": 12', '"reach.rank": 13'),
    "what is read": ("warehouse/read.py", "order by user_id", ""),
    "what is exported": ("warehouse/export.py", "order by", "order  by"),
}
DECIDES_NOT = {
    "a plot's colour": "report/plots.py",
    "a page of the report": "report/write_report.py",
    "how files are answered": "batch/predict_file.py",
    "how data are fetched": "source/download.py",
    "how releases are loaded": "release/load.py",
}


@pytest.mark.parametrize("what", DECIDES)
def test_what_decides_a_model_asks_for_training(
    project: Path, tmp_path: Path, what: str
) -> None:
    settings = trained(tmp_path / "home")
    assert is_trained(settings)
    name, before, after = DECIDES[what]
    file = project / "models_ml" / name
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    assert not is_trained(settings)


@pytest.mark.parametrize("what", DECIDES_NOT)
def test_what_decides_no_model_asks_for_none(
    project: Path, tmp_path: Path, what: str
) -> None:
    settings = trained(tmp_path / "home")
    file = project / "models_ml" / DECIDES_NOT[what]
    file.write_text(file.read_text() + "\n#: Another colour.\n")
    assert is_trained(settings)
