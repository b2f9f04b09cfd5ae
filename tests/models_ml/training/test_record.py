from pathlib import Path

from models_ml.settings import Settings, load_settings
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
