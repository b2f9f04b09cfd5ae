"""The signing key: given, or made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models_ml.release.signing import signing_key
from models_ml.settings import SettingError, Settings, load_settings


def settings_of(home: Path, key: str = "") -> Settings:
    return load_settings(
        {"PLATEIA_HOME": str(home), "PLATEIA_SIGNING_KEY": key}
    )


def test_the_key_that_is_set_is_used(tmp_path: Path):
    key = signing_key(settings_of(tmp_path, "sixteen or more!"))
    assert key == b"sixteen or more!"
    assert list(tmp_path.iterdir()) == []


def test_a_short_key_is_refused(tmp_path: Path):
    with pytest.raises(SettingError, match="PLATEIA_SIGNING_KEY has 5 char"):
        signing_key(settings_of(tmp_path, "short"))


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path):
    settings = settings_of(tmp_path / "new" / "home")
    key = signing_key(settings)
    assert len(key) == 64
    path = settings.home / "signing.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(settings) == key
    assert [p.name for p in settings.home.iterdir()] == ["signing.key"]


def test_keys_are_made_anew(tmp_path: Path):
    one = signing_key(settings_of(tmp_path / "one"))
    assert one != signing_key(settings_of(tmp_path / "two"))


def test_all_who_make_it_at_once_get_the_same(tmp_path: Path):
    settings = settings_of(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(signing_key, [settings] * 32))
    assert len(keys) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["signing.key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path):
    settings = settings_of(tmp_path)
    signing_key(settings)
    (tmp_path / "signing.key").chmod(0o640)
    with pytest.raises(SettingError, match="chmod 600"):
        signing_key(settings)


def test_an_empty_key_file_is_refused(tmp_path: Path):
    path = tmp_path / "signing.key"
    path.touch(0o600)
    with pytest.raises(SettingError, match="has 0 characters"):
        signing_key(settings_of(tmp_path))
