"""The keys that the settings name: one that signs, those that verify."""

import os
import stat
from pathlib import Path
from typing import Final

from models_ml.lock import exclusive
from models_ml.release.keys import KeyRefused, SigningKey, VerifyKeys
from models_ml.settings import SettingError, Settings

KEY_FILE: Final = "signing.key"
#: Bytes; no key comes near it.
_KEY_FILE_CAP: Final = 16384


def signing_key(settings: Settings) -> SigningKey:
    """PLATEIA_SIGNING_KEY, or the key in `signing.key` below PLATEIA_HOME.

    The file is made, once, if there is neither. Raises SettingError if the
    text is no key, or if others than the owner may read the file.
    """
    if settings.signing_key is not None:
        return _parsed(settings.signing_key, "PLATEIA_SIGNING_KEY")
    path = settings.home / KEY_FILE
    try:
        if not path.exists():
            _generate(path)
        return _parsed(_read_private(path), str(path))
    except OSError as error:
        raise SettingError(
            f"{path} cannot be used: {error.strerror}; set"
            " PLATEIA_SIGNING_KEY, or PLATEIA_VERIFY_KEYS where nothing is"
            " published"
        ) from error


def verify_keys(settings: Settings) -> VerifyKeys:
    """The keys of PLATEIA_VERIFY_KEYS, or else that of `signing_key`.

    With PLATEIA_VERIFY_KEYS no private key is read or made. Raises
    SettingError.
    """
    if not settings.verify_keys:
        return VerifyKeys.of(signing_key(settings))
    try:
        return VerifyKeys.from_texts(settings.verify_keys)
    except KeyRefused as error:
        raise SettingError(f"PLATEIA_VERIFY_KEYS: {error}") from error


def _parsed(text: str, where: str) -> SigningKey:
    try:
        return SigningKey.from_text(text)
    except KeyRefused as error:
        # Not "from error": a traceback would show the text.
        raise SettingError(f"{where}: {error}") from None


def _read_private(path: Path) -> str:
    """The file's text, if only its owner can read it."""
    # Not to wait for a writer, should it be a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise SettingError(f"{path} is no regular file")
        if stat.S_IMODE(mode) & 0o077:
            raise SettingError(
                f"{path} can be used by others than its owner: chmod 600 it"
            )
        content = file.read(_KEY_FILE_CAP)
    try:
        return content.decode("ascii").strip()
    except UnicodeDecodeError:
        raise SettingError(f"{path} is no key: it is not ASCII") from None


def _generate(path: Path) -> None:
    """Write a new key; of several processes that try, the first one wins."""
    part = path.with_name(f".{KEY_FILE}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with exclusive(path.with_name(f".{KEY_FILE}.lock")):
        if path.exists():
            return
        # Of one that was killed.
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, flags, 0o600), "w") as file:
            file.write(SigningKey.generate().to_pem())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
