"""The running system that the video records: built, served and ended here.

Everything is on loopback, on free ports, in a folder of its own; what is
shown instead of those is what a reader would have: port 8000 and `var`.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "plateia"
ORIGIN = "http://127.0.0.1:8000"
"""Where the script says that the API is."""
READY_SECONDS = 60.0
PIECE, PACE = 65536, 0.04
"""Bytes and seconds: a local archive is served at the pace of a network."""


class NotServingError(RuntimeError):
    """A server that the video needs did not become ready."""


def free_port() -> int:
    """Find a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class System:
    """An S3 server and the API, for as long as the `with` block lasts."""

    def __init__(self, work: Path) -> None:
        self.home = work / "home"
        self.logs = work / "logs"
        self.scratch = work / "scratch"
        """Where commands run that leave files, as `pasta: rascunho`."""
        self.s3_port, self.api_port = free_port(), free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.api: subprocess.Popen[bytes] | None = None
        self.source = os.environ.get("MOVIELENS_SOURCE", "")
        self.archive: ThreadingHTTPServer | None = None

    @property
    def origin(self) -> str:
        """Where the API really is."""
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def s3(self) -> str:
        """Where the S3 server really is."""
        return f"http://127.0.0.1:{self.s3_port}"

    def environment(self) -> dict[str, str]:
        """What the recorded commands see; nothing of it is printed."""
        binaries = Path(sys.executable).parent
        return {
            **os.environ,
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "MOVIELENS_SOURCE": self.source,
            "PLATEIA_HOME": str(self.home),
            "PLATEIA_STORE": f"s3://{BUCKET}/prod",
            "PLATEIA_POLL_SECONDS": "1",
            "PLATEIA_WORKERS": "1",
            "AWS_ENDPOINT_URL": self.s3,
            "AWS_ACCESS_KEY_ID": "plateia",
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_DEFAULT_REGION": "us-east-1",
            "PORT": str(self.api_port),
            "DBT_TARGET_PATH": str(self.logs / "target"),
            "DBT_LOG_PATH": str(self.logs),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_PRINTER_WIDTH": "66",
        }

    def real(self, command: str) -> str:
        """Turn a command of the script into the one that is run."""
        return command.replace(ORIGIN, self.origin)

    def shown(self, text: str) -> str:
        """Turn what was printed into what a reader would see."""
        for real, shown in (
            (self.origin, ORIGIN),
            (self.s3, "https://s3.example.com"),
            (str(self.home), "var"),
            (str(ROOT), "~/plateia"),
        ):
            text = text.replace(real, shown)
        return text

    def __enter__(self) -> "System":
        """Start the S3 server, with an empty bucket.

        An archive that lies here is downloaded too, from a server of ours,
        so that the scene shows what a reader will see.
        """
        if Path(self.source).is_file():
            handler = partial(_Archive, Path(self.source))
            server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.archive = server
            self.source = f"http://127.0.0.1:{server.server_port}/ml-1m.zip"
        self.secret = secrets.token_hex(16)
        self.home.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(parents=True, exist_ok=True)
        self.scratch.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "moto.server"]
        self._start([*command, "-p", str(self.s3_port)], "s3")
        _await(f"{self.s3}/moto-api/data.json")
        make = (
            "import boto3; boto3.client('s3').create_bucket("
            f"Bucket='{BUCKET}')"
        )
        subprocess.run(
            [sys.executable, "-c", make], env=self.environment(), check=True
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what was started, in any case."""
        if self.archive:
            self.archive.shutdown()
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()

    def serve(self) -> None:
        """Start the API, once; it serves the release in the bucket.

        Publishes first: the bucket is new at each run, even if the scene
        that shows the publishing was recorded in an earlier one. The same
        trained models make the same release.
        """
        if self.api is None:
            subprocess.run(
                [sys.executable, "-m", "models_ml", "publish"],
                cwd=ROOT,
                env=self.environment(),
                check=True,
                capture_output=True,
            )
            self.api = self._start([sys.executable, "-m", "api"], "api")
            _await(f"{self.origin}/readyz")

    def _start(self, command: list[str], name: str) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process


class _Archive(BaseHTTPRequestHandler):
    """Sends one file, slowly enough to be seen coming."""

    def __init__(self, path: Path, *parts: Any) -> None:
        self.archive = path
        super().__init__(*parts)

    def do_GET(self) -> None:
        """Send the whole file."""
        content = self.archive.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for at in range(0, len(content), PIECE):
            self.wfile.write(content[at : at + PIECE])
            time.sleep(PACE)

    def log_message(self, *parts: Any) -> None:
        """Stay silent."""


def _await(address: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(address, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.2)
    raise NotServingError(f"nothing ready at {address}")
