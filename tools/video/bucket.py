"""What the video does to the bucket: list it, and attack it.

`lista` shows the objects of the store, `manifesto` the current release's
manifest; `invade` does what someone could who
may write to the bucket but has no signing key: a changed model under a new
name, its manifest made to agree with it, and the pointer moved to it.
"""

import json
import sys
from typing import Any
from urllib.parse import urlsplit

import boto3
import msgspec

from models_ml.release.manifest import Manifest, canonical, record_of
from models_ml.settings import load_settings

FAKE = "0bad" * 5
"""The name of the release that the intruder makes."""


def main(command: str) -> None:
    """Run a command on the store that the settings name."""
    parts = urlsplit(load_settings().store)
    bucket = boto3.resource("s3").Bucket(parts.netloc)
    prefix = parts.path.strip("/")
    if command == "lista":
        for item in bucket.objects.filter(Prefix=prefix):
            print(f"{item.size:>10,}  {item.key}")
    elif command == "manifesto":
        key = f"{prefix}/releases/{_current(bucket, prefix)}/manifest.json"
        sys.stdout.buffer.write(bucket.Object(key).get()["Body"].read())
    elif command == "invade":
        _intrude(bucket, prefix)
    else:
        sys.exit("python -m tools.video.bucket lista | manifesto | invade")


def _current(bucket: Any, prefix: str) -> str:
    pointer = bucket.Object(f"{prefix}/current.json").get()["Body"]
    version: str = json.load(pointer)["version"]
    return version


def _intrude(bucket: Any, prefix: str) -> None:
    version = _current(bucket, prefix)
    good, fake = (f"{prefix}/releases/{one}" for one in (version, FAKE))
    model = bytearray(bucket.Object(f"{good}/model.pkl").get()["Body"].read())
    model[len(model) // 2] ^= 1
    signed = bucket.Object(f"{good}/manifest.json").get()["Body"].read()
    manifest = msgspec.json.decode(signed, type=Manifest)
    manifest.files["model.pkl"] = record_of(bytes(model))
    forged = canonical(msgspec.structs.replace(manifest, version=FAKE))
    source = {"Bucket": bucket.name, "Key": f"{good}/serving.duckdb"}
    bucket.Object(f"{fake}/serving.duckdb").copy(source)
    bucket.put_object(Key=f"{fake}/model.pkl", Body=bytes(model))
    bucket.put_object(Key=f"{fake}/manifest.json", Body=forged)
    pointer = bucket.Object(f"{prefix}/current.json")
    pointer.put(Body=json.dumps({"version": FAKE}).encode())
    print(f"um bit de model.pkl trocado; current.json aponta para {FAKE}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
