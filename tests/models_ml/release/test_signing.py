"""The keys: named in settings, or made once; nobody else reads them."""

import base64
import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.signing import signing_key, verify_keys
from models_ml.settings import SettingError, Settings, load_settings
from tests.models_ml.release.conftest import shown

TEXT = "sixteen or more!"


def settings_of(home: Path, key: str = "", verify: str = "") -> Settings:
    return load_settings(
        {
            "PLATEIA_HOME": str(home),
            "PLATEIA_SIGNING_KEY": key,
            "PLATEIA_VERIFY_KEYS": verify,
        }
    )


def test_a_text_stands_for_one_key(tmp_path: Path) -> None:
    key = signing_key(settings_of(tmp_path, TEXT))
    assert key.public == SigningKey.from_text(TEXT).public
    assert key.public != SigningKey.from_text(TEXT + "!").public
    assert list(tmp_path.iterdir()) == []


def test_pem_and_base64_are_the_key_itself(tmp_path: Path) -> None:
    key = SigningKey.generate()
    assert signing_key(settings_of(tmp_path, key.to_pem())).public == (
        key.public
    )
    seed = bytes(range(32))
    text = base64.b64encode(seed).decode()
    # RFC 8032 would give this public key for the seed; so does openssl.
    assert SigningKey.from_text(text).public_bytes.hex() == (
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    )


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    pem = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(SettingError, match="another kind of key"):
        signing_key(settings_of(tmp_path, pem.decode()))
    broken = SigningKey.generate().to_pem().replace("M", "-")
    with pytest.raises(SettingError, match="no PEM of a private key"):
        signing_key(settings_of(tmp_path, broken))


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="KEY: it has 5 characters") as told:
        signing_key(settings_of(tmp_path, "short"))
    assert "short" not in str(told.value)


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "new" / "home")
    key = signing_key(settings)
    path = settings.home / "signing.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(settings).public == key.public
    assert shown(settings.home) == ["signing.key"]


def test_the_file_is_one_that_openssl_reads(tmp_path: Path) -> None:
    key = signing_key(settings_of(tmp_path))
    command = ["openssl", "pkey", "-in", "signing.key", "-pubout"]
    done = subprocess.run(
        [*command, "-outform", "DER"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert done.stdout.endswith(key.public_bytes)


def test_a_key_half_written_by_a_killed_process_is_made_again(
    tmp_path: Path,
) -> None:
    (tmp_path / ".signing.key.part").write_text("-----BEGIN")
    assert signing_key(settings_of(tmp_path))
    assert shown(tmp_path) == ["signing.key"]


def test_keys_are_made_anew(tmp_path: Path) -> None:
    one = signing_key(settings_of(tmp_path / "one"))
    assert one.public != signing_key(settings_of(tmp_path / "two")).public


def test_all_who_make_it_at_once_get_the_same(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        keys = {key.public for key in pool.map(signing_key, [settings] * 32)}
    assert len(keys) == 1
    assert shown(tmp_path) == ["signing.key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    signing_key(settings)
    (tmp_path / "signing.key").chmod(0o640)
    with pytest.raises(SettingError, match="chmod 600"):
        signing_key(settings)


def test_a_key_file_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "signing.key", 0o600)
    with pytest.raises(SettingError, match="no regular file"):
        signing_key(settings_of(tmp_path))


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "has 0 characters"), (b"\xff" * 20, "is not ASCII")],
)
def test_a_bad_key_file_is_refused(
    content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "signing.key"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(SettingError, match=told):
        signing_key(settings_of(tmp_path))


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="PLATEIA_VERIFY_KEYS"):
        signing_key(settings_of(tmp_path / "file"))


def test_who_only_verifies_neither_reads_nor_makes_a_private_key(
    tmp_path: Path,
) -> None:
    key, other = SigningKey.generate(), SigningKey.generate()
    listed = f"{key.public}, {other.public}"
    keys = verify_keys(settings_of(tmp_path, "short", listed))
    assert keys.ids == {key.key_id, other.key_id}
    assert list(tmp_path.iterdir()) == []


def test_without_public_keys_the_own_one_verifies(tmp_path: Path) -> None:
    keys = verify_keys(settings_of(tmp_path, TEXT))
    assert keys.ids == {SigningKey.from_text(TEXT).key_id}


@pytest.mark.parametrize("text", [TEXT, "AAAA", "-----BEGIN PUBLIC KEY-----"])
def test_what_is_no_public_key_is_told_by_its_place(
    text: str, tmp_path: Path
) -> None:
    listed = f"{SigningKey.generate().public},{text}"
    with pytest.raises(SettingError, match="its entry 2 is no") as told:
        verify_keys(settings_of(tmp_path, verify=listed))
    assert text not in str(told.value)


def test_a_signature_is_of_one_key_purpose_and_message() -> None:
    key, other = SigningKey.generate(), SigningKey.generate()
    keys = VerifyKeys.of(key, other)
    signature = key.sign("pointer", b"message")
    assert keys.verify(key.key_id, "pointer", b"message", signature)
    assert not keys.verify(other.key_id, "pointer", b"message", signature)
    assert not keys.verify("unknown", "pointer", b"message", signature)
    assert not keys.verify(key.key_id, "manifest", b"message", signature)
    assert not keys.verify(key.key_id, "pointer", b"messagE", signature)
    for broken in ("", "zz", signature[:-2], signature + "00"):
        assert not keys.verify(key.key_id, "pointer", b"message", broken)


def test_no_representation_tells_a_key(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, TEXT)
    key = signing_key(settings)
    for told in (repr(settings), repr(key), str(key), str(vars(key))):
        assert TEXT not in told
        assert "PRIVATE" not in told
