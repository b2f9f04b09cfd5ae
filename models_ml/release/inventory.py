"""The releases of a store: listed, and the oldest removed."""

import time
from dataclasses import dataclass
from typing import Final

from models_ml.errors import PlateiaError
from models_ml.release.keys import VerifyKeys
from models_ml.release.manifest import (
    MANIFEST,
    MANIFEST_CAP,
    Manifest,
    ReleaseRefused,
    is_version,
    key_of,
    read_manifest,
)
from models_ml.release.pointer import read_pointer
from models_ml.release.store import (
    Listed,
    NotInStore,
    Store,
    TooLarge,
)

_FOLDER: Final = "releases/"
#: Seconds after which files without a manifest are no publisher's any more.
ABANDONED: Final = 86_400


class PruneError(PlateiaError):
    """Nothing can be removed safely; the message says why."""


@dataclass(frozen=True)
class StoredRelease:
    """A release of the store."""

    version: str
    is_current: bool
    objects: tuple[Listed, ...]
    manifest: Manifest | None
    reason: str = ""
    """Why there is no manifest; empty if there is one."""

    @property
    def size(self) -> int:
        """Bytes of all its objects."""
        return sum(each.size for each in self.objects)

    def line(self) -> str:
        """It as one line of `releases`, a `*` before the current one."""
        mark = "*" if self.is_current else " "
        size = f"{self.size / (1 << 20):6.1f} MiB"
        if self.manifest is None:
            return f"{mark} {self.version}  {size}  {self.reason}"
        kind = "generated data" if self.manifest.data_generated else ""
        return (
            f"{mark} {self.version}  {size}  {self.manifest.created}"
            f"  {self.manifest.n_ratings:>11,} ratings  {kind}"
        ).rstrip()

    @property
    def is_abandoned(self) -> bool:
        """No manifest, and nobody has written to it for a day."""
        newest = max(each.modified for each in self.objects)
        return self.manifest is None and newest < time.time() - ABANDONED


def list_releases(store: Store, keys: VerifyKeys) -> list[StoredRelease]:
    """All releases, the newest first; those without a manifest last.

    Raises StoreError if the store fails.
    """
    current = read_pointer(store, keys).version
    objects: dict[str, list[Listed]] = {}
    for each in store.list(_FOLDER):
        version = each.key.removeprefix(_FOLDER).split("/")[0]
        if is_version(version):
            objects.setdefault(version, []).append(each)
    releases = [
        _described(store, keys, version, tuple(of), version == current)
        for version, of in objects.items()
    ]
    return sorted(
        releases,
        key=lambda each: each.manifest.created if each.manifest else "",
        reverse=True,
    )


def prune(store: Store, keys: VerifyKeys, keep: int) -> list[str]:
    """Remove all releases but the newest `keep` and the current one.

    What a publisher that died left goes as well, a day later. The manifest
    goes first, so that no part of a release passes for the whole. Returns the
    versions removed. Raises PruneError if the pointer cannot be trusted, or
    moved meanwhile; StoreError if the store fails.
    """
    if read_pointer(store, keys).version is None:
        raise PruneError(
            f"{store.location} has no pointer that a trusted key signed: it"
            " is not known which release is served, and none is removed"
        )
    releases = list_releases(store, keys)
    whole = [each for each in releases if each.manifest is not None]
    old = [each for each in whole[keep:] if not each.is_current]
    abandoned = [
        each for each in releases if each.is_abandoned and not each.is_current
    ]
    for release in (*old, *abandoned):
        if read_pointer(store, keys).version == release.version:
            raise PruneError(
                f"release {release.version} became the current one meanwhile"
            )
        _remove(store, release)
    return [each.version for each in (*old, *abandoned)]


def _remove(store: Store, release: StoredRelease) -> None:
    manifest = key_of(release.version, MANIFEST)
    keys = [each.key for each in release.objects]
    for key in sorted(keys, key=lambda key: key != manifest):
        store.remove(key)


def _described(
    store: Store,
    keys: VerifyKeys,
    version: str,
    objects: tuple[Listed, ...],
    is_current: bool,
) -> StoredRelease:
    try:
        at = key_of(version, MANIFEST)
        content = store.read(at, MANIFEST_CAP).content
        manifest = read_manifest(content, version, keys)
    except NotInStore:
        return StoredRelease(
            version, is_current, objects, None, "it has no manifest"
        )
    except (ReleaseRefused, TooLarge) as error:
        reason = getattr(error, "reason", str(error))
        return StoredRelease(version, is_current, objects, None, reason)
    return StoredRelease(version, is_current, objects, manifest)
