"""The key that signs and verifies releases."""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from models_ml.settings import SettingError, Settings

KEY_FILE: Final = "signing.key"
#: Characters; a guessed key would sign anything.
SHORTEST_KEY: Final = 16


def signing_key(settings: Settings) -> bytes:
    """PLATEIA_SIGNING_KEY, or the key in `signing.key` below PLATEIA_HOME.

    The file is made, once, if there is neither. Raises SettingError if the
    key is too short, or if others than the owner may read its file.
    """
    if settings.signing_key is not None:
        return _checked(settings.signing_key, "PLATEIA_SIGNING_KEY")
    path = settings.home / KEY_FILE
    if not path.exists():
        _generate(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingError(
            f"{path} can be read by others than its owner: chmod 600 it"
        )
    return _checked(path.read_text("ascii").strip(), str(path))


def _checked(key: str, where: str) -> bytes:
    if len(key) < SHORTEST_KEY:
        raise SettingError(
            f"{where} has {len(key)} characters: a signing key has at least"
            f" {SHORTEST_KEY}"
        )
    return key.encode()


def _generate(path: Path) -> None:
    """Write a new key; of several processes that try, the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{KEY_FILE}-{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(temporary, flags, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
