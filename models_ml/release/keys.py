"""Ed25519 keys: one private key signs, any of several public ones verify.

Who serves holds public keys only, so a machine that answers cannot be made to
sign. Each message says what it is, so that a signature of one kind never
passes for one of another.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from models_ml.errors import PlateiaError

#: Bytes of a seed, and of a public key.
_KEY_BYTES: Final = 32
_PEM: Final = "-----BEGIN "
#: Characters of a text key; a guessed one would sign anything.
SHORTEST_TEXT: Final = 16
#: Anyone can try texts against a public key: each try must cost. Here 16 MiB,
#: which is 128 n r bytes (scrypt, RFC 7914).
_SCRYPT: Final = {"n": 1 << 14, "r": 8, "p": 1}


class KeyRefused(PlateiaError):  # noqa: N818 - a finding
    """A text is no key; the message never holds the text."""


class SigningKey:
    """A private key; neither its repr nor its errors tell it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_bytes: Final = private.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> "SigningKey":
        """A new key from the system's random numbers."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_text(cls, text: str) -> "SigningKey":
        """The key that a text holds or stands for.

        PEM (PKCS 8) and base64 of 32 bytes are the key itself. Any other
        text of 16 characters or more stands for the key that scrypt derives
        from it. Raises KeyRefused.
        """
        if text.startswith(_PEM):
            return cls(_from_pem(text))
        seed = _from_base64(text) or _derived(text)
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @cached_property
    def key_id(self) -> str:
        """Twelve hexadecimal digits that name the public key."""
        return key_id(self.public_bytes)

    @property
    def public(self) -> str:
        """The public key as PLATEIA_VERIFY_KEYS takes it: base64."""
        return base64.b64encode(self.public_bytes).decode()

    def sign(self, purpose: str, message: bytes) -> str:
        """The Ed25519 signature over both, as 128 hexadecimal digits."""
        return self._private.sign(_framed(purpose, message)).hex()

    def to_pem(self) -> str:
        """The private key as PEM (PKCS 8, not encrypted)."""
        return self._private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode()


class VerifyKeys:
    """Public keys, any of which may have signed."""

    def __init__(self, public: Iterable[bytes]) -> None:
        self._keys = {
            key_id(raw): Ed25519PublicKey.from_public_bytes(raw)
            for raw in public
        }

    @classmethod
    def of(cls, *keys: SigningKey) -> "VerifyKeys":
        """The public halves of private keys."""
        return cls(key.public_bytes for key in keys)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> "VerifyKeys":
        """From base64, as `SigningKey.public` gives it; raises KeyRefused."""
        return cls([_public(k, text) for k, text in enumerate(texts, 1)])

    def including(self, key: SigningKey) -> "VerifyKeys":
        """These keys, and the public half of `key`."""
        raw = [each.public_bytes_raw() for each in self._keys.values()]
        return VerifyKeys([*raw, key.public_bytes])

    @property
    def ids(self) -> frozenset[str]:
        """The `key_id` of each key."""
        return frozenset(self._keys)

    def verify(
        self, name: str, purpose: str, message: bytes, signature: str
    ) -> bool:
        """Whether the key with the id `name` signed `message` for `purpose`.

        False as well for a key that is not one of these, and for a signature
        that is no hexadecimal.
        """
        try:
            self._keys[name].verify(
                bytes.fromhex(signature), _framed(purpose, message)
            )
        except (KeyError, ValueError, InvalidSignature):
            return False
        return True


def key_id(public: bytes) -> str:
    """Twelve hexadecimal digits that name a public key."""
    return hashlib.sha256(b"plateia key\n" + public).hexdigest()[:12]


def _framed(purpose: str, message: bytes) -> bytes:
    return f"plateia {purpose}\n".encode() + message


def _from_pem(text: str) -> Ed25519PrivateKey:
    try:
        private = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyRefused("it is no PEM of a private key") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyRefused("it is the PEM of another kind of key than Ed25519")
    return private


def _from_base64(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _KEY_BYTES else None


@lru_cache(maxsize=4)
def _derived(text: str) -> bytes:
    if len(text) < SHORTEST_TEXT:
        raise KeyRefused(
            f"it has {len(text)} characters, and a signing key has at least"
            f" {SHORTEST_TEXT}"
        )
    return hashlib.scrypt(
        text.encode(),
        salt=b"plateia signing key",
        dklen=_KEY_BYTES,
        **_SCRYPT,
    )


def _public(place: int, text: str) -> bytes:
    raw = _from_base64(text)
    if raw is None:
        # Never the text: someone may have put the private key there.
        raise KeyRefused(
            f"its entry {place} is no public key, which is {_KEY_BYTES} bytes"
            " as base64: python -m models_ml public-key prints it"
        )
    return raw
