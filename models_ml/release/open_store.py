"""The store that a location names."""

from pathlib import Path

from models_ml.release.folder import FolderStore
from models_ml.release.store import Store, StoreError


def open_store(location: str) -> Store:
    """The store at `s3://bucket/prefix`, or in a folder.

    Raises StoreError for a location that names neither.
    """
    if location.startswith("s3://"):
        # boto3 takes a third of a second to import: only those who need it.
        from models_ml.release.s3 import S3Store  # noqa: PLC0415

        return S3Store(location)
    if "://" in location:
        raise StoreError(
            f"PLATEIA_STORE is {location!r}: it must be s3://bucket/prefix or"
            " a folder"
        )
    return FolderStore(Path(location))
