"""S3 servers and a faulty line to them, over real sockets on loopback."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import boto3

LOCK = Path(__file__).with_name("ministack.lock")
REGION = "us-east-1"
#: Buckets that the test's user may use begin so.
BUCKETS = "plateia-"
_POLICY = """{
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow",
        "Action": [
            "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"
        ],
        "Resource": ["arn:aws:s3:::plateia-*", "arn:aws:s3:::plateia-*/*"]
    }]
}"""


@dataclass(frozen=True)
class S3Server:
    """Where a server listens, and whose keys it takes."""

    name: str
    endpoint: str
    root: tuple[str, str]
    user: tuple[str, str]

    @property
    def checks_sums(self) -> bool:
        """Moto stores bytes whose checksum is wrong."""
        return self.name == "ministack"

    @property
    def checks_keys(self) -> bool:
        return self.name == "ministack"

    def client(self, service: str = "s3") -> Any:
        """A client with all rights."""
        access_key, secret_key = self.root
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
        )

    def environment(self) -> dict[str, str]:
        """What a user of the server sets."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.user[0],
            "AWS_SECRET_ACCESS_KEY": self.user[1],
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def ministack(python: Path, folder: Path) -> Iterator[S3Server]:
    """ministack, which checks signatures and what a user may do."""
    port = _free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "AUTH": "true",
        "LOG_LEVEL": "WARNING",
    }
    with _running([str(python), "-m", "ministack"], port, folder, environment):
        endpoint = f"http://127.0.0.1:{port}"
        root = ("test", "test")
        server = S3Server("ministack", endpoint, root, root)
        iam = server.client("iam")
        iam.create_user(UserName="plateia")
        iam.put_user_policy(
            UserName="plateia", PolicyName="store", PolicyDocument=_POLICY
        )
        key = iam.create_access_key(UserName="plateia")["AccessKey"]
        user = (key["AccessKeyId"], key["SecretAccessKey"])
        yield S3Server("ministack", endpoint, root, user)


@contextmanager
def moto(folder: Path) -> Iterator[S3Server]:
    """Moto's server, which takes any key."""
    port = _free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1"]
    environment = os.environ | {"TMPDIR": str(folder)}
    with _running([*command, "-p", str(port)], port, folder, environment):
        key = ("any", "anything")
        yield S3Server("moto", f"http://127.0.0.1:{port}", key, key)


@contextmanager
def _running(
    command: list[str], port: int, folder: Path, environment: dict[str, str]
) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 60
        while not _listens(port):
            alive = process.poll() is None and time.monotonic() < deadline
            assert alive, log.read_text()
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


Fault = Callable[["FaultyHandler", "Answer | None"], bool]
"""Told the handler and the answer (None: before asking); True: it replied."""


class FaultyHandler(BaseHTTPRequestHandler):
    """Hands requests on to the server, unless a fault deals with them."""

    protocol_version = "HTTP/1.1"
    endpoint: str
    faults: list[Fault]

    def handle_any(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        fault = self.faults.pop(0) if self.faults else None
        if fault and fault(self, None):
            return
        answer = self._ask(body)
        if not (fault and fault(self, answer)):
            self.send(answer, answer.body)

    do_GET = do_PUT = do_HEAD = handle_any  # noqa: N815

    def _ask(self, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.endpoint).netloc)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() != "expect"
        }
        connection.request(self.command, self.path, body, headers)
        response = connection.getresponse()
        answer = Answer(
            response.status, response.getheaders(), response.read()
        )
        connection.close()
        return answer

    def send(self, answer: Answer, body: bytes) -> None:
        """The answer's head, and as much of its body as given."""
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() not in {"content-length", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(body)
        if len(body) < len(answer.body):
            self.close_connection = True

    def drip(self) -> None:
        """A byte now and then, until nobody listens."""
        with suppress(OSError):
            while True:
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        pass


def busy(handler: FaultyHandler, answer: Answer | None) -> bool:
    """The server says that it has too much to do."""
    if answer is None:
        body = b"<Error><Code>SlowDown</Code><Message>later</Message></Error>"
        handler.send(Answer(503, [], body), body)
    return True


def breaks_off(handler: FaultyHandler, answer: Answer | None) -> bool:
    """The line breaks in the middle of the answer."""
    if answer is not None:
        handler.send(answer, answer.body[: len(answer.body) // 2])
    return answer is not None


def loses_answer(handler: FaultyHandler, answer: Answer | None) -> bool:
    """The server did what was asked, and nobody hears of it."""
    if answer is not None:
        handler.close_connection = True
    return answer is not None


def hangs(handler: FaultyHandler, answer: Answer | None) -> bool:
    """Nothing comes, longer than anyone waits."""
    if answer is None:
        time.sleep(1.5)
        handler.close_connection = True
    return True


def drips(handler: FaultyHandler, answer: Answer | None) -> bool:
    """The answer's body comes a byte at a time, for ever."""
    if answer is not None:
        handler.send_response_only(answer.status)
        handler.send_header("ETag", '"drip"')
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.drip()
    return answer is not None


def drips_headers(handler: FaultyHandler, answer: Answer | None) -> bool:
    """So do its headers."""
    if answer is not None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        handler.drip()
    return answer is not None


def moved(handler: FaultyHandler, answer: Answer | None) -> bool:
    """The bucket is in another region."""
    if answer is None:
        body = (
            b"<Error><Code>PermanentRedirect</Code><Message>elsewhere"
            b"</Message></Error>"
        )
        handler.send(Answer(301, [], body), body)
    return True


def web_page(handler: FaultyHandler, answer: Answer | None) -> bool:
    """A server of another kind, which answers everything with a page."""
    if answer is None:
        body = b"<!doctype html><title>Welcome</title>"
        headers = [("Content-Type", "text/html")]
        handler.send(Answer(200, headers, body), body)
    return True


def says_yes(handler: FaultyHandler, answer: Answer | None) -> bool:
    """So does one that stores nothing."""
    if answer is None:
        handler.send(Answer(200, [("ETag", '"yes"')], b""), b"")
    return True


def no_length(handler: FaultyHandler, answer: Answer | None) -> bool:
    """The answer ends where the connection does."""
    if answer is not None:
        handler.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() != "content-length":
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body)
        handler.close_connection = True
    return answer is not None


class _Line(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: that clients go away is what faults are about."""


@contextmanager
def faulty_line(server: S3Server, faults: list[Fault]) -> Iterator[str]:
    """An endpoint before the server; each request meets the next fault."""

    class Handler(FaultyHandler):
        endpoint = server.endpoint

    Handler.faults = faults
    line = _Line(("127.0.0.1", 0), Handler)
    line.daemon_threads = True
    thread = Thread(target=line.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{line.server_port}"
    finally:
        line.shutdown()
        thread.join()
        line.server_close()
