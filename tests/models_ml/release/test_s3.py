"""S3 over a socket: keys, checksums, and lines that fail."""

import hashlib
from pathlib import Path

import pytest

from models_ml.release.publish import PublishError, publish
from models_ml.release.s3 import S3Store
from models_ml.release.store import NotInStore, StoreError, TooLarge
from tests.models_ml.release.conftest import KEY
from tests.models_ml.release.s3_servers import (
    BUCKETS,
    Fault,
    S3Server,
    breaks_off,
    busy,
    drips,
    drips_headers,
    faulty_line,
    hangs,
    loses_answer,
    moved,
    no_length,
    says_yes,
    web_page,
)

CONTENT = b"some bytes " * 10_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


#: What is about our side of the line is tested with one server.
one_server = pytest.mark.parametrize("server", ["ministack"], indirect=True)


@pytest.fixture
def store(bucket: str) -> S3Store:
    return S3Store(f"s3://{bucket}/some/prefix")


def test_objects_lie_below_the_prefix(
    store: S3Store, server: S3Server, bucket: str
) -> None:
    store.put_new("releases/a/model.pkl", CONTENT, SHA256)
    listed = server.client().list_objects_v2(Bucket=bucket)["Contents"]
    assert [x["Key"] for x in listed] == ["some/prefix/releases/a/model.pkl"]


def test_a_prefix_may_be_left_out(server: S3Server, bucket: str) -> None:
    S3Store(f"s3://{bucket}").put_new("k", CONTENT, SHA256)
    listed = server.client().list_objects_v2(Bucket=bucket)["Contents"]
    assert [x["Key"] for x in listed] == ["k"]


def test_bytes_that_arrive_otherwise_are_not_stored(
    store: S3Store, server: S3Server
) -> None:
    if not server.checks_sums:
        pytest.skip(f"{server.name} stores bytes whose checksum is wrong")
    with pytest.raises(StoreError, match="refuses k"):
        store.put_new("k", CONTENT, "00" * 32)
    with pytest.raises(NotInStore):
        store.read("k", len(CONTENT))


