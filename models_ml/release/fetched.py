"""The releases that a reader's cache holds: what it served, and may again."""

from pathlib import Path

from models_ml.release.keys import VerifyKeys
from models_ml.release.manifest import (
    MANIFEST,
    MANIFEST_CAP,
    Manifest,
    ReleaseRefused,
    is_version,
    read_manifest,
)


def fetched_manifests(cache: Path, keys: VerifyKeys) -> tuple[Manifest, ...]:
    """Manifests of the releases in a cache, the newest first.

    Those of one second are in order of their versions. One that no trusted
    key signed, or that cannot be read, is left out.
    """
    manifests = []
    folders = list(cache.iterdir()) if cache.is_dir() else []
    for folder in folders:
        if not is_version(folder.name):
            continue
        try:
            with (folder / MANIFEST).open("rb") as file:
                content = file.read(MANIFEST_CAP)
            manifests.append(read_manifest(content, folder.name, keys))
        except (OSError, ReleaseRefused):
            continue
    return tuple(
        sorted(
            manifests,
            key=lambda each: (each.created, each.version),
            reverse=True,
        )
    )
