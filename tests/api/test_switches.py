"""Routes that an operator can switch off."""

from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from models_ml.settings import SettingError, load_settings
from tests.api.conftest import settings_of


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("has_metrics", "/metrics"),
        ("has_schema", "/schema"),
        ("has_schema", "/schema/openapi.json"),
    ],
)
def test_a_route_that_is_off_is_not_answered(
    tmp_path: Path, setting: str, path: str
) -> None:
    for is_on, status in ((True, 200), (False, 404)):
        settings = settings_of(
            tmp_path, tmp_path / "store", **{setting: is_on}
        )
        with TestClient(create_app(settings)) as client:
            assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLATEIA_METRICS", "no"),
        ("PLATEIA_SCHEMA", "0"),
        ("PLATEIA_TRACES", "1"),
        ("PLATEIA_PROXIES", "10.0.0.0/33"),
        ("PLATEIA_BODY_SECONDS", "0"),
        ("PLATEIA_HOME", "/srv/films,ratings"),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"{name} is '{value}'"):
        load_settings({name: value})