def test_a_wrong_secret_key_is_refused(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not server.checks_keys:
        pytest.skip(f"{server.name} takes any key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreError, match="SignatureDoesNotMatch"):
        S3Store(f"s3://{bucket}").read("k", 10)


def test_a_bucket_that_is_not_the_users_is_refused(server: S3Server) -> None:
    if not server.checks_keys:
        pytest.skip(f"{server.name} takes any key")
    server.client().create_bucket(Bucket="of-others")
    with pytest.raises(StoreError, match=r"s3://of-others refuses k: Access"):
        S3Store("s3://of-others").put_new("k", CONTENT, SHA256)


def test_a_bucket_that_is_not_there_is_named(server: S3Server) -> None:
    del server
    store = S3Store(f"s3://{BUCKETS}nowhere")
    with pytest.raises(StoreError, match="nowhere refuses k: NoSuchBucket"):
        store.read("k", 10)


@one_server
def test_missing_credentials_are_named(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(StoreError, match="set AWS_ACCESS_KEY_ID"):
        S3Store(f"s3://{bucket}").read("k", 10)


@one_server
def test_a_server_that_is_not_there_is_named(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreError, match="does not answer for k"):
        S3Store(f"s3://{bucket}").read("k", 10)


@one_server
def test_a_busy_server_is_asked_again(
    store: S3Store,
    server: S3Server,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.put_new("k", CONTENT, SHA256)
    faults: list[Fault] = [busy, busy]
    with faulty_line(server, faults) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}/some/prefix")
        assert line.read("k", len(CONTENT)).content == CONTENT
    assert faults == []


@one_server
def test_a_server_that_stays_busy_is_given_up(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faulty_line(server, [busy] * 50) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        with pytest.raises(StoreError, match="refuses k: SlowDown"):
            S3Store(f"s3://{bucket}").put_new("k", CONTENT, SHA256)


@one_server
def test_an_answer_that_breaks_off_is_asked_for_again(
    store: S3Store,
    server: S3Server,
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.put_new("k", CONTENT, SHA256)
    faults: list[Fault] = [breaks_off, breaks_off]
    with faulty_line(server, faults) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}/some/prefix")
        line.fetch("k", tmp_path / "copy", len(CONTENT))
    assert (tmp_path / "copy").read_bytes() == CONTENT
    assert faults == []


@one_server
def test_answers_that_always_break_off_are_given_up(
    store: S3Store,
    server: S3Server,
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.put_new("k", CONTENT, SHA256)
    with faulty_line(server, [breaks_off] * 50) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}/some/prefix")
        with pytest.raises(StoreError, match="does not answer for k"):
            line.fetch("k", tmp_path / "copy", len(CONTENT))


@one_server
def test_a_pointer_whose_move_was_not_heard_of_has_moved(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[Fault] = [loses_answer]
    with faulty_line(server, faults) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}")
        assert line.replace("p", b"new", None)
    assert faults == []
    assert line_content(server, bucket, "p") == b"new"


@one_server
def test_a_server_that_hangs_is_given_up(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faulty_line(server, [hangs] * 50) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}", read_timeout=0.2)
        with pytest.raises(StoreError, match=r"does not answer.*timeout"):
            line.read("k", 10)


@one_server
@pytest.mark.parametrize(
    "fault", [drips, drips_headers, hangs], ids=lambda f: f.__name__
)
def test_one_deadline_ends_whatever_a_server_does(
    fault: Fault,
    server: S3Server,
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    S3Store(f"s3://{bucket}").put_new("k", CONTENT, SHA256)
    faults: list[Fault] = [fault] * 50
    with faulty_line(server, faults) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}")
        with (
            pytest.raises(StoreError, match=r"did not answer within 0\.5 s"),
            line.within(0.5),
        ):
            line.fetch("k", tmp_path / "copy", 10**9)
        # The next one is the next look's.
        faults.clear()
        with line.within(30):
            line.fetch("k", tmp_path / "copy", len(CONTENT))


@one_server
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (moved, "is elsewhere, and the server does not say where"),
        # A page for an answer to PUT is an error to boto3 already.
        (web_page, "without an ETag: is http.* an S3 server|refuses k: 500"),
    ],
    ids=["moved", "web_page"],
)
def test_a_server_that_is_not_the_one_meant_is_told(
    fault: Fault,
    told: str,
    server: S3Server,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with faulty_line(server, [fault] * 500) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}")
        with pytest.raises(StoreError, match=told):
            line.read("k", 100)
        with pytest.raises(StoreError, match=told):
            line.put_new("k", CONTENT, SHA256)
        with pytest.raises(StoreError, match=told):
            line.replace("k", CONTENT, None)


@one_server
@pytest.mark.parametrize("fault", [web_page, says_yes])
def test_publishing_into_nothing_is_told(
    fault: Fault,
    trained: Path,
    server: S3Server,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with faulty_line(server, [fault] * 100) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}")
        with pytest.raises((PublishError, StoreError), match="S3"):
            publish(trained, line, KEY)


@one_server
def test_an_answer_without_a_length_is_read(
    store: S3Store,
    server: S3Server,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.put_new("k", CONTENT, SHA256)
    with faulty_line(server, [no_length] * 2) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        line = S3Store(f"s3://{bucket}/some/prefix")
        assert line.read("k", len(CONTENT)).content == CONTENT
        with pytest.raises(TooLarge):
            line.read("k", 10)


@one_server
@pytest.mark.parametrize("endpoint", ["no url", "http://", "http://a b/"])
def test_a_bad_endpoint_is_told(
    endpoint: str,
    server: S3Server,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del server
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(StoreError, match=bucket):
        S3Store(f"s3://{bucket}").read("k", 100)


def line_content(server: S3Server, bucket: str, key: str) -> bytes:
    return server.client().get_object(Bucket=bucket, Key=key)["Body"].read()
