"""The files of a source in S3, a chunk at a time; boto3's settings apply."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from models_ml.source.files import SourceFile, columns_of, genre_file
from models_ml.source.formats import Member, TablesUnusable, members

_CHUNK: Final = 4 << 20


def s3_files(location: str) -> list[SourceFile]:
    """The files below `s3://bucket/prefix`.

    Raises TablesUnusable where they cannot be listed, DataUnavailable where a
    kind is missing.
    """
    parts = urlsplit(location)
    prefix = parts.path.strip("/")
    below = f"{prefix}/" if prefix else ""
    client = boto3.client("s3")
    try:
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=parts.netloc, Prefix=below
        )
        objects = {
            each["Key"].removeprefix(below): each
            for page in pages
            for each in page.get("Contents", [])
        }
    except (BotoCoreError, ClientError) as error:
        raise TablesUnusable(f"{location} cannot be read ({error})") from error
    return [
        _file(client, parts.netloc, objects, member, location)
        for member in members(objects, location)
    ]


def _file(
    client: Any,
    bucket: str,
    objects: dict[str, Any],
    member: Member,
    location: str,
) -> SourceFile:
    named = f"{member.name} in {location}"
    if member.name not in objects:
        raise TablesUnusable(f"{location} holds no {member.name}")
    genres = genre_file(member)
    listed = b""
    if genres:
        if genres not in objects:
            raise TablesUnusable(f"{location} holds no {genres}")
        listed = b"".join(
            _chunks(client, bucket, objects[genres]["Key"], named)
        )
    entry = objects[member.name]
    return SourceFile(
        kind=member.kind,
        name=member.name,
        named=named,
        stamp=(
            entry["Size"],
            int(entry["LastModified"].timestamp() * 1_000_000),
        ),
        n_bytes=entry["Size"],
        chunks=partial(_chunks, client, bucket, entry["Key"], named),
        format=member.format,
        columns=columns_of(member, listed),
    )


def _chunks(client: Any, bucket: str, key: str, named: str) -> Iterator[bytes]:
    try:
        body = client.get_object(Bucket=bucket, Key=key)["Body"]
        yield from body.iter_chunks(_CHUNK)
    except (BotoCoreError, ClientError) as error:
        raise TablesUnusable(f"{named} cannot be read ({error})") from error
