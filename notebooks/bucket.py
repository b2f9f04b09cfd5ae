"""An S3 server of the notebook's own, and a release that goes there and back.

The server is moto's, on loopback: it stands in for AWS, and ends with the
notebook's block.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
import pandas as pd
from moto.server import ThreadedMotoServer

from models_ml.release.load import load_current
from models_ml.release.open_store import open_store
from models_ml.release.publish import publish
from models_ml.release.signing import signing_key, verify_keys
from models_ml.release.store import Store
from models_ml.settings import load_settings

_BUCKET = "plateia-notebook"


@contextmanager
def local_bucket() -> Iterator[Store]:
    """A store in an S3 bucket of this machine only."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    # Its line for each request is no output of the notebook.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    host, port = server.get_host_and_port()
    before = dict(os.environ)
    os.environ.update(
        AWS_ENDPOINT_URL=f"http://{host}:{port}",
        AWS_ACCESS_KEY_ID="notebook",
        AWS_SECRET_ACCESS_KEY="notebook",  # noqa: S106 - moto takes any
        AWS_DEFAULT_REGION="us-east-1",
    )
    try:
        boto3.client("s3").create_bucket(Bucket=_BUCKET)
        yield open_store(f"s3://{_BUCKET}/releases")
    finally:
        os.environ.clear()
        os.environ.update(before)
        server.stop()


def publish_and_read_back(store: Store) -> pd.DataFrame:
    """Publish what was trained, load it again; a row for each object."""
    settings = load_settings()
    key = signing_key(settings)
    publish(settings.trained, store, key)
    with TemporaryDirectory() as cache:
        release = load_current(store, Path(cache), verify_keys(settings))
    objects = boto3.client("s3").list_objects_v2(Bucket=_BUCKET)["Contents"]
    return pd.DataFrame(
        {
            "objeto": Path(item["Key"]).name,
            "bytes": item["Size"],
            "lido de volta": (
                "sim" if release.version in item["Key"] else "ponteiro"
            ),
        }
        for item in objects
    )
